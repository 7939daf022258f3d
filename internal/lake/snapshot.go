package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Snapshot is the lake at one moment: the data sets that were current, with their files and Iceberg snapshots. A run
// keeps it, and reads from it again when it is replayed.
type Snapshot struct {
	Sets []DataSet `json:"sets"`
}

// Snapshot is the lake as it is now.
func (l *Lake) Snapshot(ctx context.Context) (Snapshot, error) {
	sets, err := l.cfg.Journal.CurrentDataSets(ctx)
	if err != nil {
		return Snapshot{}, fmt.Errorf("list data sets: %w", err)
	}
	return Snapshot{Sets: sets}, nil
}

// Keep reduces the snapshot to the data sets that keep holds for.
func (s Snapshot) Keep(keep func(DataSet) bool) Snapshot {
	return Snapshot{Sets: slices.DeleteFunc(slices.Clone(s.Sets), func(d DataSet) bool { return !keep(d) })}
}

// Of lists the data sets of a table.
func (s Snapshot) Of(table string) []DataSet {
	var out []DataSet
	for _, d := range s.Sets {
		if d.Table == table {
			out = append(out, d)
		}
	}
	return out
}

// files of a table in the snapshot, as paths.
func (l *Lake) files(s Snapshot, table string) []string {
	var files []string
	for _, d := range s.Of(table) {
		files = append(files, l.paths(d.Files)...)
	}
	return files
}

// blobNames finds a row's file by its data set and blob.
func blobNames(s Snapshot) map[string][]string {
	names := map[string][]string{}
	for _, d := range s.Sets {
		for _, b := range d.Blobs {
			names[d.Key] = append(names[d.Key], b.Name)
		}
	}
	return names
}

func nameOf(names map[string][]string, set string, blob int) string {
	if list := names[set]; blob >= 0 && blob < len(list) {
		return list[blob]
	}
	return set
}

// FileHash is a data file and the SHA-256 of its bytes.
type FileHash struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// Manifest hashes every file that the snapshot reads.
func (l *Lake) Manifest(ctx context.Context, s Snapshot) ([]FileHash, error) {
	var out []FileHash
	for _, d := range s.Sets {
		for _, f := range d.Files {
			sum, err := l.hashFile(ctx, f)
			if err != nil {
				return nil, err
			}
			out = append(out, FileHash{f, sum})
		}
	}
	slices.SortFunc(out, func(a, b FileHash) int { return strings.Compare(a.File, b.File) })
	return out, nil
}

func (l *Lake) hashFile(ctx context.Context, rel string) (string, error) {
	f, err := os.Open(l.path(rel))
	if err != nil {
		return "", fmt.Errorf("hash %s: %w", rel, err)
	}
	defer f.Close() //nolint:errcheck // read only
	h := sha256.New()
	if _, err := io.Copy(h, readerContext{ctx, f}); err != nil {
		return "", fmt.Errorf("hash %s: %w", rel, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

type readerContext struct {
	ctx context.Context //nolint:containedctx // one reader's
	r   io.Reader
}

func (r readerContext) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err //nolint:wrapcheck // the context's own
	}
	return r.r.Read(p) //nolint:wrapcheck // io.EOF must stay itself
}

// Planned compares the files that the records name for a table with those that Iceberg plans for its newest snapshot;
// the two lists are sorted and equal in a sound lake.
func (l *Lake) Planned(ctx context.Context, table string) (recorded, planned []string, err error) {
	now, err := l.Snapshot(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range now.Of(table) {
		recorded = append(recorded, d.Files...)
	}
	slices.Sort(recorded)
	id, err := l.tables.current(ctx, l.layouts[table])
	if err != nil || id == 0 {
		return recorded, nil, err
	}
	planned, err = l.tables.planned(ctx, l.layouts[table], id)
	return recorded, planned, err
}

// Tables lists the lake's tables by name.
func (l *Lake) Tables() []string { return slices.Clone(tableOrder) }

// Usage, Recon and the others are the tables' names for callers that pick data sets.
const (
	TableUsage    = ingest.TableUsage
	TableRecon    = ingest.TableRecon
	TablePrice    = ingest.TablePrice
	TableFX       = ingest.TableFX
	TableDocument = ingest.TableDocument
	TableCost     = ingest.TableCost
	TableGroup    = tableGroup
	TableCharge   = tableCharge
)
