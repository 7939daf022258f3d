// Package cli is the command line: nouns, then verbs. It owns flags, tables, exit codes and the one JSON document that
// --json prints; every command calls the application through one interface and knows no rule.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"golang.org/x/text/width"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// The exit codes.
const (
	ExitDone     = 0
	ExitFailed   = 1 // refused or failed
	ExitUsage    = 2 // wrong usage of the command line
	ExitFindings = 3 // done, with findings
)

// errFindings makes a command that printed its result end with ExitFindings.
var errFindings = errors.New("done with findings")

// usageError is a fault of the command line itself.
type usageError struct{ err error }

func (u usageError) Error() string { return u.err.Error() }
func (u usageError) Unwrap() error { return u.err }

func wrongUsage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// output is where a command's result goes: one JSON document or a table on stdout.
type output struct {
	stdout, stderr io.Writer
	json           bool
	printed        bool
}

// print writes a result once: v as JSON with --json, otherwise what human writes.
func (o *output) print(v any, human func(w io.Writer)) error {
	o.printed = true
	if o.json {
		enc := json.NewEncoder(o.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(filled(v))
	}
	human(o.stdout)
	return nil
}

// fail reports an error and returns the exit code. With --json stdout carries the error as a document, unless a result
// was printed already.
func (o *output) fail(ctx context.Context, err error) int {
	if errors.Is(err, errFindings) {
		return ExitFindings
	}
	exit, text, doc := ExitFailed, err.Error(), problemOf(err)
	var wrong usageError
	switch {
	case ctx.Err() != nil: // whatever step tells it, the cause is the signal
		doc = problem{Code: "interrupted", Detail: "stopped by a signal: what was not finished is undone"}
		text = doc.Detail
	case errors.As(err, &wrong):
		doc, exit = problem{Code: "usage", Detail: text}, ExitUsage
		text += "\nRun the command with --help for its usage."
	}
	fmt.Fprintln(o.stderr, "chandler: "+text)
	if o.json && !o.printed {
		result := map[string]any{"error": doc}
		var part partialError
		if errors.As(err, &part) {
			result["items"] = part.done
		}
		_ = o.print(result, func(io.Writer) {}) // an encoder of texts never fails
	}
	return exit
}

// problem is an error as --json prints it.
type problem struct {
	Code   errs.Code    `json:"code,omitempty"`
	Detail string       `json:"detail"`
	Fields []errs.Field `json:"fields,omitempty"`
}

func problemOf(err error) problem {
	var e *errs.Error
	if errors.As(err, &e) {
		return problem{e.Code, e.Detail, e.Fields}
	}
	return problem{Detail: err.Error()}
}

// partialError is a failure after some of a command's work was done for good; what is done is printed with it.
type partialError struct {
	error
	done any
}

func (p partialError) Unwrap() error { return p.error }

// table prints rows under a header. Columns whose header starts with ">" are aligned to the right.
type table struct {
	head []string
	rows [][]string
}

func newTable(head ...string) *table { return &table{head: head} }

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) {
	widths := make([]int, len(t.head))
	for i, h := range t.head {
		widths[i] = columns(strings.TrimPrefix(h, ">"))
		for _, r := range t.rows {
			widths[i] = max(widths[i], columns(r[i]))
		}
	}
	line := func(cells []string) {
		var b strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", widths[i]-columns(c))
			switch {
			case strings.HasPrefix(t.head[i], ">"):
				b.WriteString(pad + c)
			case i == len(cells)-1:
				b.WriteString(c)
			default:
				b.WriteString(c + pad)
			}
			b.WriteString("  ")
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
	head := make([]string, len(t.head))
	for i, h := range t.head {
		head[i] = strings.TrimPrefix(h, ">")
	}
	line(head)
	for _, r := range t.rows {
		line(r)
	}
}

// columns is how many columns of a terminal a text takes: characters of East Asia take two, marks on others none.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// fields prints a record as aligned names and values.
func fields(w io.Writer, pairs ...string) {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(tw, "%s\t%s\n", pairs[i], pairs[i+1])
		}
	}
	_ = tw.Flush()
}
