package lake

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// part is a Parquet file that holds the rows of one data set.
type part struct {
	file  string
	blobs []Blob
}

// staged is a data set in the making.
type staged struct {
	key   string
	table string
	parts []part
}

// stage writes every row of every file into Parquet files of its data set, and says what changes by them.
func (im *importing) stage(ctx context.Context) (change, error) {
	sets := map[string]*staged{}
	var rows []*incoming
	for _, f := range im.files {
		done, err := im.tryBulk(ctx, f, sets)
		if err != nil {
			return change{}, err
		}
		if !done {
			rows = append(rows, f)
		}
	}
	if err := im.stageRows(ctx, rows, sets); err != nil {
		return change{}, err
	}
	for _, f := range im.files {
		im.report.Files = append(im.report.Files, FileReport{Name: f.src.Name, Kind: f.src.Kind, Format: f.src.Format, Rows: f.rows, Bulk: f.bulk,
			Notes: append(slices.Clone(f.src.Notes), f.report.Notes...)})
	}
	return im.changes(ctx, sets)
}

// tryBulk reads a usage file by SQL, and says whether it could.
func (im *importing) tryBulk(ctx context.Context, f *incoming, sets map[string]*staged) (bool, error) {
	first, ok := firstRow(ctx, f.src)
	if !ok || !im.l.bulkKey(f.src, first) {
		return false, nil
	}
	rel, err := im.l.newFile(ingest.TableUsage, im.id, im.next())
	if err != nil {
		return false, err
	}
	st := at(sets, first.Set, ingest.TableUsage)
	im.l.cfg.Progress("import "+f.src.Name, 0, f.src.Bytes, "bytes")
	if err := im.l.writeParquet(ctx, ingest.TableUsage, im.l.bulkSelect(f.src, first.Set, len(st.parts)), rel); err != nil {
		if ctx.Err() != nil {
			return false, err
		}
		if len(st.parts) == 0 {
			delete(sets, first.Set)
		}
		if err := os.Remove(im.l.path(rel)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return false, fmt.Errorf("import %s: %w", f.src.Name, err)
		}
		return false, nil
	}
	n, err := im.l.count(ctx, rel)
	if err != nil {
		return false, err
	}
	f.bulk, f.rows, f.keys = true, n, []string{first.Set}
	st.parts = append(st.parts, part{rel, []Blob{{Name: f.src.Name, SHA256: f.src.SHA256, Bytes: f.src.Bytes, Rows: n}}})
	im.l.cfg.Progress("import "+f.src.Name, f.src.Bytes, f.src.Bytes, "bytes")
	im.l.cfg.FailPoint("wrote " + f.src.Name)
	return true, nil
}

func (im *importing) next() int { im.parts++; return im.parts }

func at(sets map[string]*staged, key, table string) *staged {
	st := sets[key]
	if st == nil {
		st = &staged{key: key, table: table}
		sets[key] = st
	}
	return st
}

// firstRow is the file's first good row, and false when there is none.
func firstRow(ctx context.Context, src *ingest.Source) (ingest.Row, bool) {
	for row, err := range src.Rows(ctx, nil) {
		if err == nil {
			return row.Clone(), true
		}
	}
	return ingest.Row{}, false
}

// stageRows reads files row by row into DuckDB, then writes the rows of each data set into a file of its own.
func (im *importing) stageRows(ctx context.Context, files []*incoming, sets map[string]*staged) error {
	byTable := map[string][]*incoming{}
	for _, f := range files {
		table := f.src.Schema().Table
		byTable[table] = append(byTable[table], f)
	}
	for _, table := range slices.Sorted(maps.Keys(byTable)) {
		if err := im.fill(ctx, table, byTable[table]); err != nil {
			return err
		}
	}
	if err := im.refuse(); err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(byTable)) {
		if err := im.drain(ctx, table, byTable[table], sets); err != nil {
			return err
		}
	}
	return nil
}

// fill puts the rows of the files into a staging table. Faults are gathered; the rows around them do not matter then.
func (im *importing) fill(ctx context.Context, table string, files []*incoming) error {
	conn, err := im.l.engine.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("stage %s: %w", table, err)
	}
	defer conn.Close() //nolint:errcheck // back to the pool
	if _, err := conn.ExecContext(ctx, im.l.stagingTable(table)); err != nil {
		return fmt.Errorf("stage %s: %w", table, err)
	}
	return conn.Raw(func(raw any) error { //nolint:wrapcheck // wrapped within
		a, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", "stage_"+table) //nolint:forcetypeassert // it is DuckDB's
		if err != nil {
			return fmt.Errorf("stage %s: %w", table, err)
		}
		for n, f := range files {
			if err := im.append(ctx, a, n, f); err != nil {
				return errors.Join(err, a.Close())
			}
		}
		if err := a.Close(); err != nil {
			return fmt.Errorf("stage %s: %w", table, err)
		}
		return nil
	})
}

// stagingTable holds rows with their data set and file; decimals are text until they are copied.
func (l *Lake) stagingTable(table string) string {
	var cols []string
	for _, c := range l.layouts[table].columns {
		switch {
		case c.name == "grp" || c.name == "grp2":
		case strings.HasPrefix(c.duck, "DECIMAL"):
			cols = append(cols, c.name+" VARCHAR")
		default:
			cols = append(cols, c.name+" "+c.duck)
		}
	}
	return "CREATE OR REPLACE TABLE stage_" + table + " (" + strings.Join(cols, ", ") + ")"
}

// append adds one file's rows; blob is the file's ordinal among the table's files until drain counts per data set.
func (im *importing) append(ctx context.Context, a *duckdb.Appender, ordinal int, f *incoming) error {
	cells := make([]driver.Value, len(prefix)+len(f.src.Schema().Columns))
	seen := map[string]bool{}
	for row, err := range f.src.Rows(ctx, &f.report) {
		if err != nil {
			if err := im.fault(err); err != nil {
				return err
			}
			continue
		}
		if len(im.fields) > 0 {
			continue // only looking for further faults
		}
		if !seen[row.Set] {
			seen[row.Set] = true
			f.keys = append(f.keys, row.Set)
		}
		cells[0], cells[1], cells[2] = row.Set, int32(ordinal), row.Line //nolint:gosec // few files
		for i := range row.Values {
			cells[len(prefix)+i] = cellOf(&row.Values[i])
		}
		if err := a.AppendRow(cells...); err != nil {
			return fmt.Errorf("stage %s line %d: %w", f.src.Name, row.Line, err)
		}
		f.rows++
		if f.rows%50_000 == 0 {
			im.l.cfg.Progress("read "+f.src.Name, f.rows, 0, "rows")
		}
	}
	return nil
}

func cellOf(v *ingest.Value) driver.Value {
	switch v.Type() {
	case ingest.Null:
		return nil
	case ingest.Date:
		return v.Date().Time()
	case ingest.Timestamp:
		return v.Time()
	case ingest.Int:
		return v.Int()
	case ingest.Bool:
		return v.Bool()
	default:
		return v.Text()
	}
}

// drain writes each data set of a staging table into a file, its blobs counted from the parts that are there already.
func (im *importing) drain(ctx context.Context, table string, files []*incoming, sets map[string]*staged) error {
	keys := map[string][]int{}
	for n, f := range files {
		for _, k := range f.keys {
			keys[k] = append(keys[k], n)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		rel, err := im.l.newFile(table, im.id, im.next())
		if err != nil {
			return err
		}
		st := at(sets, key, table)
		base, p := len(st.parts), part{file: rel}
		renumber := "CASE blob"
		for i, n := range keys[key] {
			f := files[n]
			rows, err := im.countStaged(ctx, table, key, n)
			if err != nil {
				return err
			}
			p.blobs = append(p.blobs, Blob{Name: f.src.Name, SHA256: f.src.SHA256, Bytes: f.src.Bytes, Rows: rows})
			renumber += fmt.Sprintf(" WHEN %d THEN %d", n, base+i)
		}
		query := "SELECT * REPLACE (CAST(" + renumber + " END AS INTEGER) AS blob" + im.l.casts(table) + ") FROM stage_" + table +
			" WHERE data_set = " + quote(key) + " ORDER BY blob, line"
		if table == ingest.TableUsage {
			query = "SELECT *, " + groupHash("hash") + " AS grp, " + groupHash("hash2") + " AS grp2 FROM (" + query + ")"
		}
		if err := im.l.writeParquet(ctx, table, query, rel); err != nil {
			return err
		}
		st.parts = append(st.parts, p)
		im.l.cfg.FailPoint("wrote " + key)
	}
	return im.l.engine.exec(ctx, "DROP TABLE stage_"+table)
}

func (l *Lake) casts(table string) string {
	var b strings.Builder
	for _, c := range l.layouts[table].columns {
		if strings.HasPrefix(c.duck, "DECIMAL") {
			fmt.Fprintf(&b, ", CAST(%s AS %s) AS %s", c.name, c.duck, c.name)
		}
	}
	return b.String()
}

func (im *importing) countStaged(ctx context.Context, table, key string, ordinal int) (int64, error) {
	var n int64
	err := im.l.engine.db.QueryRowContext(ctx, "SELECT count(*) FROM stage_"+table+" WHERE data_set = ? AND blob = ?", key, ordinal).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count rows of %s: %w", key, err)
	}
	return n, nil
}

// count is the number of rows of a Parquet file, from its footer.
func (l *Lake) count(ctx context.Context, rel string) (int64, error) {
	var n int64
	err := l.engine.db.QueryRowContext(ctx, "SELECT count(*) FROM "+readParquet([]string{l.path(rel)}, false)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count rows of %s: %w", rel, err)
	}
	return n, nil
}

// changes compares what is staged with what is current, and keeps what differs.
func (im *importing) changes(ctx context.Context, sets map[string]*staged) (change, error) {
	c := change{Out: map[string][]string{}, In: map[string][]string{}}
	current, err := im.l.cfg.Journal.CurrentDataSets(ctx)
	if err != nil {
		return c, fmt.Errorf("compare with what is there: %w", err)
	}
	before := map[string]DataSet{}
	for _, d := range current {
		before[d.Key] = d
	}
	for _, key := range slices.Sorted(maps.Keys(sets)) {
		st := sets[key]
		if err := im.sameRows(ctx, st); err != nil {
			return c, err
		}
		old, known := before[key]
		d := st.dataSet(im.id)
		if known && old.Hash == d.Hash {
			im.report.DataSets = append(im.report.DataSets, SetReport{Key: key, Outcome: Unchanged, Version: old.Version, Rows: old.Rows, RowsBefore: old.Rows,
				Amounts: old.Amounts, AmountsBefore: old.Amounts, Blobs: old.Blobs})
			continue
		}
		if err := im.l.describe(ctx, &d); err != nil {
			return c, err
		}
		d.Version, d.ImportedAt, d.Current = old.Version+1, im.l.cfg.Clock(), true
		c.In[d.Table] = append(c.In[d.Table], d.Files...)
		c.Out[d.Table] = append(c.Out[d.Table], old.Files...)
		r := SetReport{Key: key, Outcome: Added, Version: d.Version, Rows: d.Rows, Amounts: d.Amounts, Blobs: d.Blobs}
		if known {
			r.Outcome, r.RowsBefore, r.AmountsBefore = Replaced, old.Rows, old.Amounts
		}
		im.report.DataSets = append(im.report.DataSets, r)
		c.Sets = append(c.Sets, d)
		if d.Table == ingest.TableUsage {
			g, err := im.groups(ctx, d)
			if err != nil {
				return c, err
			}
			c.In[tableGroup] = append(c.In[tableGroup], g.Files...)
			c.Out[tableGroup] = append(c.Out[tableGroup], before[g.Key].Files...)
			g.Version, g.ImportedAt, g.Current = before[g.Key].Version+1, im.l.cfg.Clock(), true
			c.Sets = append(c.Sets, g)
		}
	}
	return c, nil
}

// dataSet is the version that the staged parts make. Its hash is over what the blobs hold, in any order.
func (st *staged) dataSet(importID string) DataSet {
	d := DataSet{Key: st.key, Table: st.table, ImportID: importID}
	var hashes []string
	for _, p := range st.parts {
		d.Files = append(d.Files, p.file)
		d.Blobs = append(d.Blobs, p.blobs...)
		for _, b := range p.blobs {
			hashes = append(hashes, b.SHA256)
		}
	}
	sort.Strings(hashes)
	d.Hash = id.Hash("set", hashes...)
	return d
}

// sameRows drops a part whose rows are those of another: the same usage as CSV and as JSON lines in one command.
func (im *importing) sameRows(ctx context.Context, st *staged) error {
	if st.table != ingest.TableUsage || len(st.parts) == 1 && len(st.parts[0].blobs) == 1 {
		return nil
	}
	type signature struct {
		rows int64
		sum  string
	}
	seen := map[signature]string{}
	for i := 0; i < len(st.parts); i++ {
		p := st.parts[i]
		if len(p.blobs) != 1 {
			if err := im.sameBlobs(ctx, st, i); err != nil {
				return err
			}
			continue
		}
		var s signature
		if err := im.l.engine.db.QueryRowContext(ctx, "SELECT count(*), CAST(sum("+rowHash+") AS VARCHAR) FROM "+
			readParquet([]string{im.l.path(p.file)}, false)).Scan(&s.rows, &s.sum); err != nil {
			return fmt.Errorf("compare blobs of %s: %w", st.key, err)
		}
		if name, twice := seen[s]; twice {
			im.note("duplicate: %s holds the same rows as %s and is counted once", p.blobs[0].Name, name)
			st.parts = slices.Delete(st.parts, i, i+1)
			i--
			continue
		}
		seen[s] = p.blobs[0].Name
	}
	return nil
}

// sameBlobs does the same within a part that several blobs share.
func (im *importing) sameBlobs(ctx context.Context, st *staged, i int) error {
	p := &st.parts[i]
	rows, err := im.l.engine.db.QueryContext(ctx, "SELECT blob, count(*), CAST(sum("+rowHash+") AS VARCHAR) FROM "+
		readParquet([]string{im.l.path(p.file)}, false)+" GROUP BY blob ORDER BY blob")
	if err != nil {
		return fmt.Errorf("compare blobs of %s: %w", st.key, err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	seen, twice := map[string]int{}, []int{}
	for rows.Next() {
		var blob int
		var n int64
		var sum sql.NullString
		if err := rows.Scan(&blob, &n, &sum); err != nil {
			return fmt.Errorf("compare blobs of %s: %w", st.key, err)
		}
		k := fmt.Sprintf("%d|%s", n, sum.String)
		if _, ok := seen[k]; ok {
			twice = append(twice, blob)
			im.note("duplicate: %s holds the same rows as %s and is counted once", p.blobs[blob-i].Name, p.blobs[seen[k]-i].Name)
		} else {
			seen[k] = blob
		}
	}
	if err := rows.Err(); err != nil || len(twice) == 0 {
		return err //nolint:wrapcheck // rarely anything but a cancelled context
	}
	rel, err := im.l.newFile(st.table, im.id, im.next())
	if err != nil {
		return err
	}
	query := "SELECT * FROM " + readParquet([]string{im.l.path(p.file)}, false) + " WHERE blob NOT IN (" + strings.Trim(fmt.Sprint(twice), "[]") + ")"
	query = strings.ReplaceAll(query, " NOT IN ("+strings.Trim(fmt.Sprint(twice), "[]")+")", " NOT IN ("+joinInts(twice)+")")
	if err := im.l.writeParquet(ctx, st.table, query, rel); err != nil {
		return err
	}
	if err := os.Remove(im.l.path(p.file)); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	p.file = rel
	return nil
}

func joinInts(list []int) string {
	text := make([]string, len(list))
	for i, n := range list {
		text[i] = fmt.Sprint(n)
	}
	return strings.Join(text, ", ")
}

// rowHash tells usage rows apart by what all spellings of a file have.
const rowHash = `CAST(hash(customer_id, subscription_id, entitlement_id, product_id, sku_id, availability_id, meter_id, usage_date, quantity,
	billing_pretax_total, unit_price, resource_uri, pec_percent) AS HUGEINT)`
