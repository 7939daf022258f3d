package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// maxFiles bounds the files of one command, with those that manifests name.
const maxFiles = 100_000

// inputs are the files of one command: each path once, each with a name of its own.
type inputs struct {
	paths []string          // absolute
	seen  map[string]bool   // paths
	names map[string]string // name -> path
	bases map[string]string // last part -> first path with it, for blobs that do not lie beside their manifest
}

func newInputs() inputs {
	return inputs{seen: map[string]bool{}, names: map[string]string{}, bases: map[string]string{}}
}

// add takes a path in, once.
func (in *inputs) add(path string) {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if in.seen[path] {
		return
	}
	in.seen[path] = true
	in.paths = append(in.paths, path)
	if base := filepath.Base(path); in.bases[base] == "" {
		in.bases[base] = path
	}
}

// name is the path's last part, or as much of the path as it takes to tell it from the other files: a row's place is
// its file's name and its line.
func (in *inputs) name(path string) string {
	name, dir := filepath.Base(path), filepath.Dir(path)
	for in.names[name] != "" && in.names[name] != path {
		name, dir = filepath.Join(filepath.Base(dir), name), filepath.Dir(dir)
	}
	in.names[name] = path
	return name
}

// inspect recognises every file, with the blobs that manifests name.
func (im *importing) inspect(ctx context.Context, paths []string) error {
	im.inputs = newInputs()
	for _, p := range paths {
		im.expand(p)
	}
	for i := 0; i < len(im.inputs.paths); i++ {
		if i >= maxFiles {
			return errs.New(errs.Invalid, "import.too_many_files", "one import takes at most %d files", maxFiles)
		}
		path := im.inputs.paths[i]
		src, err := ingest.InspectAs(ctx, path, im.inputs.name(path))
		if err == nil {
			err = im.recognised(src)
		}
		if err != nil {
			if err := im.faults.take(err); err != nil {
				return err
			}
		}
	}
	return nil
}

// expand takes a path in, and for a folder the files in it.
func (im *importing) expand(path string) {
	bad := func(detail string) {
		im.faults.add(errs.Field{Place: path, Code: ingest.CodeUnreadable, Detail: detail})
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		bad("cannot be read: " + reason(err))
		return
	case !info.IsDir():
		im.inputs.add(path)
		return
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		bad("cannot be read: " + reason(err))
		return
	}
	found := false
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			found = true
			im.inputs.add(filepath.Join(path, e.Name()))
		}
	}
	if !found {
		bad("the folder holds no files")
	}
}

// recognised takes a file in, or the files that it names if it is a manifest.
func (im *importing) recognised(src *ingest.Source) error {
	switch {
	case src.Kind == ingest.KindManifest:
		return im.manifest(src)
	case src.Kind != ingest.KindNone:
		im.files = append(im.files, &incoming{src: src})
	case src.Empty:
		im.note("%s: the page holds no items; there is nothing to import", src.Name)
	default:
		im.faults.add(errs.Field{
			Place: src.Name, Code: ingest.CodeNoCharges,
			Detail: "a list of summaries or links, which carries no charges: there is nothing in it to import",
		})
	}
	return nil
}

// digest tells every file by its content, and drops those that are here twice.
func (im *importing) digest(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	var looked atomic.Int64
	for _, f := range im.files {
		g.Go(func() error {
			f.broken = f.src.Digest(gctx)
			im.l.cfg.Progress("look at the files", looked.Add(1), int64(len(im.files)), "files")
			return gctx.Err() //nolint:wrapcheck // wrapped below
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	first := map[string]string{}
	im.files = slices.DeleteFunc(im.files, func(f *incoming) bool {
		name, twice := first[f.src.SHA256]
		if f.broken != nil {
			return false
		}
		if twice {
			im.twice(f.src.Name, "the same content as", name)
			return true
		}
		first[f.src.SHA256] = f.src.Name
		return false
	})
	return nil
}

// reason is what the system says about a path, without the path.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
