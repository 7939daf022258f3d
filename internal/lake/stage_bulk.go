package lake

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

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
	blob := 0
	if st := sets[first.Set]; st != nil {
		blob = len(st.blobs)
	}
	rows, err := im.readBulk(ctx, f.src, first.Set, blob, rel)
	if err != nil {
		if ctx.Err() != nil {
			return false, err
		}
		if err := os.Remove(im.l.path(rel)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return false, fmt.Errorf("import %s: %w", f.src.Name, err)
		}
		return false, nil
	}
	f.bulk, f.rows = true, rows
	st := at(sets, first.Set, ingest.TableUsage)
	st.blobs = append(st.blobs, &stagedBlob{of: f, rows: rows, parquet: rel})
	im.l.cfg.Progress("import "+f.src.Name, rows, rows, "rows")
	im.l.cfg.FailPoint("wrote " + f.src.Name)
	return true, im.onceByFile(ctx, st) // now, since the next file's position among the blobs is written with its rows
}

// errLines says that rows and lines differ: cells hold line ends, or lines are blank. A row's line could not be told
// from its position then.
var errLines = errors.New("not a row a line")

func (im *importing) readBulk(ctx context.Context, src *ingest.Source, set string, blob int, rel string) (int64, error) {
	total := src.Lines - 1
	tell := func(done int64) { im.l.cfg.Progress("import "+src.Name, done, total, "rows") }
	tell(0)
	copying := im.l.copyStatement(ingest.TableUsage, im.l.bulkSelect(src, set, blob), rel)
	if err := im.l.engine.watched(ctx, copying, total, watchEvery, tell); err != nil {
		return 0, fmt.Errorf("write %s: %w", ingest.TableUsage, err)
	}
	n, err := im.l.count(ctx, rel)
	if err != nil {
		return n, err
	}
	if n != total {
		return n, errLines
	}
	return n, im.readHeads(ctx, src, set, rel)
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
