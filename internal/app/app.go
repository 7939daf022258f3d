package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake"
	"github.com/chandler-csp/chandler/internal/store"
)

// Options is what opening an application needs.
type Options struct {
	Data     string // data folder; made when missing
	DSN      string // PostgreSQL for the records; empty: SQLite in the data folder
	Now      func() time.Time
	Progress func(stage string, done, total int64, unit string)
	As       string              // what opens it, for another process that waits
	Wait     time.Duration       // for another process that holds the folder; 0: as long as it does, NoWait: not at all
	Waiting  func(holder string) // called once when another process holds the folder
}

// App is an open data folder. One process holds it at a time; in-process its owner acts as the partner's owner.
type App struct {
	opts  Options
	lock  *folderLock
	store *store.Store
	lake  *lake.Lake
	step  func(name string) // tells a test how far a change came
	memo  struct {
		sync.Mutex
		run *stored // the run that was read last; not to be changed
	}
}

// Open opens the data folder and finishes or undoes what a crash left open.
func Open(ctx context.Context, o Options) (*App, error) {
	if err := os.MkdirAll(o.Data, 0o750); err != nil {
		return nil, unusable(o.Data, err)
	}
	a := &App{opts: o, step: failPoint(ctx)}
	var err error
	if a.lock, err = lockFolder(ctx, o); err != nil {
		return nil, err
	}
	if err := a.open(ctx); err != nil {
		if errs.CodeOf(err) == "" {
			err = unusable(o.Data, err)
		}
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// open opens the records and the lake, and finishes what a killed process left.
func (a *App) open(ctx context.Context) (err error) {
	o := a.opts
	records := store.Config{DSN: o.DSN, Clock: o.Now}
	if o.DSN == "" {
		records.Path = filepath.Join(o.Data, "records.db")
	}
	if a.store, err = store.Open(ctx, records); err != nil {
		return err
	}
	a.lake, err = lake.Open(ctx, lake.Config{
		Dir: filepath.Join(o.Data, "lake"), Records: a.store.SQL(), Dialect: string(a.store.Dialect()),
		Journal: a.store, Kept: a.kept, Clock: o.Now, Progress: o.Progress, FailPoint: a.step,
	})
	if err != nil {
		return err
	}
	return a.catchUp(ctx)
}

// kept says whether the records keep a run, which decides whether its charges count.
func (a *App) kept(ctx context.Context, runID string) (bool, error) {
	_, err := a.store.Run(ctx, runID)
	if errors.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// Close gives the data folder back.
func (a *App) Close() error {
	var all []error
	if a.lake != nil {
		all = append(all, a.lake.Close())
	}
	if a.store != nil {
		all = append(all, a.store.Close())
	}
	if a.lock != nil {
		all = append(all, a.lock.release())
	}
	return errors.Join(all...)
}

func (a *App) progress(stage string, done, total int64, unit string) {
	if a.opts.Progress != nil {
		a.opts.Progress(stage, done, total, unit)
	}
}
