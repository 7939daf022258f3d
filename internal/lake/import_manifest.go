package lake

import (
	"os"
	"path/filepath"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// manifest takes in the blobs that a manifest names. One that is not here is a fault: the rest of an export is not
// the export.
func (im *importing) manifest(src *ingest.Source) error {
	m, err := src.Manifest()
	if err != nil {
		return err //nolint:wrapcheck // names the file and its faults
	}
	for _, name := range m.Twice {
		im.note("duplicate: manifest %s lists %s twice; it is counted once", src.Name, name)
	}
	here := 0
	for _, b := range m.Blobs {
		path, ok := im.blob(filepath.Dir(src.Path), m.RootDirectory, b.Name)
		if !ok {
			im.faults.add(errs.Field{Place: src.Name, Code: "manifest.blob_missing", Detail: "its blob " + b.Name + " is not there"})
			continue
		}
		here++
		im.inputs.add(path)
	}
	im.note("manifest %s: %d of %d blobs are here (eTag %s)", src.Name, here, len(m.Blobs), m.ETag)
	return nil
}

// blob finds a manifest's file: below the root directory, beside the manifest, or among the files of the command.
// Names never lead out of the manifest's folder.
func (im *importing) blob(dir, root, name string) (string, bool) {
	root, name = filepath.FromSlash(root), filepath.FromSlash(name)
	base := filepath.Base(name)
	var places []string
	if filepath.IsLocal(name) {
		if filepath.IsLocal(root) {
			places = append(places, filepath.Join(dir, root, name))
		}
		places = append(places, filepath.Join(dir, name))
	}
	places = append(places, filepath.Join(dir, base))
	if path, ok := im.inputs.bases[base]; ok {
		places = append(places, path)
	}
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			return p, true
		}
	}
	return "", false
}
