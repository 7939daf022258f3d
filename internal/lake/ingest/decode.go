package ingest

import (
	"github.com/chandler-csp/chandler/internal/core/errs"
)

// Row is one normalised row. Values stand in the order of the schema's columns and are valid until the next row;
// Clone keeps them.
type Row struct {
	Line   int64   // unique and rising in a file: the physical line; in JSON without line breaks the ordinal
	Set    string  // key of the data set that the row belongs to
	Values []Value //
}

// Clone is the row with values of its own.
func (r Row) Clone() Row {
	r.Values = append([]Value(nil), r.Values...)
	return r
}

// rawCell is what the file holds for one schema column. It is small and has one pointer, because every cell of a
// month passes through one.
type rawCell struct {
	text   string
	line   int64
	row    uint32 // the row that filled it, counted by the decoder; another one: empty
	name   int32  // position in the decoder's names
	target target
}

// decoder turns raw cells into values. It is of one reading and holds one row.
type decoder struct {
	src    *Source
	report *Report
	peek   func(col int, cell string) // sees raw cells, for Inspect
	names  []string                   // header names, or keys as they come
	cells  []rawCell
	count  uint32 // of rows begun, for rawCell.row
	values []Value
	faults []*Fault
	finish func(d *decoder, line int64) bool // fills derived columns; false drops the row
	keys   keyMaker
	root   string // number of the document at the top
	step   step   // of a rate card
}

func newDecoder(s *Source, r *Report) *decoder {
	n := len(s.schema.Columns)
	return &decoder{
		src: s, report: r, cells: make([]rawCell, n), count: 1, values: make([]Value, n),
		finish: finisherOf(s.Kind), keys: newKeyMaker(s),
	}
}

// put stores a raw cell. Of two spellings of one column the better wins unless it is empty; one spelling twice with
// different content is a contradiction.
func (d *decoder) put(t target, name int32, cell string, line int64) {
	if t.col < 0 {
		return
	}
	c := &d.cells[t.col]
	if c.row == d.count {
		if c.target == t && c.text != cell {
			d.fault(line, d.names[name], CodeContradict, "stands twice with different values")
			return
		}
		if cell == "" || c.text != "" && c.target.rank <= t.rank {
			return
		}
	}
	*c = rawCell{text: cell, name: name, target: t, line: line, row: d.count}
}

// forget empties the row that was put so far.
func (d *decoder) forget() { d.count++ }

// discard forgets the row and its faults, for one that could not be read to its end.
func (d *decoder) discard() {
	d.forget()
	d.faults = d.faults[:0]
}

// known is a name's position among the names, for rawCell.
func (d *decoder) known(name string) int32 {
	d.names = append(d.names, name)
	return int32(len(d.names) - 1) //nolint:gosec // MaxColumns
}

func (d *decoder) fault(line int64, column string, code errs.Code, detail string) {
	d.faults = append(d.faults, &Fault{File: d.src.Name, Line: line, Column: column, Code: code, Detail: detail})
}

// row normalises what was put and forgets it. ok is false when the row has faults or is dropped.
func (d *decoder) row(line int64) (row Row, ok bool) {
	for i := range d.cells {
		if c := &d.cells[i]; c.row == d.count {
			d.values[i] = d.value(i, c)
		} else {
			d.values[i] = Value{}
			if d.src.schema.Columns[i].Required {
				d.fault(line, spelling(d.src.schema.Columns[i]), CodeRequired, "is missing")
			}
		}
	}
	keep := d.finish == nil || d.finish(d, line)
	set := ""
	if keep && len(d.faults) == 0 {
		set = d.keys.of(d, line)
	}
	d.forget()
	if len(d.faults) > 0 || !keep {
		return Row{}, false
	}
	return Row{Line: line, Values: d.values, Set: set}, true
}
