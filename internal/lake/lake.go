package lake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// DefaultMemoryLimit is DuckDB's share of the memory, which keeps the process below 2 GiB.
const DefaultMemoryLimit = "1100MB"

// Config is what a lake needs. Zero values: all cores, DefaultMemoryLimit, no progress.
type Config struct {
	Dir         string // folder of the tables; made when missing
	Records     *sql.DB
	Dialect     string // sqlite | postgres
	Journal     Journal
	MemoryLimit string
	Threads     int
	Clock       func() time.Time
	Progress    func(stage string, done, total int64, unit string) // from several goroutines
	FailPoint   func(step string)                                  // called at every step of a change, for tests that stop there
	// Kept says whether the records keep a run: whether a run's charges count is decided there. Nil: none is kept.
	Kept   func(ctx context.Context, runID string) (bool, error)
	NoBulk bool // read usage row by row in Go, as the bulk SQL is checked against
}

// Lake is an open lake. One process holds it at a time.
type Lake struct {
	cfg     Config
	engine  *engine
	tables  *tables
	layouts map[string]layout
}

// Open opens the lake and finishes or undoes what a crash left open.
func Open(ctx context.Context, cfg Config) (*Lake, error) {
	dir, spill, err := folders(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the lake: %w", err)
	}
	cfg.Dir = dir
	if cfg.MemoryLimit == "" {
		cfg.MemoryLimit = DefaultMemoryLimit
	}
	if cfg.Threads == 0 {
		cfg.Threads = runtime.NumCPU()
	}
	if cfg.Progress == nil {
		cfg.Progress = func(string, int64, int64, string) {}
	}
	if cfg.FailPoint == nil {
		cfg.FailPoint = func(string) {}
	}
	if cfg.Kept == nil {
		cfg.Kept = func(context.Context, string) (bool, error) { return false, nil }
	}
	l := &Lake{cfg: cfg, layouts: layouts()}
	if l.engine, err = openEngine(spill, cfg.MemoryLimit, cfg.Threads); err != nil {
		return nil, err
	}
	if l.tables, err = openTables(ctx, cfg.Records, cfg.Dialect, dir); err != nil {
		return nil, errors.Join(err, l.engine.close())
	}
	l.tables.held = l.heldFiles
	if err := l.recover(ctx); err != nil {
		return nil, errors.Join(err, l.engine.close())
	}
	return l, nil
}

// folders makes the lake's folder, and an empty one in it for what the engine spills. The path is the one without links,
// so that a folder that is reached in two ways is one.
func folders(path string) (dir, spill string, err error) {
	if dir, err = filepath.Abs(path); err != nil {
		return "", "", fmt.Errorf("find %s: %w", path, err)
	}
	spill = filepath.Join(dir, "tmp")
	if err := errors.Join(os.RemoveAll(spill), os.MkdirAll(spill, 0o750)); err != nil {
		return "", "", fmt.Errorf("make %s: %w", spill, err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", "", fmt.Errorf("find %s: %w", path, err)
	}
	return dir, filepath.Join(dir, "tmp"), nil
}

// Close ends the query engine. The records database is the caller's.
func (l *Lake) Close() error { return l.engine.close() }

// change is an intent's payload: what a change adds and takes out of each table, and the data sets that it makes.
type change struct {
	Staged []string            `json:"staged"` // files written so far, relative to the lake
	Out    map[string][]string `json:"out"`    // table -> files
	In     map[string][]string `json:"in"`
	Sets   []DataSet           `json:"sets"`
	Run    string              `json:"run,omitempty"` // counts when the records keep this run
}

func (l *Lake) path(rel string) string { return filepath.Join(l.cfg.Dir, rel) }

func (l *Lake) paths(rel []string) []string {
	out := make([]string, len(rel))
	for i, f := range rel {
		out[i] = l.path(f)
	}
	return out
}

// commit makes a change that is staged permanent: announced, then table by table, then in the records. Once it is
// announced it is carried through, even when the caller gives up: half of it must not be left for a later start.
func (l *Lake) commit(ctx context.Context, in Intent, c change) error {
	in.State = "committing"
	if err := l.announce(ctx, in, c); err != nil {
		return errors.Join(err, l.discard(context.WithoutCancel(ctx), in.ID))
	}
	l.cfg.FailPoint("announced")
	return l.finish(context.WithoutCancel(ctx), in, c)
}

func (l *Lake) announce(ctx context.Context, in Intent, c change) error {
	var err error
	if in.Payload, err = json.Marshal(c); err == nil {
		err = l.cfg.Journal.Advance(ctx, in)
	}
	if err != nil {
		return fmt.Errorf("announce a change: %w", err)
	}
	return nil
}

// finish does what an announced change still lacks. It may be called again after a crash at any of its steps.
func (l *Lake) finish(ctx context.Context, in Intent, c change) error {
	for _, name := range tableOrder {
		if len(c.In[name]) == 0 && len(c.Out[name]) == 0 {
			continue
		}
		id, err := l.tables.replace(ctx, l.layouts[name], in.ID, c.Out[name], c.In[name])
		if err != nil {
			return err
		}
		for i := range c.Sets {
			if c.Sets[i].Table == name {
				c.Sets[i].SnapshotID = id
			}
		}
		l.cfg.FailPoint("committed " + name)
	}
	if err := l.cfg.Journal.Finish(ctx, in.ID, c.Sets); err != nil {
		return fmt.Errorf("record a change: %w", err)
	}
	l.cfg.FailPoint("recorded")
	return nil
}

// tableOrder is the order in which a change commits.
var tableOrder = []string{"document", "fx", "price", "cost", "recon_line", "usage", tableGroup, tableCharge}

// newFile names a file of a change, relative to the lake, and makes its folder.
func (l *Lake) newFile(table, intent string, n int) (string, error) {
	rel := filepath.Join(table, "data", fmt.Sprintf("%s-%05d.parquet", intent, n))
	if err := os.MkdirAll(filepath.Dir(l.path(rel)), 0o750); err != nil {
		return "", fmt.Errorf("make the folder of %s: %w", table, err)
	}
	return rel, nil
}
