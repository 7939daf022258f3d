package lake

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Outcome says what an import did with a data set.
type Outcome string

// The outcomes.
const (
	Added     Outcome = "added"
	Replaced  Outcome = "replaced"
	Unchanged Outcome = "unchanged"
)

// SetReport is what an import did with one data set.
type SetReport struct {
	Key           string   `json:"key"`
	Outcome       Outcome  `json:"outcome"`
	Version       int64    `json:"version"`
	Rows          int64    `json:"rows"`
	RowsBefore    int64    `json:"rows_before"`
	Amounts       []Amount `json:"amounts"`
	AmountsBefore []Amount `json:"amounts_before"`
	Blobs         []Blob   `json:"blobs"`
}

// FileReport is one input file as it was understood.
type FileReport struct {
	Name   string        `json:"name"`
	Kind   ingest.Kind   `json:"kind"`
	Format ingest.Format `json:"format"`
	Rows   int64         `json:"rows"` // that the file holds, also those that were counted once for another file's sake
	Bulk   bool          `json:"bulk"`
	Notes  []ingest.Note `json:"notes,omitempty"`
}

// ImportReport is what an import did. New lists the data sets that it made, for what follows an import.
type ImportReport struct {
	ImportID string       `json:"import"`
	Files    []FileReport `json:"files"`
	DataSets []SetReport  `json:"data_sets"`
	Notes    []string     `json:"notes"`
	New      []DataSet    `json:"-"`
}

// importing is one import at work.
type importing struct {
	l      *Lake
	id     string
	inputs inputs
	files  []*incoming
	faults faults
	report ImportReport
	before map[string]DataSet // the current versions by key
	parts  int                // Parquet files written so far

	groupsSeen map[int64]int64 // of usage that is read in Go
}

// incoming is a file on its way into the lake.
type incoming struct {
	src    *ingest.Source
	report ingest.Report
	broken error // why it cannot be read to its end
	bulk   bool
	rows   int64
}

// Import takes in the files of one command. All of them are read and checked before anything is kept: a fault in any
// refuses the command with every fault of every file. Otherwise each data set that the files hold gets a new version,
// all in one step; a data set whose content is what it was is left alone.
func (l *Lake) Import(ctx context.Context, paths []string) (ImportReport, error) {
	im := &importing{l: l, id: id.New("imp", l.cfg.Clock())}
	im.report.ImportID = im.id
	if err := im.open(ctx, paths); err != nil {
		return im.report, err
	}
	if err := l.cfg.Journal.Begin(ctx, Intent{ID: im.id, Kind: kindImport, State: "staging", At: l.cfg.Clock()}); err != nil {
		return im.report, fmt.Errorf("begin the import: %w", err)
	}
	l.cfg.FailPoint("begun")
	c, err := im.stage(ctx)
	if err == nil && len(c.Sets) > 0 {
		l.cfg.FailPoint("staged")
		err = l.commit(ctx, Intent{ID: im.id, Kind: kindImport, At: l.cfg.Clock()}, c)
		im.report.New = c.Sets
		return im.report, err
	}
	return im.report, errors.Join(err, l.discard(context.WithoutCancel(ctx), im.id))
}

// open recognises every file and tells it by its content. Where that finds a fault already, all that can be read is
// read for the others before the command is refused.
func (im *importing) open(ctx context.Context, paths []string) error {
	if err := im.inspect(ctx, paths); err != nil {
		return err
	}
	if err := im.digest(ctx); err != nil {
		return err
	}
	broken := slices.ContainsFunc(im.files, func(f *incoming) bool { return f.broken != nil })
	if im.faults.none() && !broken {
		return nil
	}
	for _, f := range im.files {
		if err := im.check(ctx, f); err != nil {
			return err
		}
	}
	return im.faults.refusal()
}

// check reads a file for its faults alone.
func (im *importing) check(ctx context.Context, f *incoming) error {
	for _, err := range f.src.Rows(ctx, &f.report) {
		if err == nil {
			continue
		}
		if err := im.faults.take(err); err != nil {
			return err
		}
	}
	im.faults.count(f.report.Faults)
	if f.broken != nil && f.report.Faults == 0 {
		return im.faults.take(f.broken)
	}
	return nil
}

func (im *importing) note(format string, args ...any) {
	im.report.Notes = append(im.report.Notes, fmt.Sprintf(format, args...))
}

// twice notes what is here under two names and counts once.
func (im *importing) twice(name, what, first string) {
	im.note("duplicate: %s holds %s %s and is counted once", name, what, first)
}
