package ingest

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// Manifest is the list of an export's files (billing reference A4). A changed ETag is a new version of the data.
type Manifest struct {
	ID            string `json:"id"`
	SchemaVersion string `json:"schemaVersion"`
	DataFormat    string `json:"dataFormat"`
	ETag          string `json:"eTag"`
	PartnerID     string `json:"partnerTenantId"`
	RootDirectory string `json:"rootDirectory"`
	BlobCount     int    `json:"blobCount"`
	Blobs         []struct {
		Name           string `json:"name"`
		PartitionValue string `json:"partitionValue"`
	} `json:"blobs"`
}

// maxManifest bounds a manifest: some hundred thousand blobs.
const maxManifest = 64 << 20

// Manifest reads a manifest's list; its files lie beside it or below its root directory. A count that differs from
// the list, a blob without a name or named twice is an errs.Invalid.
func (s *Source) Manifest() (Manifest, error) {
	var m Manifest
	if s.Kind != KindManifest {
		return m, fmt.Errorf("%s is no manifest but %s", s.Name, s.Kind)
	}
	in, err := open(s.Path, nil)
	if err != nil {
		return m, s.openError(err)
	}
	defer in.Close() //nolint:errcheck // read only
	b, err := io.ReadAll(io.LimitReader(in, maxManifest))
	if err != nil {
		return m, s.openError(err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, errs.New(errs.Invalid, CodeRow, "%s: not a manifest: %w", s.Name, err).With(
			errs.Field{Place: s.Name, Code: CodeRow, Detail: err.Error()})
	}
	return m, errs.Join("manifest.incomplete", s.Name+": the manifest contradicts itself", m.faults(s.Name))
}

func (m Manifest) faults(file string) []errs.Field {
	var fields []errs.Field
	add := func(detail string) {
		fields = append(fields, errs.Field{Place: file, Code: "manifest.incomplete", Detail: detail})
	}
	if m.BlobCount != len(m.Blobs) {
		add(fmt.Sprintf("blobCount is %d, but %d blobs are listed", m.BlobCount, len(m.Blobs)))
	}
	seen := make(map[string]bool, len(m.Blobs))
	for i, b := range m.Blobs {
		switch {
		case b.Name == "":
			add(fmt.Sprintf("blob %d has no name", i+1))
		case seen[b.Name]:
			add("blob " + b.Name + " is listed twice")
		}
		seen[b.Name] = true
	}
	return fields
}
