package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// formats are those that an invoice can be written in.
var formats = []string{"pdf", "ubl", "csv", "xlsx", "json"}

func (s *session) invoiceExport() *cobra.Command {
	var p period.Month
	format, out := "pdf", ""
	c := s.verb("export [INVOICE...]", "Write invoices as PDF, UBL (Peppol BIS 3.0), CSV, XLSX or JSON",
		"  chandler invoice export 2026-00001 --format pdf --out invoice.pdf\n  chandler invoice export --period 2026-03 --format ubl --out ./invoices/", namedOrMonth,
		func(ctx context.Context, a *app.App, refs []string) error {
			files, err := a.ExportInvoices(ctx, refs, p, format)
			if err != nil {
				return err
			}
			return s.writeFiles(files, out)
		})
	choiceFlag(c, &format, "format", "FORMAT", formats, "one")
	c.Flags().StringVar(&out, "out", "", "file, or folder for several; the working folder when not given; - for standard output")
	monthFlag(c, &p, "all of this month")
	c.PreRunE = func(*cobra.Command, []string) error { return s.resultElsewhere(out == "-") }
	return c
}

// resultElsewhere refuses --json where standard output is taken.
func (s *session) resultElsewhere(taken bool) error {
	if taken && s.out.json {
		return wrongUsage("--json needs --out FILE, since the export itself would be the output")
	}
	return nil
}

// writeFiles writes rendered documents: one to a file or standard output, several into a folder.
func (s *session) writeFiles(files []app.File, out string) error {
	if out == "-" {
		if len(files) != 1 {
			return wrongUsage("%d files need a folder: --out FOLDER", len(files))
		}
		_, err := s.env.Stdout.Write(files[0].Data)
		return err
	}
	folder := strings.HasSuffix(out, "/") || out != "" && len(files) > 1
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		folder = true
	}
	if folder {
		if err := os.MkdirAll(out, 0o750); err != nil {
			return unwritable(out, err)
		}
	}
	written := []map[string]any{}
	for _, f := range files {
		path := f.Name
		switch {
		case folder:
			path = filepath.Join(out, f.Name)
		case out != "":
			path = out
		}
		if err := writeWhole(path, func(w io.Writer) error { _, err := w.Write(f.Data); return err }); err != nil {
			return err
		}
		written = append(written, map[string]any{"file": path, "bytes": len(f.Data), "warnings": f.Warnings})
	}
	return s.out.print(map[string]any{"items": written}, func(w io.Writer) {
		for _, f := range written {
			fmt.Fprintf(w, "%s  %d bytes\n", f["file"], f["bytes"])
		}
	})
}
