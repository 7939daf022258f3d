package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// errEnough stops a walk whose visitor has seen what it wanted.
var errEnough = errors.New("enough")

// visitor is what a walk over a JSON document calls. raw is valid during the call.
type visitor struct {
	item   func(list string, raw []byte, line int64) error // an element of items, value or meters, or of a top-level array
	member func(key string, raw []byte) error              // any other member of a top-level object
	object func(members []member, line int64) error        // a top-level object without a list, when it ends
}

// member is one member of a top-level object, and the line where its value starts.
type member struct {
	key  string
	raw  []byte
	line int64
}

// lists are the members that hold a document's rows.
var lists = map[string]bool{"items": true, "value": true, "meters": true}

// lineCounter knows on which line an offset of the stream stands, in the order in which offsets are asked.
type lineCounter struct {
	r      io.Reader
	breaks []int64
	read   int64
	line   int64
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i := 0; i < n; {
		j := bytes.IndexByte(p[i:n], '\n')
		if j < 0 {
			break
		}
		l.breaks = append(l.breaks, l.read+int64(i+j))
		i += j + 1
	}
	l.read += int64(n)
	return n, err //nolint:wrapcheck // passed through
}

func (l *lineCounter) at(offset int64) int64 {
	n := 0
	for n < len(l.breaks) && l.breaks[n] < offset {
		n++
	}
	l.breaks = append(l.breaks[:0], l.breaks[n:]...)
	l.line += int64(n)
	return l.line + 1
}

// walk streams one JSON document after the other, an item at a time. line is where it stopped.
func walk(in io.Reader, v visitor) (line int64, err error) {
	counter := &lineCounter{r: in}
	dec := json.NewDecoder(counter)
	w := walker{dec: dec, counter: counter, v: v}
	for {
		t, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF):
			return counter.at(dec.InputOffset()), nil
		case err != nil:
			return counter.at(dec.InputOffset()), err //nolint:wrapcheck // told by the caller
		case t == json.Delim('['):
			err = w.array("")
		case t == json.Delim('{'):
			err = w.object()
		default:
			err = errJSON
		}
		if err != nil {
			return counter.at(dec.InputOffset()), err
		}
	}
}

type walker struct {
	dec     *json.Decoder
	counter *lineCounter
	v       visitor
}

// array visits the elements behind an opening bracket.
func (w *walker) array(list string) error {
	for w.dec.More() {
		raw, line, err := w.value()
		if err != nil {
			return err
		}
		if err := w.v.item(list, raw, line); err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}

// token is the next token inside a document, where an end is a cut.
func (w *walker) token() (json.Token, error) {
	t, err := w.dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return t, err //nolint:wrapcheck // told by the caller
}

// value reads one value and the line where it starts.
func (w *walker) value() (raw json.RawMessage, line int64, err error) {
	if err := w.dec.Decode(&raw); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, 0, err //nolint:wrapcheck // told by the caller
	}
	if len(raw) > MaxRecord {
		return nil, 0, errRecordLong
	}
	return raw, w.counter.at(w.dec.InputOffset() - int64(len(raw))), nil
}

// object visits the members behind an opening brace.
func (w *walker) object() error {
	line, listed := w.counter.at(w.dec.InputOffset()), false
	var members []member
	for w.dec.More() {
		t, err := w.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if lists[key] {
			if t, err = w.token(); err != nil {
				return err
			}
			if t != json.Delim('[') {
				return errJSON
			}
			listed = true
			if err := w.array(key); err != nil {
				return err
			}
			continue
		}
		raw, at, err := w.value()
		if err != nil {
			return err
		}
		if err := w.v.member(key, raw); err != nil {
			return err
		}
		if len(members) < MaxColumns {
			members = append(members, member{key, raw, at})
		}
	}
	if _, err := w.token(); err != nil {
		return err
	}
	if listed {
		return nil
	}
	return w.v.object(members, line)
}

// recogniseJSON tells lines of objects from documents, and what they hold.
func (s *Source) recogniseJSON(b *bufio.Reader) error {
	peeked, err := b.Peek(bufferBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err //nolint:wrapcheck // told by openError
	}
	line := string(peeked)
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if header, ok := objectKeys(line); ok {
		s.Header = header
		if f, ok := best(header); ok {
			s.Format = FormatJSONL
			s.adopt(f)
			return nil
		}
	}
	s.Format, s.Header = FormatJSON, nil
	return s.recogniseDocument(b)
}

// objectKeys lists the members of a line that is exactly one object.
func objectKeys(line string) ([]string, bool) {
	var keys []string
	rest, err := scanObject(line, func(key, _ string, _ int) error {
		keys = append(keys, key)
		return nil
	})
	return keys, err == nil && space(line, rest) == len(line)
}

// recogniseDocument walks as far as it takes to know the kind and what its rows need from outside their list.
func (s *Source) recogniseDocument(in io.Reader) error {
	var sure error
	line, err := walk(in, visitor{
		item: func(list string, raw []byte, line int64) error {
			if s.Kind == "" {
				if sure = s.recogniseItem(list, raw, line); sure != nil {
					return sure
				}
			}
			return s.enough()
		},
		member: func(key string, raw []byte) error { return s.outside(key, raw) },
		object: func(members []member, line int64) error {
			sure = s.recogniseObject(members, line)
			return sure
		},
	})
	switch {
	case sure != nil:
		return sure
	case err == nil, errors.Is(err, errEnough), s.Kind != "" && isJSONFault(err):
		if s.Kind == "" {
			s.Kind = KindNone
			s.note(NoteNoCharges, "", "the page holds no items", 1)
		}
		return nil
	case isJSONFault(err):
		return errs.New(errs.Invalid, CodeUnknown, "%s is not whole JSON", s.Name).With(
			errs.Field{Place: place(s.Name, line), Code: CodeUnknown, Detail: "not JSON from here on, or cut"})
	default:
		return err
	}
}

// isJSONFault tells what the file's text is at fault for.
func isJSONFault(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) || errors.Is(err, errJSON) || errors.Is(err, errRecordLong) || errors.Is(err, io.ErrUnexpectedEOF)
}

// enough stops the walk unless members behind the list are needed: a rate card's currency, a page's invoice.
func (s *Source) enough() error {
	switch s.Kind {
	case KindRateCard:
		if s.currency == "" {
			return nil
		}
	case KindLegacyLicence, KindLegacyUsage, KindLegacyDaily:
		if !contains(s.Header, "invoiceNumber") && s.Invoice == "" {
			return nil
		}
	default:
	}
	return errEnough
}

// outside takes a member that rows need from outside their list.
func (s *Source) outside(key string, raw []byte) error {
	switch key {
	case "currency":
		_ = json.Unmarshal(raw, &s.currency) // a rate card's; of another shape it is not ours
	case "locale":
		var locale string
		if json.Unmarshal(raw, &locale) == nil && strings.Contains(locale, "-") {
			s.market = locale[strings.LastIndexByte(locale, '-')+1:]
		}
	case "links":
		var links struct{ Self struct{ URI string } }
		if json.Unmarshal(raw, &links) != nil {
			return nil
		}
		parts := strings.Split(strings.Trim(links.Self.URI, "/"), "/")
		if len(parts) > 2 && parts[0] == "invoices" && parts[1] != "unbilled" {
			s.Invoice = parts[1]
		}
	}
	return nil
}
