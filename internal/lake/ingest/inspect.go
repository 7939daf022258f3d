package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Inspect looks at the head of a file and says what it is: packing, format, kind, columns, and how its first rows are
// written. It reads no more than that, but for price sheets, unbilled files and pages whose month or invoice only
// their rows or ends tell. Bytes and SHA256 are left to Digest.
//
// A file that is nothing known, or lacks key columns, is an errs.Invalid (file.unknown, file.columns, file.encoding,
// file.empty, file.column_twice) with a field for each fault.
func Inspect(ctx context.Context, path string) (*Source, error) {
	return InspectAs(ctx, path, filepath.Base(path))
}

// InspectAs is Inspect for a file that places call by another name, since its own is not the only one of its kind.
func InspectAs(ctx context.Context, path, name string) (*Source, error) {
	s := &Source{Path: path, Name: name}
	in, err := open(path, nil)
	if err != nil {
		return nil, s.openError(err)
	}
	defer in.Close() //nolint:errcheck // read only
	s.Packing, s.BOM = in.packing, in.bom
	if err := s.recognise(in.Reader); err != nil {
		var e *errs.Error
		if errors.As(err, &e) {
			return nil, e
		}
		return nil, s.openError(err)
	}
	s.name()
	if err := s.preview(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// recognise tells JSON from CSV by the first byte that is no space.
func (s *Source) recognise(b *bufio.Reader) error {
	for {
		c, err := b.Peek(1)
		if errors.Is(err, io.EOF) {
			return errs.New(errs.Invalid, CodeEmpty, "%s is empty", s.Name).With(
				errs.Field{Place: s.Name, Code: CodeEmpty, Detail: "the file is empty"})
		}
		if err != nil {
			return err //nolint:wrapcheck // told by openError
		}
		if strings.IndexByte(" \t\r\n", c[0]) < 0 {
			if c[0] == '{' || c[0] == '[' {
				return s.recogniseJSON(b)
			}
			return s.recogniseCSV(b)
		}
		_, _ = b.Discard(1) // it was peeked
	}
}

func (s *Source) recogniseCSV(b *bufio.Reader) error {
	s.Format = FormatCSV
	line, err := b.Peek(bufferBytes)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return err //nolint:wrapcheck // told by openError
	}
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
		return errs.New(errs.Invalid, CodeUnknown, "%s is neither CSV nor JSON in UTF-8", s.Name).With(
			errs.Field{Place: s.Name, Code: CodeUnknown, Detail: "not a text file that is known"})
	}
	s.Comma = separator(string(line))
	r := newCSVReader(b, s.Comma)
	header, err := r.Read()
	if err != nil {
		if isRecordFault(err) {
			return errs.New(errs.Invalid, CodeUnknown, "%s: the header cannot be read", s.Name).With(
				errs.Field{Place: place(s.Name, r.Line), Code: CodeRow, Detail: err.Error()})
		}
		return err
	}
	if len(header) > MaxColumns {
		return errs.New(errs.Invalid, CodeUnknown, "%s has too many columns", s.Name).With(
			errs.Field{Place: place(s.Name, r.Line), Code: CodeUnknown, Detail: fmt.Sprintf("%d columns; %d are the limit", len(header), MaxColumns)})
	}
	s.Header = append([]string(nil), header...)
	for i := range s.Header {
		s.Header[i] = strings.Trim(strings.TrimSpace(s.Header[i]), "\u201c\u201d\"") // typographic quotes (A1)
	}
	return s.settle(r.Line)
}

// settle finds the kind of a row file from its header.
func (s *Source) settle(line int64) error {
	if err := s.twice(line); err != nil {
		return err
	}
	f, ok := best(s.Header)
	if !ok {
		return s.unfit(f, line)
	}
	s.adopt(f)
	return nil
}

// separator is what stands most often between the header's names.
func separator(header string) byte {
	commaByte, most := byte(','), strings.Count(header, ",")
	for _, c := range []byte{';', '\t'} {
		if n := strings.Count(header, string(c)); n > most {
			commaByte, most = c, n
		}
	}
	return commaByte
}

func isRecordFault(err error) bool {
	return errors.Is(err, errCut) || errors.Is(err, errQuote) || errors.Is(err, errRecordLong) || errors.Is(err, errUTF8)
}

// name fills what the file's name and header tell beyond the kind.
func (s *Source) name() {
	switch s.Kind {
	case KindUsage:
		s.Variant = s.usageVariant()
	case KindCost:
		for _, v := range []string{VariantActual, VariantAmortized} {
			if strings.Contains(strings.ToLower(filepath.Base(s.Path)), v) {
				s.Variant = v
			}
		}
	case KindPrice:
		s.View = s.sheetView()
	case KindRateCard:
		s.View = "rate-card"
	default:
	}
	if s.Kind == KindPrice || s.Kind == KindFX || s.Kind == KindRateCard {
		s.Month = monthInName(filepath.Base(s.Path))
	}
	for _, u := range s.Unknown {
		s.note(NoteUnknown, u, "column "+u+" is not known and is not read", 1)
	}
}

// usageVariant tells the three spellings of A4 apart.
func (s *Source) usageVariant() string {
	switch {
	case s.Format == FormatCSV:
		return "portal"
	case s.Format == FormatJSON || len(s.Header) > 0 && startsLower(s.Header[0]):
		return "v1"
	default:
		return "graph"
	}
}

func startsLower(s string) bool { return s != "" && 'a' <= s[0] && s[0] <= 'z' }

// sheetView tells the price sheets apart by the columns that only they have. Azure sheets have one header; whether
// theirs are reservations is told by the first row's term.
func (s *Source) sheetView() string {
	has := func(name string) bool {
		i := s.schema.Index(name)
		for _, t := range s.targets {
			if int(t.col) == i {
				return true
			}
		}
		return false
	}
	switch {
	case has("billing_plan") || has("change_indicator"):
		return "updatedlicensebased"
	case has("meter_ids") || has("meter_type"):
		return "azure_consumption"
	case has("erp_price"):
		return "software"
	default:
		return "azure_consumption"
	}
}

func (s *Source) note(code errs.Code, column, detail string, line int64) {
	if len(s.Notes) < MaxNotes {
		s.Notes = append(s.Notes, Note{Code: code, Column: column, Detail: detail, Line: line, Count: 1})
	}
}

// preview reads the first rows for hints, and as many as it takes where a month depends on all of them.
func (s *Source) preview(ctx context.Context) error {
	if s.schema.Table == "" {
		return nil
	}
	if err := s.sniff(ctx); err != nil {
		return err
	}
	if s.needsMonth() {
		return s.findMonth(ctx)
	}
	return nil
}

// needsMonth says whether the data set's key needs a month that nothing has told yet.
func (s *Source) needsMonth() bool {
	if !s.Month.IsZero() {
		return false
	}
	switch s.Kind {
	case KindPrice, KindRateCard:
		return true
	case KindUsage, KindRecon, KindLegacyLicence, KindLegacyUsage, KindLegacyDaily:
		return s.unbilled
	default:
		return false
	}
}

// findMonth reads all rows: a sheet's month is the latest in which one of its prices starts, an unbilled file's period
// the latest in which a charge starts. Faults are left to the real reading.
func (s *Source) findMonth(ctx context.Context) error {
	d := newDecoder(s, nil)
	var latest period.Month
	for row, err := range s.rows(ctx, d) {
		var f *Fault
		switch {
		case errors.As(err, &f):
		case err != nil:
			return fmt.Errorf("find the month of %s: %w", s.Name, err)
		default:
			if m := d.keys.month(row.Values); latest.Before(m) {
				latest = m
			}
		}
	}
	s.Month = latest
	return nil
}
