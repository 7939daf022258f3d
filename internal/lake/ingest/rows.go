package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// Rows streams the file's rows. A *Fault in the error's place is something wrong with the file; reading goes on so
// that all faults are found, up to MaxFaults. Any other error ends the stream. A file that yields a fault is to be
// refused as a whole. The report, which may be nil, is filled while the rows pass.
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
	}
}

// emitter hands rows and faults to the caller, and knows when to stop.
type emitter struct {
	d       *decoder
	ctx     context.Context //nolint:containedctx // one stream's
	yield   func(Row, error) bool
	rows    int64
	faults  int
	stopped bool
}

// emit finishes the row that was put into the decoder.
func (e *emitter) emit(line int64) {
	row, ok := e.d.row(line)
	for _, f := range e.d.faults {
		e.fault(f)
	}
	e.d.faults = e.d.faults[:0]
	if !ok || e.stopped {
		return
	}
	e.rows++
	if e.d.report != nil {
		e.d.report.Rows++
	}
	if !e.yield(row, nil) {
		e.stopped = true
	}
	if e.rows%checkEvery == 0 && e.ctx.Err() != nil {
		e.fail(e.ctx.Err(), 0)
	}
}

func (e *emitter) fault(f *Fault) {
	if e.stopped {
		return
	}
	e.faults++
	if e.d.report != nil {
		e.d.report.Faults++
	}
	if e.faults > MaxFaults {
		_ = e.yield(Row{}, &Fault{File: f.File, Line: f.Line, Code: CodeMore,
			Detail: fmt.Sprintf("more than %d faults; the rest was not read", MaxFaults)})
		e.stopped = true
		return
	}
	if !e.yield(Row{}, f) {
		e.stopped = true
	}
}

func (e *emitter) bad(line int64, err error) {
	code := CodeRow
	switch {
	case errors.Is(err, errCut):
		code = CodeCut
	case errors.Is(err, errRecordLong):
		code = CodeLong
	case errors.Is(err, errUTF8):
		code = CodeEncoding
	}
	e.fault(&Fault{File: e.d.src.Name, Line: line, Code: code, Detail: err.Error()})
}

// fail ends the stream: with a fault where the file itself is broken.
func (e *emitter) fail(err error, line int64) {
	if e.stopped {
		return
	}
	if f := e.d.src.streamFault(err, line); f != nil {
		e.fault(f)
	} else {
		_ = e.yield(Row{}, fmt.Errorf("read %s: %w", e.d.src.Name, err))
	}
	e.stopped = true
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
			e.d.put(s.targets[i], int32(i), cell, r.Line) //nolint:gosec // MaxColumns
		}
		e.emit(r.Line)
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

// lineReader reads JSONL lines of at most MaxRecord bytes.
type lineReader struct {
	r    *bufio.Reader
	line int64
	long []byte
}

// next returns a line and whether it had its end.
func (l *lineReader) next() (text string, ended bool, err error) {
	l.line++
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if err == nil && len(l.long) == 0 {
			return string(part), true, nil
		}
		if len(l.long)+len(part) > MaxRecord {
			return "", false, errRecordLong
		}
		l.long = append(l.long, part...)
		switch {
		case err == nil:
			return string(l.long), true, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(l.long) > 0:
			return string(l.long), false, nil
		default:
			return "", false, err //nolint:wrapcheck // told by fail
		}
	}
}

func (s *Source) lineRows(in io.Reader, e *emitter) {
	lines := &lineReader{r: bufio.NewReaderSize(in, bufferBytes)}
	o := newObjectReader(s, e.d)
	for !e.stopped {
		text, ended, err := lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.Is(err, errRecordLong):
			e.bad(lines.line, err)
			return
		case err != nil:
			e.fail(err, lines.line)
			return
		case strings.TrimSpace(text) == "":
			continue
		case !utf8.ValidString(text):
			e.bad(lines.line, errUTF8)
			continue
		}
		rest, err := o.read(text, lines.line)
		if err == nil && space(text, rest) != len(text) {
			err = errJSON
		}
		if err != nil {
			e.d.discard()
			if !ended {
				err = errCut
			}
			e.bad(lines.line, err)
			continue
		}
		e.emit(lines.line)
	}
}
