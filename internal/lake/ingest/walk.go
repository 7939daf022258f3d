package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// errEnough stops a walk whose visitor has seen what it wanted.
var errEnough = errors.New("enough")

// visitor is what a walk over a JSON document calls. raw is valid during the call.
type visitor struct {
	item   func(list string, raw []byte, line int64) error // an element of items, value or meters, or of a top-level array
	member func(key string, raw []byte, line int64) error  // any other member of a top-level object
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

// readStep is how much a walk reads at a time: small against MaxRecord, so that what is buffered is about what one
// value needs.
const readStep = 64 << 10

// feed hands a decoder its input and knows on which line an offset stands, in the order in which offsets are asked.
// It stops a value that is longer than MaxRecord before memory holds all of it.
type feed struct {
	r      io.Reader
	offset func() int64 // how far the decoder is
	breaks []int64
	read   int64
	line   int64
}

func (f *feed) Read(p []byte) (int, error) {
	if f.read-f.offset() > MaxRecord+readStep {
		return 0, errRecordLong
	}
	n, err := f.r.Read(p[:min(len(p), readStep)])
	for i := 0; i < n; {
		j := bytes.IndexByte(p[i:n], '\n')
		if j < 0 {
			break
		}
		f.breaks = append(f.breaks, f.read+int64(i+j))
		i += j + 1
	}
	f.read += int64(n)
	return n, err //nolint:wrapcheck // passed through
}

func (f *feed) at(offset int64) int64 {
	n := 0
	for n < len(f.breaks) && f.breaks[n] < offset {
		n++
	}
	f.breaks = append(f.breaks[:0], f.breaks[n:]...)
	f.line += int64(n)
	return f.line + 1
}

// walk streams one JSON document after the other, an item at a time. line is where it stopped.
func walk(in io.Reader, v visitor) (line int64, err error) {
	f := &feed{r: in}
	dec := json.NewDecoder(f)
	f.offset = dec.InputOffset
	w := walker{dec: dec, feed: f, v: v}
	for {
		t, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF):
			return f.at(dec.InputOffset()), nil
		case err != nil:
		case t == json.Delim('['):
			err = w.array("")
		case t == json.Delim('{'):
			err = w.object()
		default:
			err = errJSON
		}
		if err != nil {
			return w.stopped(err), err //nolint:wrapcheck // told by the caller
		}
	}
}

type walker struct {
	dec  *json.Decoder
	feed *feed
	v    visitor
}

// stopped is the line at which an error is: the file's end where it is cut, otherwise where the value that could not be
// read starts.
func (w *walker) stopped(err error) int64 {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return w.feed.at(w.feed.read)
	}
	rest, at := w.dec.Buffered(), w.dec.InputOffset()
	for b := [1]byte{}; ; at++ {
		if n, _ := rest.Read(b[:]); n == 0 || bytes.IndexByte([]byte(" \t\r\n,:"), b[0]) < 0 {
			return w.feed.at(at)
		}
	}
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
	return raw, w.feed.at(w.dec.InputOffset() - int64(len(raw))), nil
}

// object visits the members behind an opening brace.
func (w *walker) object() error {
	line, listed, size := w.feed.at(w.dec.InputOffset()), false, 0
	var members []member
	for w.dec.More() {
		t, err := w.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if list := strings.ToLower(key); lists[list] {
			if t, err = w.token(); err != nil {
				return err
			}
			if t != json.Delim('[') {
				return errList
			}
			listed = true
			if err := w.array(list); err != nil {
				return err
			}
			continue
		}
		m, err := w.member(key)
		if err != nil {
			return err
		}
		if size += len(key) + len(m.raw); size > MaxRecord || len(members) >= MaxColumns {
			return errRecordLong
		}
		members = append(members, m)
	}
	if _, err := w.token(); err != nil {
		return err
	}
	if listed {
		return nil
	}
	return w.v.object(members, line)
}

func (w *walker) member(key string) (member, error) {
	raw, line, err := w.value()
	if err != nil {
		return member{}, err
	}
	return member{key, raw, line}, w.v.member(key, raw, line)
}
