package ingest

import (
	"errors"
	"strings"
)

var errKeys = errors.New("the file's objects have more than 1,000 different keys")

// objectReader puts the members of JSON objects into a decoder. Objects of one file mostly have the same keys in the
// same order, so a key's target is found by its position first.
type objectReader struct {
	d       *decoder
	order   []knownKey
	targets map[string]knownKey
	names   map[string]target // every accepted spelling
}

type knownKey struct {
	key    string
	name   int32 // among the decoder's names
	target target
}

func newObjectReader(s *Source, d *decoder) *objectReader {
	return &objectReader{d: d, targets: make(map[string]knownKey), names: knownKinds()[s.Kind].names}
}

// read puts one object and returns where it ends. The line of a member is line plus the breaks before it.
func (o *objectReader) read(text string, line int64) (rest int, err error) {
	n, at := 0, 0
	return scanObject(text, func(key, cell string, i int) error {
		for ; at < i; at++ {
			if text[at] == '\n' {
				line++
			}
		}
		k, err := o.known(key, n, line)
		if err != nil {
			return err
		}
		n++
		o.d.put(k.target, k.name, cell, line)
		return nil
	})
}

// known finds what the n-th key of an object feeds.
func (o *objectReader) known(key string, n int, line int64) (knownKey, error) {
	if n < len(o.order) && o.order[n].key == key {
		return o.order[n], nil
	}
	k, ok := o.targets[key]
	if !ok {
		if len(o.targets) >= MaxColumns {
			return k, errKeys
		}
		key = strings.Clone(key) // it outlives its row
		k = knownKey{key: key, name: o.d.known(key), target: o.resolve(key, line)}
		o.targets[key] = k
	}
	switch {
	case n == len(o.order):
		o.order = append(o.order, k)
	case n < len(o.order):
		o.order[n] = k
	}
	return k, nil
}

// resolve maps a key that was not seen before; one that nothing takes is told once.
func (o *objectReader) resolve(key string, line int64) target {
	if t, ok := o.names[normalName(key)]; ok {
		return t
	}
	if !contains(o.d.src.Unknown, key) && !plumbing[key] {
		o.d.report.note(NoteUnknown, key, "column "+key+" is not known and is not read", line)
	}
	return unknownTarget
}

// plumbing are members that pages carry beside data.
var plumbing = map[string]bool{
	"attributes": true, "links": true, "invoiceLineItemType": true, "billingProvider": true, "pdfDownloadLink": true,
	"taxReceipts": true, "invoiceDetails": true, "currencySymbol": true, "amendments": true,
	"rates": true, "discountDetails": true,
}
