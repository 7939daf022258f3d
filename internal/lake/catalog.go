package lake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	icesql "github.com/apache/iceberg-go/catalog/sql"
	_ "github.com/apache/iceberg-go/io" // registers the local file system
	"github.com/apache/iceberg-go/table"
)

const namespace = "chandler"

// intentProperty marks the snapshots that an intent made, so that a start after a crash can tell what is done.
const intentProperty = "chandler.intent"

// tables is the Iceberg side of the lake: snapshots in the records database, files on disk.
type tables struct {
	catalog *icesql.Catalog
	dir     string
	held    func(ctx context.Context, table string) ([]string, error) // its files by the records
}

func openTables(ctx context.Context, records *sql.DB, dialect, dir string) (*tables, error) {
	d := icesql.SQLite
	if dialect == "postgres" {
		d = icesql.Postgres
	}
	c, err := icesql.NewCatalog("chandler", records, d, iceberg.Properties{"warehouse": fileURI(dir)})
	if err != nil {
		return nil, fmt.Errorf("open the lake's catalog: %w", err)
	}
	t := &tables{catalog: c, dir: dir}
	ok, err := c.CheckNamespaceExists(ctx, table.Identifier{namespace})
	if err != nil {
		return nil, fmt.Errorf("open the lake's catalog: %w", err)
	}
	if !ok {
		if err := c.CreateNamespace(ctx, table.Identifier{namespace}, nil); err != nil {
			return nil, fmt.Errorf("make the lake's namespace: %w", err)
		}
	}
	return t, nil
}

// commitAttempts bounds the retries of a commit that another writer overtook.
const commitAttempts = 5

// replace takes files out of a table and puts others in, in one snapshot that carries the intent. A snapshot of the
// intent that is there already is returned as it is, so that a second try after a crash changes nothing.
func (t *tables) replace(ctx context.Context, l layout, intent string, out, in []string) (int64, error) {
	var last error
	for range commitAttempts {
		tbl, err := t.load(ctx, l)
		if err != nil {
			return 0, err
		}
		if id, done := snapshotOf(tbl, intent); done {
			return id, nil
		}
		tx := tbl.NewTransaction()
		if err := tx.ReplaceDataFiles(ctx, t.uris(out), t.uris(in), iceberg.Properties{intentProperty: intent}); err != nil {
			return 0, fmt.Errorf("replace files of %s: %w", l.name, err)
		}
		done, err := tx.Commit(ctx)
		if err == nil {
			return done.CurrentSnapshot().SnapshotID, nil
		}
		last = err
	}
	return 0, fmt.Errorf("commit %s: %w", l.name, last)
}

func snapshotOf(tbl *table.Table, intent string) (int64, bool) {
	for _, s := range tbl.Metadata().Snapshots() {
		if s.Summary != nil && s.Summary.Properties[intentProperty] == intent {
			return s.SnapshotID, true
		}
	}
	return 0, false
}

// current is the table's newest snapshot, 0 when it has none.
func (t *tables) current(ctx context.Context, l layout) (int64, error) {
	tbl, err := t.load(ctx, l)
	if err != nil {
		return 0, err
	}
	if s := tbl.CurrentSnapshot(); s != nil {
		return s.SnapshotID, nil
	}
	return 0, nil
}

// planned lists the data files of a snapshot as Iceberg plans them, relative to the lake's folder and sorted.
func (t *tables) planned(ctx context.Context, l layout, snapshot int64) ([]string, error) {
	tbl, err := t.load(ctx, l)
	if err != nil {
		return nil, err
	}
	tasks, err := tbl.Scan(table.WithSnapshotID(snapshot)).PlanFiles(ctx)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", l.name, err)
	}
	files := make([]string, 0, len(tasks))
	for _, task := range tasks {
		rel, err := filepath.Rel(t.dir, filePath(task.File.FilePath()))
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", l.name, err)
		}
		files = append(files, rel)
	}
	slices.Sort(files)
	return files, nil
}

// orphans lists the files below a table's folder that none of its snapshots names, relative to the lake's folder: all
// of them where there is no such table.
func (t *tables) orphans(ctx context.Context, l layout) ([]string, error) {
	_, err := t.catalog.LoadTable(ctx, table.Identifier{namespace, l.name})
	if errors.Is(err, catalog.ErrNoSuchTable) {
		return t.below(l.name)
	}
	tbl, err := t.load(ctx, l)
	if err != nil {
		return nil, err
	}
	plan, err := tbl.PlanOrphanFiles(ctx, table.WithFilesOlderThan(0))
	if err != nil {
		return nil, fmt.Errorf("look for strays of %s: %w", l.name, err)
	}
	var files []string
	for _, path := range plan.Files() {
		rel, err := filepath.Rel(t.dir, filePath(path))
		if err != nil || !filepath.IsLocal(rel) {
			return nil, nil //nolint:nilerr // another folder's: none of them is touched
		}
		files = append(files, rel)
	}
	return files, nil
}

// below lists the files of a folder of the lake and of those in it.
func (t *tables) below(folder string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(filepath.Join(t.dir, folder), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && d.Type().IsRegular() {
			var rel string
			if rel, err = filepath.Rel(t.dir, path); err == nil {
				files = append(files, rel)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for strays of %s: %w", folder, err)
	}
	return files, nil
}

func (t *tables) uris(files []string) []string {
	list := make([]string, len(files))
	for i, f := range files {
		list[i] = fileURI(filepath.Join(t.dir, f))
	}
	return list
}

// fileURI is a path as Iceberg writes it down. What means something else in a URI is escaped.
func fileURI(path string) string {
	return "file://" + strings.NewReplacer("%", "%25", "#", "%23", "?", "%3F").Replace(path)
}

// filePath is the path of a URI that fileURI made, or of one without a scheme as it is.
func filePath(uri string) string {
	path, ok := strings.CutPrefix(uri, "file://")
	if !ok {
		return uri
	}
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}
