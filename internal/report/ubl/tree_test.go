package ubl_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// node is an element as a reader sees it.
type node struct {
	name     string // without prefix
	text     string
	attr     map[string]string
	children []*node
}

func parse(t interface{ Fatalf(string, ...any) }, b []byte) *node {
	d := xml.NewDecoder(strings.NewReader(string(b)))
	top := &node{}
	stack := []*node{top}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return top.children[0]
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		last := stack[len(stack)-1]
		switch v := token.(type) {
		case xml.StartElement:
			n := &node{name: v.Name.Local, attr: map[string]string{}}
			for _, a := range v.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			last.children = append(last.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			last.text += string(v)
		}
	}
}

// all are the elements at a path below n.
func (n *node) all(path string) []*node {
	first, rest, deeper := strings.Cut(path, "/")
	var out []*node
	for _, c := range n.children {
		if c.name != first && (first != "Line" || c.name != "InvoiceLine" && c.name != "CreditNoteLine") {
			continue
		}
		if deeper {
			out = append(out, c.all(rest)...)
		} else {
			out = append(out, c)
		}
	}
	return out
}

// at is the text of the first element at a path, "" when there is none.
func (n *node) at(path string) string {
	if found := n.all(path); len(found) > 0 {
		return found[0].text
	}
	return ""
}

func (n *node) amount(path string) money.Decimal {
	s := n.at(path)
	if s == "" {
		return money.Zero
	}
	return dec(s)
}

func (n *node) sum(path string) money.Decimal {
	var s money.Decimal
	for _, f := range n.all(path) {
		s = s.Add(dec(f.text))
	}
	return s
}

func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, c := range n.children {
		c.walk(visit)
	}
}

func TestTreeReadsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	n := parse(t, []byte(`<a><b x="1">2</b><b>3.5</b></a>`))
	if got := n.sum("b").String() + n.at("b") + n.all("b")[0].attr["x"] + n.at("c"); got != "5.521" {
		t.Errorf("read %q", got)
	}
}
