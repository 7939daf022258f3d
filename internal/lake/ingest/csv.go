package ingest

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Faults of a CSV record; the reader goes on behind all of them but errRecordLong.
var (
	errCut        = errors.New("the file ends inside this row")
	errQuote      = errors.New("text follows a closing quote")
	errRecordLong = errors.New("the row is longer than 8 MiB, or a quote is never closed")
	errUTF8       = errors.New("the row is not UTF-8; save the file as UTF-8")
)

// csvReader reads RFC 4180 with LF, CRLF or mixed ends, in constant memory. Unlike encoding/csv it bounds a record,
// tells a file that ends inside a quoted cell, and keeps the physical line of each record's start.
type csvReader struct {
	in     io.Reader
	comma  byte
	buf    []byte
	r, w   int
	eof    error // what ended the input, io.EOF when it was whole
	line   int64 // physical line of buf[r]
	Line   int64 // where the last record started
	Ended  bool  // the last record had its line end
	cells  []string
	fields []csvField
}

type csvField struct {
	start, end int
	escaped    bool // has doubled quotes
}

func newCSVReader(in io.Reader, comma byte) *csvReader {
	return &csvReader{in: in, comma: comma, buf: make([]byte, bufferBytes), line: 1}
}

// Read returns the next record's cells, valid until the next call. Blank lines are skipped. io.EOF is the end; any
// other error that is none of the record faults comes from the input.
func (c *csvReader) Read() ([]string, error) {
	for {
		n, lines, done, err := c.scan(c.buf[c.r:c.w])
		if !done {
			if c.eof == nil {
				if err := c.fill(); err != nil {
					return nil, err
				}
				continue
			}
			if c.r == c.w {
				return nil, c.eof
			}
			return c.last(lines, err)
		}
		record := c.buf[c.r : c.r+n]
		c.r += n
		c.Line, c.Ended = c.line, true
		c.line += lines
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimRight(record, "\r\n")) > 0 {
			return c.take(record)
		}
	}
}

// last handles what stands behind the final line end.
func (c *csvReader) last(lines int64, err error) ([]string, error) {
	record := c.buf[c.r:c.w]
	c.r = c.w
	c.Line, c.Ended = c.line, false
	c.line += lines
	if !errors.Is(c.eof, io.EOF) {
		return nil, c.eof // compressed data ended early: this row is not whole
	}
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimRight(record, "\r\n")) == 0 {
		return nil, io.EOF
	}
	return c.take(record)
}

// fill reads more behind buf[w], moving the record to the front and growing the buffer up to MaxRecord.
func (c *csvReader) fill() error {
	if c.r > 0 {
		copy(c.buf, c.buf[c.r:c.w])
		c.w -= c.r
		c.r = 0
	}
	if c.w == len(c.buf) {
		if len(c.buf) >= MaxRecord {
			c.Line = c.line
			c.r, c.w, c.eof = 0, 0, io.EOF
			return errRecordLong
		}
		c.buf = append(c.buf, make([]byte, len(c.buf))...)
	}
	for c.w < len(c.buf) && c.eof == nil { // full, since a record that does not fit is scanned again from its start
		n, err := c.in.Read(c.buf[c.w:])
		c.w += n
		c.eof = err
	}
	return nil
}

// scan finds the first record's end in b and its fields. done says that the record ended with a line end; an error
// beside done is a fault of the record, whose end was found all the same. Without done, err tells whether b, if it
// is all there is, ends inside a quoted cell.
func (c *csvReader) scan(b []byte) (n int, lines int64, done bool, err error) {
	c.fields = c.fields[:0]
	i := 0
	for {
		if i < len(b) && b[i] == '"' {
			f, next, nl, ok := quoted(b, i)
			lines += nl
			if !ok {
				return 0, lines, false, errCut
			}
			c.fields = append(c.fields, f)
			i = next
			if i < len(b) && b[i] != c.comma && b[i] != '\n' && b[i] != '\r' {
				return c.skipLine(b, i, lines)
			}
			if i < len(b) && b[i] == '\r' {
				if i++; i < len(b) && b[i] != '\n' {
					return c.skipLine(b, i, lines)
				}
			}
		} else {
			start := i
			for i < len(b) && b[i] != c.comma && b[i] != '\n' {
				i++
			}
			end := i
			if end > start && b[end-1] == '\r' {
				end--
			}
			c.fields = append(c.fields, csvField{start: start, end: end})
		}
		if i >= len(b) {
			return 0, lines, false, nil
		}
		if b[i] == '\n' {
			return i + 1, lines + 1, true, nil
		}
		i++
	}
}

// skipLine resumes at the next line after a fault.
func (c *csvReader) skipLine(b []byte, i int, lines int64) (int, int64, bool, error) {
	j := bytes.IndexByte(b[i:], '\n')
	if j < 0 {
		return 0, lines, false, errQuote
	}
	return i + j + 1, lines + 1, true, errQuote
}

// quoted reads a quoted cell that starts at b[i] and returns where it stopped and the line ends inside.
func quoted(b []byte, i int) (f csvField, next int, lines int64, ok bool) {
	f.start = i + 1
	for j := i + 1; ; {
		k := bytes.IndexByte(b[j:], '"')
		if k < 0 {
			return f, 0, lines, false
		}
		lines += int64(bytes.Count(b[j:j+k], []byte{'\n'}))
		j += k
		if j+1 < len(b) && b[j+1] == '"' {
			f.escaped = true
			j += 2
			continue
		}
		f.end = j
		return f, j + 1, lines, true
	}
}

// take turns the scanned fields into strings that share one allocation.
func (c *csvReader) take(record []byte) ([]string, error) {
	s := string(record)
	if !utf8.ValidString(s) {
		return nil, errUTF8
	}
	c.cells = c.cells[:0]
	for _, f := range c.fields {
		cell := s[f.start:f.end]
		if f.escaped {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		c.cells = append(c.cells, cell)
	}
	return c.cells, nil
}
