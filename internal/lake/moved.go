package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	"github.com/apache/iceberg-go/table"
)

// Iceberg names files by absolute paths, the records by paths within the lake. So the records stay true when a data
// folder is copied, moved or restored elsewhere, and Iceberg's tables are made anew there from what the records name:
// the first write must not go on in the folder of the original.

// load opens a table, making it on first use, and anew where its own is another folder's.
func (t *tables) load(ctx context.Context, l layout) (*table.Table, error) {
	id := table.Identifier{namespace, l.name}
	location := fileURI(filepath.Join(t.dir, l.name))
	tbl, err := t.catalog.LoadTable(ctx, id)
	gone := errors.Is(err, fs.ErrNotExist)
	if gone || err == nil && tbl.Location() != location {
		if err := t.catalog.DropTable(ctx, id); err != nil {
			return nil, fmt.Errorf("leave the old folder of table %s: %w", l.name, err)
		}
		err = catalog.ErrNoSuchTable
	}
	if errors.Is(err, catalog.ErrNoSuchTable) {
		tbl, err = t.catalog.CreateTable(ctx, id, l.schema(), catalog.WithPartitionSpec(l.partition()), catalog.WithLocation(location))
	}
	if err != nil {
		return nil, fmt.Errorf("open table %s: %w", l.name, err)
	}
	if tbl.CurrentSnapshot() != nil {
		return tbl, nil
	}
	return t.refill(ctx, tbl, l)
}

// refill gives an empty table the files that the records name as its own.
func (t *tables) refill(ctx context.Context, tbl *table.Table, l layout) (*table.Table, error) {
	files, err := t.held(ctx, l.name)
	if err != nil || len(files) == 0 {
		return tbl, err
	}
	tx := tbl.NewTransaction()
	if err := tx.ReplaceDataFiles(ctx, nil, t.uris(files), iceberg.Properties{}); err != nil {
		return nil, fmt.Errorf("fill table %s from the records: %w", l.name, err)
	}
	if tbl, err = tx.Commit(ctx); err != nil {
		return nil, fmt.Errorf("fill table %s from the records: %w", l.name, err)
	}
	return tbl, nil
}

// heldFiles are the files of a table's data sets that are current in the records.
func (l *Lake) heldFiles(ctx context.Context, table string) ([]string, error) {
	sets, err := l.cfg.Journal.CurrentDataSets(ctx)
	if err != nil {
		return nil, fmt.Errorf("list data sets: %w", err)
	}
	var files []string
	for _, d := range sets {
		if d.Table == table {
			files = append(files, d.Files...)
		}
	}
	return files, nil
}
