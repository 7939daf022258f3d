package lake

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// write puts a data set's staged rows into a Parquet file, in the order in which they were staged: file by file, line by
// line. From here on a row's blob is its file's position in the data set; those that were read in bulk stand first and
// have theirs already.
func (im *importing) write(ctx context.Context, st *staged) error {
	renumber := ""
	for i, b := range st.blobs {
		if b.parquet == "" {
			renumber += fmt.Sprintf(" WHEN %d THEN %d", b.ordinal, i)
		} else {
			st.files = append(st.files, b.parquet)
		}
	}
	if renumber == "" {
		return nil
	}
	rel, err := im.l.newFile(st.table, im.id, im.next())
	if err != nil {
		return err
	}
	query := "SELECT * REPLACE (CAST(CASE blob" + renumber + " END AS INTEGER) AS blob" + im.l.casts(st.table) + ") FROM (" + im.staged(st) + ")"
	if err := im.l.writeParquet(ctx, st.table, query, rel); err != nil {
		return err
	}
	st.files = append(st.files, rel)
	im.l.cfg.FailPoint("wrote " + st.key)
	return nil
}

// staged is a query for the rows of a data set's blobs in the staging table.
func (im *importing) staged(st *staged) string {
	var ordinals []string
	for _, b := range st.blobs {
		if b.parquet == "" {
			ordinals = append(ordinals, strconv.Itoa(b.ordinal))
		}
	}
	return "SELECT * FROM " + stageName(st.table) + " WHERE data_set = " + quote(st.key) + " AND blob IN (" + strings.Join(ordinals, ", ") + ")"
}

func (l *Lake) casts(table string) string {
	var b strings.Builder
	for _, c := range l.layouts[table].columns {
		if strings.HasPrefix(c.duck, "DECIMAL") {
			fmt.Fprintf(&b, ", %s AS %s", castOf(c), c.name)
		}
	}
	return b.String()
}

// castOf is a column as its own type, whether it is staged as text or written already.
func castOf(c column) string { return "CAST(" + c.name + " AS " + c.duck + ")" }

// count is the number of rows of a Parquet file, from its footer.
func (l *Lake) count(ctx context.Context, rel string) (int64, error) {
	var n int64
	err := l.engine.db.QueryRowContext(ctx, "SELECT count(*) FROM "+readParquet([]string{l.path(rel)}, false)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count rows of %s: %w", rel, err)
	}
	return n, nil
}
