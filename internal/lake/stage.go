package lake

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/id"
)

// staged is a data set in the making.
type staged struct {
	key   string
	table string
	blobs []*stagedBlob
	files []string // Parquet files that are written, relative to the lake
	known bool     // its content is what it was; nothing is kept
}

// stagedBlob is what one file holds of one data set. Its rows are in a Parquet file of their own if they were read in
// bulk, otherwise in the table's staging table until they are written.
type stagedBlob struct {
	of      *incoming
	rows    int64
	parquet string // relative to the lake; "" while staged
	ordinal int    // of the file, in the staging table
	sum     string // of its rows, once they were compared
}

func (b *stagedBlob) name() string { return b.of.src.Name }

// stage writes every row of every file into Parquet files of its data set, and says what changes by them.
func (im *importing) stage(ctx context.Context) (change, error) {
	defer im.closeHeads(ctx)
	sets, err := im.stageSets(ctx)
	if err != nil {
		return change{}, err
	}
	for _, f := range im.files {
		im.report.Files = append(im.report.Files, FileReport{
			Name: f.src.Name, Kind: f.src.Kind, Format: f.src.Format, Rows: f.rows, Bulk: f.bulk,
			Notes: append(slices.Clone(f.src.Notes), f.report.Notes...),
		})
		if f.rows == 0 {
			im.note("%s holds no rows", f.src.Name)
		}
	}
	return im.changes(ctx, sets)
}

// stageSets makes the data sets that the files hold, by key.
func (im *importing) stageSets(ctx context.Context) (map[string]*staged, error) {
	current, err := im.l.cfg.Journal.CurrentDataSets(ctx)
	if err != nil {
		return nil, fmt.Errorf("see what is there: %w", err)
	}
	im.before = make(map[string]DataSet, len(current))
	for _, d := range current {
		im.before[d.Key] = d
	}
	if err := im.openHeads(ctx); err != nil {
		return nil, err
	}
	sets := map[string]*staged{}
	byTable := map[string][]*incoming{}
	for _, f := range im.files {
		done, err := im.tryBulk(ctx, f, sets)
		if err != nil {
			return nil, err
		}
		if !done {
			table := f.src.Schema().Table
			byTable[table] = append(byTable[table], f)
		}
	}
	return sets, im.stageRows(ctx, byTable, sets)
}

// stageRows reads files row by row into staging tables. Only when none of them has a fault are their rows written.
func (im *importing) stageRows(ctx context.Context, byTable map[string][]*incoming, sets map[string]*staged) error {
	tables := slices.Sorted(maps.Keys(byTable))
	defer func() {
		for _, table := range tables {
			_ = im.l.engine.exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+stageName(table)) // only memory is lost
		}
	}()
	for _, table := range tables {
		if err := im.fill(ctx, table, byTable[table]); err != nil {
			return err
		}
	}
	if im.faults.none() {
		if err := im.settle(ctx, byTable); err != nil {
			return err
		}
	}
	if err := im.faults.refusal(); err != nil {
		return err
	}
	for _, table := range tables {
		if err := im.gather(ctx, table, byTable[table], sets); err != nil {
			return err
		}
	}
	return im.keepSets(ctx, sets)
}

// keepSets writes the data sets, once all of them hold everything once.
func (im *importing) keepSets(ctx context.Context, sets map[string]*staged) error {
	for _, key := range slices.Sorted(maps.Keys(sets)) {
		if err := im.once(ctx, sets[key]); err != nil {
			return err
		}
	}
	if err := im.faults.refusal(); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(sets)) {
		if err := im.keep(ctx, sets[key]); err != nil {
			return err
		}
	}
	return nil
}

// keep writes a data set's rows, unless they are here already.
func (im *importing) keep(ctx context.Context, st *staged) error {
	if old := im.before[st.key]; old.Hash != st.hash() {
		return im.write(ctx, st)
	}
	st.known = true
	for _, b := range st.blobs {
		if err := im.forget(b); err != nil {
			return err
		}
	}
	return nil
}

// gather adds to each data set what the staging table holds of it.
func (im *importing) gather(ctx context.Context, table string, files []*incoming, sets map[string]*staged) error {
	rows, err := im.l.engine.db.QueryContext(ctx, "SELECT data_set, blob, count(*) FROM "+stageName(table)+" GROUP BY data_set, blob ORDER BY data_set, blob")
	if err != nil {
		return fmt.Errorf("count staged rows of %s: %w", table, err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var key string
		var b stagedBlob
		if err := rows.Scan(&key, &b.ordinal, &b.rows); err != nil {
			return fmt.Errorf("count staged rows of %s: %w", table, err)
		}
		b.of = files[b.ordinal]
		st := at(sets, key, table)
		st.blobs = append(st.blobs, &b)
	}
	return rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
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

// dataSet is the version that the staged files make.
func (st *staged) dataSet(importID string) DataSet {
	d := DataSet{Key: st.key, Table: st.table, ImportID: importID, Files: st.files, Hash: st.hash()}
	for _, b := range st.blobs {
		src := b.of.src
		d.Blobs = append(d.Blobs, Blob{Name: src.Name, SHA256: src.SHA256, Bytes: src.Bytes, Rows: b.rows})
	}
	return d
}

// hash is over what the blobs hold, in any order.
func (st *staged) hash() string {
	hashes := make([]string, len(st.blobs))
	for i, b := range st.blobs {
		hashes[i] = b.of.src.SHA256
	}
	slices.Sort(hashes)
	return id.Hash("set", hashes...)
}
