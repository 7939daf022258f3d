package lake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/chandler-csp/chandler/internal/core/errs"
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
	Rows   int64         `json:"rows"`
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

// incoming is a file on its way into the lake.
type incoming struct {
	src    *ingest.Source
	report ingest.Report
	bulk   bool
	keys   []string // data sets that its rows belong to, in order of first sight
	rows   int64
}

// maxFields bounds the faults that one import tells; each file has its own bound as well.
const maxFields = 2000

// Import takes in the files of one command. All of them are read and checked before anything is kept: a fault in any
// refuses the command with every fault of every file. Otherwise each data set that the files hold gets a new version,
// all in one step; a data set whose content is what it was is left alone.
func (l *Lake) Import(ctx context.Context, paths []string) (ImportReport, error) {
	im := &importing{l: l, id: id.New("imp", l.cfg.Clock())}
	im.report.ImportID = im.id
	if err := im.inspect(ctx, paths); err != nil {
		return im.report, err
	}
	if err := im.digest(ctx); err != nil {
		return im.report, err
	}
	if err := l.cfg.Journal.Begin(ctx, Intent{ID: im.id, Kind: "import", State: "staging", At: l.cfg.Clock()}); err != nil {
		return im.report, fmt.Errorf("begin the import: %w", err)
	}
	l.cfg.FailPoint("begun")
	c, err := im.stage(ctx)
	if err == nil && len(c.Sets) > 0 {
		l.cfg.FailPoint("staged")
		err = l.commit(ctx, Intent{ID: im.id, Kind: "import", At: l.cfg.Clock()}, c)
		im.report.New = c.Sets
		return im.report, err
	}
	return im.report, errors.Join(err, l.discard(context.WithoutCancel(ctx), im.id))
}

// importing is one import at work.
type importing struct {
	l      *Lake
	id     string
	files  []*incoming
	fields []errs.Field
	report ImportReport
	parts  int // Parquet files written so far
	total  int64
}

func (im *importing) note(format string, args ...any) {
	im.report.Notes = append(im.report.Notes, fmt.Sprintf(format, args...))
}

// inspect recognises every file, with the blobs that manifests name.
func (im *importing) inspect(ctx context.Context, paths []string) error {
	files, err := expand(paths)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := 0; i < len(files); i++ {
		path, err := filepath.Abs(files[i])
		if err != nil || seen[path] {
			continue
		}
		seen[path] = true
		src, err := ingest.Inspect(ctx, path)
		if err != nil {
			if err := im.fault(err); err != nil {
				return err
			}
			continue
		}
		more, err := im.recognised(src)
		if err != nil {
			return err
		}
		files = append(files, more...)
	}
	return im.refuse()
}

// recognised takes a file in, and gives the files that it names if it is a manifest.
func (im *importing) recognised(src *ingest.Source) ([]string, error) {
	switch src.Kind {
	case ingest.KindNone:
		im.note("%s carries no charges; nothing of it is needed", src.Name)
		return nil, nil
	case ingest.KindManifest:
		return im.manifest(src)
	default:
		im.files = append(im.files, &incoming{src: src})
		return nil, nil
	}
}

func (im *importing) manifest(src *ingest.Source) ([]string, error) {
	m, err := src.Manifest()
	if err != nil {
		return nil, im.fault(err)
	}
	var blobs []string
	for _, b := range m.Blobs {
		path := filepath.Join(filepath.Dir(src.Path), filepath.Base(b.Name))
		if root := filepath.FromSlash(m.RootDirectory); root != "" && filepath.IsLocal(root) && filepath.IsLocal(b.Name) {
			if below := filepath.Join(filepath.Dir(src.Path), root, b.Name); exists(below) {
				path = below
			}
		}
		if !exists(path) {
			im.fields = append(im.fields, errs.Field{Place: src.Name, Code: "manifest.blob_missing", Detail: "its blob " + b.Name + " is not there"})
			continue
		}
		blobs = append(blobs, path)
	}
	im.note("manifest %s: %d of %d blobs are here (eTag %s)", src.Name, len(blobs), m.BlobCount, m.ETag)
	return blobs, nil
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// expand replaces folders by the files in them.
func expand(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, errs.New(errs.Invalid, "file.unreadable", "%s cannot be read: %w", p, err)
		}
		if !info.IsDir() {
			files = append(files, p)
			continue
		}
		entries, err := os.ReadDir(p)
		if err != nil {
			return nil, errs.New(errs.Invalid, "file.unreadable", "%s cannot be read: %w", p, err)
		}
		for _, e := range entries {
			if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				files = append(files, filepath.Join(p, e.Name()))
			}
		}
	}
	return files, nil
}

// fault gathers what is wrong with an input; anything else is returned.
func (im *importing) fault(err error) error {
	var f *ingest.Fault
	if errors.As(err, &f) {
		im.fields = append(im.fields, f.Field())
		return nil
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Kind == errs.Invalid {
		if len(e.Fields) == 0 {
			im.fields = append(im.fields, errs.Field{Code: e.Code, Detail: e.Detail})
		}
		im.fields = append(im.fields, e.Fields...)
		return nil
	}
	return err
}

// refuse ends the import when anything was wrong.
func (im *importing) refuse() error {
	if len(im.fields) > maxFields {
		rest := len(im.fields) - maxFields
		im.fields = append(im.fields[:maxFields:maxFields], errs.Field{Code: ingest.CodeMore, Detail: fmt.Sprintf("%d more faults", rest)})
	}
	return errs.Join("import.refused", "the import is refused and nothing of it is kept", im.fields)
}

// digest tells every file by its content, and drops those that are here twice.
func (im *importing) digest(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, f := range im.files {
		g.Go(func() error { return f.src.Digest(gctx) })
	}
	if err := g.Wait(); err != nil {
		if err := im.fault(err); err != nil {
			return err
		}
		return im.refuse()
	}
	first := map[string]string{}
	im.files = slices.DeleteFunc(im.files, func(f *incoming) bool {
		if name, twice := first[f.src.SHA256]; twice {
			im.note("duplicate: %s is the same content as %s and is counted once", f.src.Name, name)
			return true
		}
		first[f.src.SHA256] = f.src.Name
		im.total += f.src.Bytes
		return false
	})
	return nil
}
