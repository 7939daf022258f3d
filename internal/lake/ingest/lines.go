package ingest

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

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
		e.emit(lines.line, lines.line)
	}
}
