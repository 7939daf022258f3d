package ubl

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// The namespaces of UBL 2.1; the document's own is followed by its root's name and "-2".
const (
	nsRoot = "urn:oasis:names:specification:ubl:schema:xsd:"
	nsCAC  = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
	nsCBC  = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
)

// writer writes elements in the order of its calls. Elements without content are left out, since Peppol forbids them
// (PEPPOL-EN16931-R008).
type writer struct {
	b     bytes.Buffer
	depth int
}

func (w *writer) bytes() []byte { return w.b.Bytes() }

// root writes the declaration and the document's element around body.
func (w *writer) root(name string, body func()) {
	w.b.WriteString(xml.Header)
	w.b.WriteString("<" + name + ` xmlns="` + nsRoot + name + `-2"` + "\n    xmlns:cac=\"" + nsCAC + "\"\n    xmlns:cbc=\"" + nsCBC + "\">\n")
	w.depth++
	body()
	w.depth--
	w.b.WriteString("</" + name + ">\n")
}

// group writes an element around body, or nothing when body writes nothing.
func (w *writer) group(name string, body func()) {
	before := w.b.Len()
	w.indent()
	w.b.WriteString("<" + name + ">\n")
	open := w.b.Len()
	w.depth++
	body()
	w.depth--
	if w.b.Len() == open {
		w.b.Truncate(before)
		return
	}
	w.indent()
	w.b.WriteString("</" + name + ">\n")
}

// text writes an element with a text and attributes (name, value, ...); a blank text writes nothing.
func (w *writer) text(name, value string, attributes ...string) {
	value = strings.TrimSpace(value)
	if value == "" {
		return
	}
	w.indent()
	w.b.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			w.b.WriteString(" " + attributes[i] + `="`)
			w.escape(attributes[i+1])
			w.b.WriteByte('"')
		}
	}
	w.b.WriteByte('>')
	w.escape(value)
	w.b.WriteString("</" + name + ">\n")
}

// escape writes s as character data; what XML cannot hold, such as a control character, becomes U+FFFD.
func (w *writer) escape(s string) {
	_ = xml.EscapeText(&w.b, []byte(s)) // a buffer's Write returns no error
}

func (w *writer) indent() {
	for range w.depth {
		w.b.WriteString("  ")
	}
}

// oneLine is s with every run of white space as one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// compact is s without white space, as identifiers are written.
func compact(s string) string { return strings.Join(strings.Fields(s), "") }
