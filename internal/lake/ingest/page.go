package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// documentRows streams the rows of a JSON document.
func (s *Source) documentRows(in io.Reader, e *emitter) {
	p := &page{s: s, e: e, o: newObjectReader(s, e.d)}
	line, err := walk(in, visitor{
		item:   func(_ string, raw []byte, line int64) error { return p.item(raw, line) },
		member: func(key string, raw []byte, line int64) error { p.beside(key, raw, line); return nil },
		object: func(members []member, line int64) error { return p.item(object(members, line), line) },
	})
	switch {
	case err == nil, errors.Is(err, errEnough):
	case errors.Is(err, errRecordLong), errors.Is(err, errList):
		e.bad(line, err)
	case errors.Is(err, io.ErrUnexpectedEOF) && s.Packing == PackingNone:
		e.bad(line, errCut)
	case isJSONFault(err) && !errors.Is(err, io.ErrUnexpectedEOF):
		e.bad(line, errSyntax)
	default:
		e.fail(err, line)
	}
}

// object writes the members of a top-level object as one text again, each value on its own line of the file.
func object(members []member, line int64) []byte {
	out := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		for ; line < m.line; line++ {
			out = append(out, '\n')
		}
		key, _ := json.Marshal(m.key) // a string always can
		out = append(append(out, key...), ':')
		out = append(out, m.raw...)
		line += int64(bytes.Count(m.raw, []byte{'\n'}))
	}
	return append(out, '}')
}

// beside looks at what stands beside a page's rows. A page that is not the last one is worth telling: pages that are
// imported one by one would replace each other.
func (p *page) beside(key string, raw []byte, line int64) {
	if key != "links" {
		return
	}
	var links struct{ Next struct{ URI string } }
	if json.Unmarshal(raw, &links) == nil && links.Next.URI != "" {
		p.e.d.report.note(NoteNextPage, "", "another page follows this one; import all pages in one command", line)
	}
}

// page emits the rows of one document after the other.
type page struct {
	s    *Source
	e    *emitter
	o    *objectReader
	last int64 // line of the last row, so that rows of one line stay apart
}

func (p *page) item(raw []byte, line int64) error {
	if p.e.stopped {
		return errEnough
	}
	if !utf8.Valid(raw) {
		p.e.bad(line, errUTF8)
		return nil
	}
	text := string(raw)
	switch p.s.Kind {
	case KindDocument:
		p.e.d.root = ""
		p.document(text, line, 0)
	case KindRateCard:
		p.meter(text, line)
	default:
		p.row(text, line)
	}
	return nil
}

// row emits one object as a row.
func (p *page) row(text string, line int64) {
	if _, err := p.o.read(text, line); err != nil {
		p.e.d.discard()
		p.e.bad(line, err)
		return
	}
	p.last = max(p.last+1, line)
	p.e.emit(line, p.last)
}

// document emits an invoice and then its amendments, each a document of its own.
func (p *page) document(text string, line int64, depth int) {
	p.row(text, line)
	type amendment struct {
		text string
		at   int
	}
	var found []amendment
	_, _ = scanObject(text, func(key, cell string, at int) error { // it was read above
		if normalName(key) == "amendments" {
			for i := 1; i < len(cell); {
				if cell[i] != '{' {
					i++
					continue
				}
				end, ok := skipNested(cell, i)
				if !ok {
					break
				}
				found = append(found, amendment{cell[i:end], at + i})
				i = end
			}
		}
		return nil
	})
	if depth >= MaxDepth && len(found) > 0 {
		p.e.fault(&Fault{File: p.s.Name, Line: line, Column: "amendments", Code: CodeRow, Detail: "amendments of amendments, too deep"})
		return
	}
	at := 0
	for _, a := range found {
		for ; at < a.at; at++ {
			if text[at] == '\n' {
				line++
			}
		}
		p.document(a.text, line, depth+1)
	}
}
