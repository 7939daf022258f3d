package ingest

import (
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// Codes of faults and notes.
const (
	CodeUnknown    errs.Code = "file.unknown"      // the header fits no kind
	CodeColumns    errs.Code = "file.columns"      // key columns are missing
	CodeTwice      errs.Code = "file.column_twice" // two columns have one name
	CodeEncoding   errs.Code = "file.encoding"     // neither UTF-8 nor anything that can be read as it
	CodeCut        errs.Code = "file.cut"          // ends inside a row, or the compressed data ends early
	CodeCorrupt    errs.Code = "file.corrupt"      // compressed data or JSON that cannot be read on
	CodeEmpty      errs.Code = "file.empty"        // nothing in it
	CodeMore       errs.Code = "file.more_faults"  // how many faults there are, when not all are listed
	CodeUnreadable errs.Code = "file.unreadable"   // no file, or one that may not be read
	CodeNoCharges  errs.Code = "file.no_charges"   // known, but nothing in it can be imported
	CodeManifest   errs.Code = "manifest.incomplete"
	CodeRow        errs.Code = "row.malformed"      // quotes or JSON of one row are wrong
	CodeCells      errs.Code = "row.cells"          // wrong number of cells
	CodeLong       errs.Code = "row.too_long"       // longer than MaxRecord
	CodeNumber     errs.Code = "number.invalid"     //
	CodeAmbiguous  errs.Code = "number.ambiguous"   // thousands or decimals (D19)
	CodeTooLong    errs.Code = "number.too_long"    // does not fit DECIMAL(38,18)
	CodeDate       errs.Code = "date.invalid"       //
	CodeBool       errs.Code = "boolean.invalid"    //
	CodeRequired   errs.Code = "cell.required"      // empty where a value must be
	CodeText       errs.Code = "cell.invalid"       // a text that its column does not take
	CodeContradict errs.Code = "cell.contradiction" // one row says two things about one column

	NoteUnknown   errs.Code = "note.unknown_column"
	NoteMended    errs.Code = "note.mended"
	NoteRounded   errs.Code = "note.rounded"
	NoteMonth     errs.Code = "note.month_from_name"
	NoteDropped   errs.Code = "note.row_dropped"
	NoteFlag      errs.Code = "note.credit_from_flag"
	NoteNoCharges errs.Code = "note.no_charges"
	NoteNextPage  errs.Code = "note.next_page"
)

// Fault is one thing wrong with a file and its place. A file with a fault is refused as a whole.
type Fault struct {
	File   string
	Line   int64  // physical line, 1 is the first; 0: the whole file
	Column string // as the file spells it; empty: the whole row
	Code   errs.Code
	Detail string
}

// Place is file:line:column, without the parts that are not known.
func (f *Fault) Place() string {
	p := f.File
	if f.Line > 0 {
		p = fmt.Sprintf("%s:%d", p, f.Line)
		if f.Column != "" {
			p += ":" + f.Column
		}
	}
	return p
}

// Error is the place and what is wrong there.
func (f *Fault) Error() string { return f.Place() + ": " + f.Detail }

// Is matches errs.Invalid, as every fault of an input.
func (f *Fault) Is(target error) bool { return target == errs.Invalid }

// Field is the fault as an errs.Error carries it.
func (f *Fault) Field() errs.Field {
	return errs.Field{Place: f.Place(), Code: f.Code, Detail: f.Detail}
}

// Note is something about a file that a person may want to know and that stops nothing.
type Note struct {
	Code   errs.Code `json:"code"`
	Column string    `json:"column,omitempty"` // as the file spells it
	Detail string    `json:"detail"`
	Line   int64     `json:"line,omitempty"` // the first one
	Count  int64     `json:"count"`
}

// Report is what reading a file told beside its rows. The zero value is ready.
type Report struct {
	Rows   int64
	Faults int64 // all of them, also those above MaxFaults
	Notes  []Note
	index  map[noteKey]int
}

type noteKey struct {
	code           errs.Code
	column, detail string
}

// note counts; a nil report forgets.
func (r *Report) note(code errs.Code, column, detail string, line int64) {
	if r == nil {
		return
	}
	k := noteKey{code, column, detail}
	if i, ok := r.index[k]; ok {
		r.Notes[i].Count++
		return
	}
	if len(r.Notes) >= MaxNotes {
		return
	}
	if r.index == nil {
		r.index = make(map[noteKey]int)
	}
	r.index[k] = len(r.Notes)
	r.Notes = append(r.Notes, Note{Code: code, Column: column, Detail: detail, Line: line, Count: 1})
}

// quote shortens a cell for a message.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
