package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

// Rows streams the file's rows. A *Fault in the error's place is something wrong with the file; reading goes on so
// that all faults are found. The first MaxFaults are told; of more, a last one with CodeMore tells how many there are.
// Any other error ends the stream. A file that yields a fault is to be refused as a whole. The report, which may be
// nil, is filled while the rows pass.
func (s *Source) Rows(ctx context.Context, report *Report) iter.Seq2[Row, error] {
	return s.rows(ctx, newDecoder(s, report))
}

func (s *Source) rows(ctx context.Context, d *decoder) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if s.schema.Table == "" {
			return
		}
		e := &emitter{d: d, yield: yield, ctx: ctx}
		in, err := open(s.Path, nil)
		if err != nil {
			e.fail(s.openError(err), 0)
			return
		}
		defer in.Close() //nolint:errcheck // read only
		switch s.Format {
		case FormatCSV:
			s.csvRows(in, e)
		case FormatJSONL:
			s.lineRows(in, e)
		default:
			s.documentRows(in, e)
		}
		e.end()
	}
}

func (s *Source) csvRows(in io.Reader, e *emitter) {
	r := newCSVReader(in, s.Comma)
	if _, err := r.Read(); err != nil {
		e.fail(err, r.Line)
		return
	}
	e.d.names = s.Header
	for !e.stopped {
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return
		case isRecordFault(err):
			e.bad(r.Line, err)
			continue
		case err != nil:
			e.fail(err, r.Line)
			return
		}
		if len(cells) != len(s.targets) {
			e.cells(r, len(cells))
			continue
		}
		for i, cell := range cells {
			e.d.put(s.targets[i], int32(i), cell, r.Line)
		}
		e.emit(r.Line, r.Line)
	}
}

// cells tells a row with the wrong number of cells; the last one without its line end is cut.
func (e *emitter) cells(r *csvReader, n int) {
	want := len(e.d.src.targets)
	if !r.Ended && n < want {
		e.bad(r.Line, fmt.Errorf("%w: %d of %d cells", errCut, n, want))
		return
	}
	e.fault(&Fault{File: e.d.src.Name, Line: r.Line, Code: CodeCells, Detail: fmt.Sprintf("%d cells where the header has %d", n, want)})
}
