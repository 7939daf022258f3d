package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chandler-csp/chandler/internal/lake"
	"github.com/chandler-csp/chandler/internal/store"
)

// Options is what opening an application needs.
type Options struct {
	Data     string // data folder; made when missing
	DSN      string // PostgreSQL for the records; empty: SQLite in the data folder
	Now      func() time.Time
	Progress func(stage string, done, total int64, unit string)
	Waiting  func(holder string) // called once when another process holds the folder
}

// App is an open data folder. One process holds it at a time; in-process its owner acts as the partner's owner.
type App struct {
	opts  Options
	lock  *folderLock
	store *store.Store
	lake  *lake.Lake
}

// Open opens the data folder and finishes or undoes what a crash left open.
func Open(ctx context.Context, o Options) (*App, error) {
	if err := os.MkdirAll(o.Data, 0o750); err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	a := &App{opts: o}
	var err error
	if a.lock, err = lockFolder(ctx, o.Data, o.Waiting); err != nil {
		return nil, err
	}
	a.store, err = store.Open(ctx, store.Config{Path: filepath.Join(o.Data, "records.db"), DSN: o.DSN, Clock: o.Now})
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.lake, err = lake.Open(ctx, lake.Config{Dir: filepath.Join(o.Data, "lake"), Records: a.store.SQL(), Dialect: string(a.store.Dialect()),
		Journal: a.store, Clock: o.Now, Progress: o.Progress, FailPoint: failPoint()})
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// Close gives the data folder back.
func (a *App) Close() error {
	var errs []error
	if a.lake != nil {
		errs = append(errs, a.lake.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.lock != nil {
		errs = append(errs, a.lock.release())
	}
	return errors.Join(errs...)
}

func (a *App) progress(stage string, done, total int64, unit string) {
	if a.opts.Progress != nil {
		a.opts.Progress(stage, done, total, unit)
	}
}

// failPoint lets a test end the process at a named step, to see what a start after that finds.
func failPoint() func(string) {
	at := os.Getenv("CHANDLER_FAIL_AT")
	if at == "" {
		return nil
	}
	return func(step string) {
		if step == at {
			os.Exit(137) // as a killed process does, without any clean-up
		}
	}
}
