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
	"strings"
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
	Progress    func(stage string, done, total int64, unit string)
	FailPoint   func(step string) // called at every step of a change, for tests that stop there
	NoBulk      bool              // read usage row by row in Go, as the bulk SQL is checked against
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
	dir, err := filepath.Abs(cfg.Dir)
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
	spill := filepath.Join(dir, "tmp")
	if err := errors.Join(os.RemoveAll(spill), os.MkdirAll(spill, 0o750)); err != nil {
		return nil, fmt.Errorf("open the lake: %w", err)
	}
	l := &Lake{cfg: cfg, layouts: layouts()}
	if l.engine, err = openEngine(spill, cfg.MemoryLimit, cfg.Threads); err != nil {
		return nil, err
	}
	if l.tables, err = openTables(ctx, cfg.Records, cfg.Dialect, dir); err != nil {
		return nil, errors.Join(err, l.engine.close())
	}
	if err := l.recover(ctx); err != nil {
		return nil, errors.Join(err, l.engine.close())
	}
	return l, nil
}

// Close ends the query engine. The records database is the caller's.
func (l *Lake) Close() error { return l.engine.close() }

// change is an intent's payload: what a change adds and takes out of each table, and the data sets that it makes.
type change struct {
	Staged []string            `json:"staged"` // files written so far, relative to the lake
	Out    map[string][]string `json:"out"`    // table -> files
	In     map[string][]string `json:"in"`
	Sets   []DataSet           `json:"sets"`
}

func (l *Lake) path(rel string) string { return filepath.Join(l.cfg.Dir, rel) }

func (l *Lake) paths(rel []string) []string {
	out := make([]string, len(rel))
	for i, f := range rel {
		out[i] = l.path(f)
	}
	return out
}

// commit makes a change that is staged permanent: announced, then table by table, then in the records.
func (l *Lake) commit(ctx context.Context, in Intent, c change) error {
	payload, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("announce a change: %w", err)
	}
	in.State, in.Payload = "committing", payload
	if err := l.cfg.Journal.Advance(ctx, in); err != nil {
		return fmt.Errorf("announce a change: %w", err)
	}
	l.cfg.FailPoint("announced")
	return l.finish(ctx, in, c)
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

// recover finishes announced changes and removes the files of those that were not.
func (l *Lake) recover(ctx context.Context) error {
	open, err := l.cfg.Journal.OpenIntents(ctx)
	if err != nil {
		return fmt.Errorf("look for unfinished changes: %w", err)
	}
	for _, in := range open {
		var c change
		if len(in.Payload) > 0 {
			if err := json.Unmarshal(in.Payload, &c); err != nil {
				return fmt.Errorf("read unfinished change %s: %w", in.ID, err)
			}
		}
		if in.State == "committing" {
			if err := l.finish(ctx, in, c); err != nil {
				return fmt.Errorf("finish change %s: %w", in.ID, err)
			}
			continue
		}
		if err := l.discard(ctx, in.ID); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what a change wrote and forgets it. Its files carry its id in their names.
func (l *Lake) discard(ctx context.Context, intent string) error {
	for name := range l.layouts {
		dir := l.path(filepath.Join(name, "data"))
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("clean up %s: %w", intent, err)
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), intent+"-") {
				continue
			}
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("clean up %s: %w", intent, err)
			}
		}
	}
	if err := l.cfg.Journal.Abort(ctx, intent); err != nil {
		return fmt.Errorf("clean up %s: %w", intent, err)
	}
	return nil
}

// newFile names a file of a change, relative to the lake, and makes its folder.
func (l *Lake) newFile(table, intent string, n int) (string, error) {
	rel := filepath.Join(table, "data", fmt.Sprintf("%s-%05d.parquet", intent, n))
	if err := os.MkdirAll(filepath.Dir(l.path(rel)), 0o750); err != nil {
		return "", fmt.Errorf("make the folder of %s: %w", table, err)
	}
	return rel, nil
}
