// Package report turns an invoice into the files that leave the house: PDF, UBL, CSV, XLSX, JSON. It owns which formats
// there are and what they are called; each has a package of its own. Invariant: a customer's file never holds what is
// the partner's alone (cost, retail, margin, rules, charge ids); only the format staff-json does.
package report

import (
	"os"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/csvout"
	"github.com/chandler-csp/chandler/internal/report/jsonout"
	"github.com/chandler-csp/chandler/internal/report/pdf"
	"github.com/chandler-csp/chandler/internal/report/ubl"
	"github.com/chandler-csp/chandler/internal/report/xlsx"
)

// Format names a form of file.
type Format string

// The formats. StaffJSON is the one that holds cost, retail, rules and charge ids; it is never for a customer.
const (
	PDF       Format = "pdf"
	UBL       Format = "ubl"
	CSV       Format = "csv"
	XLSX      Format = "xlsx"
	JSON      Format = "json"
	StaffJSON Format = "staff-json"
)

// Formats lists the formats that a customer may get, in the order in which help prints them.
func Formats() []Format { return []Format{PDF, UBL, CSV, XLSX, JSON} }

// MediaType is the format's media type, "" for an unknown one.
func (f Format) MediaType() string {
	switch f {
	case PDF:
		return "application/pdf"
	case UBL:
		return "application/xml"
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSON, StaffJSON:
		return "application/json"
	default:
		return ""
	}
}

// Extension is the ending of a file's name, with its dot.
func (f Format) Extension() string {
	switch f {
	case UBL:
		return ".xml"
	case StaffJSON:
		return ".json"
	default:
		return "." + string(f)
	}
}

// Options are a seller's wishes. The zero value is fine.
type Options struct {
	FontFiles []string // TrueType files for scripts that the embedded fonts lack, asked in order
}

// File is a rendered document. Warnings name what a PDF could not show as given.
type File struct {
	Bytes    []byte
	Warnings []string
}

// Render writes the invoice in a format, with default options. The same invoice gives the same bytes.
func Render(format Format, inv billing.Invoice) ([]byte, error) {
	f, err := RenderWith(format, inv, Options{})
	return f.Bytes, err
}

// RenderWith writes the invoice in a format. It refuses an unknown format ("report.unknown_format"), a font that cannot
// be read ("font.unreadable"), and what UBL cannot say of a document with gaps.
func RenderWith(format Format, inv billing.Invoice, opts Options) (File, error) {
	var data []byte
	var err error
	switch format {
	case PDF:
		return renderPDF(inv, opts)
	case UBL:
		data, err = ubl.Marshal(inv)
	case CSV:
		data, err = csvout.Marshal(&inv)
	case XLSX:
		data, err = xlsx.Marshal(&inv)
	case JSON:
		data, err = jsonout.Customer(&inv)
	case StaffJSON:
		data, err = jsonout.Staff(&inv)
	default:
		err = errs.New(errs.Invalid, "report.unknown_format", "format %q: want one of %s", format, known())
	}
	return File{Bytes: data}, err
}

func renderPDF(inv billing.Invoice, opts Options) (File, error) {
	var fonts [][]byte
	for _, path := range opts.FontFiles {
		data, err := os.ReadFile(path)
		if err != nil {
			return File{}, errs.New(errs.Invalid, "font.unreadable", "read font: %w", err)
		}
		fonts = append(fonts, data)
	}
	d, err := pdf.Render(&inv, pdf.Options{Fonts: fonts})
	return File{Bytes: d.Bytes, Warnings: d.Warnings}, err
}

func known() string {
	var names []string
	for _, f := range append(Formats(), StaffJSON) {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}
