package lake

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Rows are never told apart by their content within a file (two equal rows are two), but the same rows in two files
// of one data set are one thing that is here twice: a copy, or another spelling.

// once drops what a data set has twice: files with equal rows, and the same rows in another format.
func (im *importing) once(ctx context.Context, st *staged) error {
	if len(st.blobs) < 2 {
		return nil
	}
	if err := im.onceByFile(ctx, st); err != nil {
		return err
	}
	if spelled[st.table] == nil {
		return nil
	}
	return im.onceByFormat(ctx, st)
}

// onceByFile drops a file whose rows are those of another in every column.
func (im *importing) onceByFile(ctx context.Context, st *staged) error {
	sums := map[string]*stagedBlob{}
	var keep []*stagedBlob
	for _, b := range st.blobs {
		if !slices.ContainsFunc(st.blobs, func(o *stagedBlob) bool { return o != b && o.rows == b.rows }) {
			keep = append(keep, b)
			continue
		}
		sum, err := im.signature(ctx, st, b)
		if err != nil {
			return err
		}
		if first, twice := sums[sum]; twice {
			im.twice(b.name(), "the same rows as", first.name())
			if err := im.forget(b); err != nil {
				return err
			}
			continue
		}
		sums[sum] = b
		keep = append(keep, b)
	}
	st.blobs = keep
	return nil
}

// signature is equal for equal rows in any order.
func (im *importing) signature(ctx context.Context, st *staged, b *stagedBlob) (string, error) {
	if b.sum != "" {
		return b.sum, nil
	}
	query := "SELECT concat(count(*), ' ', sum(CAST(" + rowHash(st.table, nil) + " AS HUGEINT))) FROM (" + im.rowsOf(st, b) + ")"
	if err := im.l.engine.db.QueryRowContext(ctx, query).Scan(&b.sum); err != nil {
		return "", fmt.Errorf("compare the files of %s: %w", st.key, err)
	}
	return b.sum, nil
}

// rowHash is a hash of a row's columns, all that its file tells when only is nil.
func rowHash(table string, only []string) string {
	var cols []string
	for _, c := range told(table) {
		if only == nil || slices.Contains(only, c.name) {
			cols = append(cols, castOf(c))
		}
	}
	return "hash(" + strings.Join(cols, ", ") + ")"
}

// rowsOf is a query for the rows of blobs.
func (im *importing) rowsOf(st *staged, blobs ...*stagedBlob) string {
	parts := make([]string, len(blobs))
	for i, b := range blobs {
		parts[i] = im.staged(&staged{key: st.key, table: st.table, blobs: []*stagedBlob{b}})
		if b.parquet != "" {
			parts[i] = "SELECT * FROM " + readParquet([]string{im.l.path(b.parquet)}, false)
		}
		if st.table == ingest.TableUsage {
			parts[i] = whole(parts[i])
		}
	}
	return strings.Join(parts, " UNION ALL BY NAME ")
}

// forget drops a blob that counts nowhere.
func (im *importing) forget(b *stagedBlob) error {
	if b.parquet == "" {
		return nil
	}
	if err := os.Remove(im.l.path(b.parquet)); err != nil {
		return fmt.Errorf("import %s: %w", b.name(), err)
	}
	return nil
}
