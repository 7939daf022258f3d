package ingest

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// Manifest is the list of an export's files (billing reference A4). A changed ETag is a new version of the data.
type Manifest struct {
	ID            string         `json:"id"`
	SchemaVersion string         `json:"schemaVersion"`
	DataFormat    string         `json:"dataFormat"`
	ETag          string         `json:"eTag"`
	PartnerID     string         `json:"partnerTenantId"`
	RootDirectory string         `json:"rootDirectory"`
	BlobCount     int            `json:"blobCount"`
	Blobs         []ManifestBlob `json:"blobs"`
	Twice         []string       `json:"-"` // blobs that are listed more than once; Blobs has them once
}

// ManifestBlob is one file of an export.
type ManifestBlob struct {
	Name           string `json:"name"`
	PartitionValue string `json:"partitionValue"`
}

// maxManifest bounds a manifest: some hundred thousand blobs.
const maxManifest = 64 << 20

// Manifest reads a manifest's list; its files lie beside it or below its root directory. A list that is not as long as
// its count says, or a blob without a name, is an errs.Invalid.
func (s *Source) Manifest() (Manifest, error) {
	if s.Kind != KindManifest {
		return Manifest{}, fmt.Errorf("%s is no manifest but %s", s.Name, s.Kind)
	}
	in, err := open(s.Path, nil)
	if err != nil {
		return Manifest{}, s.openError(err)
	}
	defer in.Close() //nolint:errcheck // read only
	b, err := io.ReadAll(io.LimitReader(in, maxManifest))
	if err != nil {
		return Manifest{}, s.openError(err)
	}
	var operation struct { // the answer of an export that has ended holds its manifest
		Manifest
		ResourceLocation *Manifest `json:"resourceLocation"`
	}
	if err := json.Unmarshal(b, &operation); err != nil {
		return Manifest{}, errs.New(errs.Invalid, CodeRow, "%s: not a manifest: %w", s.Name, err).With(
			errs.Field{Place: s.Name, Code: CodeRow, Detail: err.Error()})
	}
	m := operation.Manifest
	if operation.ResourceLocation != nil {
		m = *operation.ResourceLocation
	}
	return m, errs.Join(CodeManifest, s.Name+": the manifest contradicts itself", m.check(s.Name))
}

// check finds what the list lacks, and takes blobs out that it names again.
func (m *Manifest) check(file string) []errs.Field {
	var fields []errs.Field
	add := func(format string, args ...any) {
		fields = append(fields, errs.Field{Place: file, Code: CodeManifest, Detail: fmt.Sprintf(format, args...)})
	}
	listed, seen := m.Blobs, make(map[string]bool, len(m.Blobs))
	m.Blobs = nil
	for i, b := range listed {
		switch {
		case b.Name == "":
			add("blob %d has no name", i+1)
		case seen[b.Name]:
			m.Twice = append(m.Twice, b.Name)
		default:
			m.Blobs = append(m.Blobs, b)
		}
		seen[b.Name] = true
	}
	switch {
	case len(listed) == 0 && m.BlobCount == 0 && m.ETag == "":
		add("no blobs are listed")
	case m.BlobCount != len(listed) && m.BlobCount != len(m.Blobs):
		add("blobCount is %d, but %d blobs are listed", m.BlobCount, len(listed))
	}
	return fields
}
