// Package errs holds the one error type that callers can act on. It owns kinds, codes and fields; how an error looks
// on the wire or on a terminal belongs to the faces. An error without a Kind is a fault of ours and tells nothing.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what a caller can do about an error. It is itself an error, so that errors.Is(err, errs.NotFound) works.
type Kind string

// The kinds.
const (
	Invalid         Kind = "invalid"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not_found"
	Conflict        Kind = "conflict"
	Precondition    Kind = "precondition"
	Throttled       Kind = "throttled"
	Upstream        Kind = "upstream"
	Unavailable     Kind = "unavailable"
)

// Error makes a Kind usable with errors.Is.
func (k Kind) Error() string { return string(k) }

// Code is a stable, dotted name such as "invoice.already_issued"; docs/problems.md lists all.
type Code string

// Field is one fault of an input and its place.
type Field struct {
	Place  string `json:"place"` // JSON pointer, or file:line:column for a file
	Code   Code   `json:"code"`
	Detail string `json:"detail"`
}

// Error is an error a caller can act on. Anything else is a fault of ours.
type Error struct {
	Kind   Kind
	Code   Code
	Detail string  // for a person; no SQL, no upstream body
	Fields []Field // every fault at once
	Err    error   // cause, logged, never shown
}

// New makes an error; the format's %w, if any, becomes the cause.
func New(kind Kind, code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Code: code, Detail: err.Error(), Err: errors.Unwrap(err)}
}

// With adds the faults of an input and returns the error.
func (e *Error) With(fields ...Field) *Error {
	e.Fields = append(e.Fields, fields...)
	return e
}

// Error is the detail, then every field's place and detail.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Detail)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "\n  %s: %s", f.Place, f.Detail)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is matches a Kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && e.Kind == k
}

// CodeOf is the code of the first Error in the chain, "" when there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Join returns nil without fields, and otherwise one Invalid error that names them all.
func Join(code Code, detail string, fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return (&Error{Kind: Invalid, Code: code, Detail: detail}).With(fields...)
}
