package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// errNoLine says that the file has fewer lines than were asked for.
var errNoLine = errors.New("there is no such line")

// RowsAt streams the rows at some physical lines of a CSV file, which must be a row a line; the lines are given in
// order. It reads past all others without looking into them. Anything wrong with a row ends the stream with its fault.
func (s *Source) RowsAt(ctx context.Context, lines []int64) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in, err := open(s.Path, nil)
		if err != nil {
			yield(Row{}, s.openError(err))
			return
		}
		defer in.Close() //nolint:errcheck // read only
		d := newDecoder(s, nil)
		d.names = s.Header
		e := &emitter{d: d, yield: yield, ctx: ctx}
		at := &lineSkipper{r: bufio.NewReaderSize(in, bufferBytes)}
		for _, n := range lines {
			text, err := at.line(n)
			if err != nil {
				e.fail(err, n)
				return
			}
			if s.oneRow(e, text, n); e.stopped || e.faults > 0 {
				return
			}
		}
	}
}

// oneRow reads a line that holds one row.
func (s *Source) oneRow(e *emitter, text string, line int64) {
	r := &csvReader{in: strings.NewReader(text), comma: s.Comma, buf: make([]byte, len(text)+1), line: line}
	cells, err := r.Read()
	switch {
	case err != nil:
		e.bad(line, err)
		return
	case len(cells) != len(s.targets):
		e.cells(r, len(cells))
		return
	}
	for i, cell := range cells {
		e.d.put(s.targets[i], int32(i), cell, line)
	}
	e.emit(line, line)
}

// lineSkipper reads chosen lines of a file, counted from 1.
type lineSkipper struct {
	r    *bufio.Reader
	next int64 // lines that were read or passed
	long []byte
}

// line gives line n, which lies behind those given before.
func (l *lineSkipper) line(n int64) (string, error) {
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		wanted := l.next == n-1
		if wanted {
			if len(l.long)+len(part) > MaxRecord {
				return "", errRecordLong
			}
			l.long = append(l.long, part...)
		}
		switch {
		case err == nil:
			l.next++
			if wanted {
				return string(l.long), nil
			}
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && wanted && len(l.long) > 0:
			l.next++
			return string(l.long), nil
		case errors.Is(err, io.EOF):
			return "", fmt.Errorf("line %d: %w", n, errNoLine)
		default:
			return "", err //nolint:wrapcheck // told by fail
		}
	}
}
