package lake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The kinds of change that are the lake's. Other intents of the journal are somebody else's.
const (
	kindImport = "import"
	kindRun    = "run"
)

// recover finishes the changes that were decided on and undoes the others, then removes what a killed process left
// behind that no snapshot names.
func (l *Lake) recover(ctx context.Context) error {
	open, err := l.cfg.Journal.OpenIntents(ctx)
	if err != nil {
		return fmt.Errorf("look for unfinished changes: %w", err)
	}
	found := false
	for _, in := range open {
		if in.Kind != kindImport && in.Kind != kindRun {
			continue
		}
		found = true
		if err := l.settleIntent(ctx, in); err != nil {
			return err
		}
	}
	if !found {
		return nil
	}
	return l.sweep(ctx)
}

func (l *Lake) settleIntent(ctx context.Context, in Intent) error {
	var c change
	if len(in.Payload) > 0 {
		if err := json.Unmarshal(in.Payload, &c); err != nil {
			return fmt.Errorf("read unfinished change %s: %w", in.ID, err)
		}
	}
	decided := in.State == "committing"
	if c.Run != "" {
		var err error
		if decided, err = l.cfg.Kept(ctx, c.Run); err != nil {
			return fmt.Errorf("finish change %s: %w", in.ID, err)
		}
	}
	if !decided {
		return l.discard(ctx, in.ID)
	}
	if err := l.finish(ctx, in, c); err != nil {
		return fmt.Errorf("finish change %s: %w", in.ID, err)
	}
	return nil
}

// discard removes what a change wrote and forgets it. Its files carry its id in their names.
func (l *Lake) discard(ctx context.Context, intent string) error {
	for _, name := range tableOrder {
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
			l.cfg.FailPoint("removed a file of " + name)
		}
	}
	if err := l.cfg.Journal.Abort(ctx, intent); err != nil {
		return fmt.Errorf("clean up %s: %w", intent, err)
	}
	return nil
}

// sweep removes the files that no snapshot of their table names: a commit that was killed leaves metadata of Iceberg
// that never counted. A plan that would take a file of a data set, as no sound one does, is not carried out.
func (l *Lake) sweep(ctx context.Context) error {
	named, err := l.namedFiles(ctx)
	if err != nil {
		return err
	}
	for _, name := range tableOrder {
		stray, err := l.tables.orphans(ctx, l.layouts[name])
		if err != nil {
			return err
		}
		for _, f := range stray {
			if named[f] {
				return nil
			}
		}
		for _, f := range stray {
			if err := os.Remove(l.path(f)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("clean up the lake: %w", err)
			}
			l.cfg.FailPoint("swept a file of " + name)
		}
	}
	return nil
}

// namedFiles are the data files of all versions of all data sets, relative to the lake.
func (l *Lake) namedFiles(ctx context.Context) (map[string]bool, error) {
	sets, err := l.cfg.Journal.CurrentDataSets(ctx)
	if err != nil {
		return nil, fmt.Errorf("list data sets: %w", err)
	}
	named := map[string]bool{}
	for _, d := range sets {
		versions, err := l.cfg.Journal.DataSetVersions(ctx, d.Key)
		if err != nil {
			return nil, fmt.Errorf("list data sets: %w", err)
		}
		for _, v := range versions {
			for _, f := range v.Files {
				named[f] = true
			}
		}
	}
	return named, nil
}
