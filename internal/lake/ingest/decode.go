package ingest

import (
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
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

// month is the month that a column tells: of a date, or a text that is one.
func (r Row) month(column int) period.Month {
	if column < 0 || r.Values[column].IsNull() {
		return period.Month{}
	}
	if v := r.Values[column]; v.Type() == Text {
		m, err := period.ParseMonth(v.Text())
		if err != nil {
			return period.Month{}
		}
		return m
	}
	return r.Values[column].Date().Month()
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
	return &decoder{src: s, report: r, cells: make([]rawCell, n), count: 1, values: make([]Value, n),
		finish: finisherOf(s.Kind), keys: newKeyMaker(s)}
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
	d.forget()
	if len(d.faults) > 0 || !keep {
		return Row{}, false
	}
	return Row{Line: line, Values: d.values, Set: d.keys.of(d)}, true
}

// value normalises the cell of column i.
func (d *decoder) value(i int, raw *rawCell) Value {
	c := &d.src.schema.Columns[i]
	cell := raw.text
	if c.Type != Text {
		cell = trimmed(cell)
	}
	if c.Lenient && len(cell) == 4 && strings.EqualFold(cell, "null") {
		d.note(NoteMended, raw, "the word NULL is read as empty")
		cell = ""
	}
	if d.peek != nil {
		d.peek(i, cell)
	}
	if cell == "" {
		if c.Required {
			d.missing(raw)
		}
		return Value{}
	}
	switch c.Type {
	case Decimal:
		return d.decimal(c, raw, cell)
	case Date, Timestamp:
		return d.moment(c, raw, cell)
	case Bool:
		return d.boolean(raw, cell)
	default:
		return d.text(c, raw, cell)
	}
}

// trimmed is TrimSpace that costs nothing where there is no space.
func trimmed(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimSpace(s)
}

func (d *decoder) missing(raw *rawCell) {
	d.fault(raw.line, d.names[raw.name], CodeRequired, "is empty")
}

func (d *decoder) note(code errs.Code, raw *rawCell, detail string) {
	d.report.note(code, d.names[raw.name], detail, raw.line)
}

func (d *decoder) decimal(c *Column, raw *rawCell, cell string) Value {
	switch raw.target.mode {
	case modeFraction:
		return d.fraction(raw, cell)
	case modeFlag:
		return d.flag(raw, cell)
	default:
	}
	plain, rounded, err := parseNumber(cell, MaxScale)
	if err != nil && c.Lenient {
		if bare := strings.TrimSpace(strings.Replace(cell, "$", "", 1)); bare != cell {
			if plain, rounded, err = parseNumber(bare, MaxScale); err == nil {
				d.note(NoteMended, raw, "a currency sign is left out of a number")
			}
		}
	}
	if err != nil {
		d.badNumber(raw, cell, err)
		return Value{}
	}
	if rounded {
		d.note(NoteRounded, raw, "a number has more than 18 decimals and is rounded to 18")
	}
	return Value{text: plain, kind: Decimal}
}

func (d *decoder) badNumber(raw *rawCell, cell string, err error) {
	code := CodeNumber
	switch {
	case errors.Is(err, errAmbiguous):
		code = CodeAmbiguous
	case errors.Is(err, errTooLong):
		code = CodeTooLong
	}
	d.fault(raw.line, d.names[raw.name], code, quote(cell)+" "+err.Error())
}

var hundred = money.FromInt(100)

// fraction reads v1's rate from 0 to 1 as the percent it is.
func (d *decoder) fraction(raw *rawCell, cell string) Value {
	plain, _, err := parseNumber(cell, MaxScale-2)
	if err != nil {
		d.badNumber(raw, cell, err)
		return Value{}
	}
	return Value{text: money.MustParse(plain).Mul(hundred).Plain(), kind: Decimal}
}

// flag reads v1's "has credit", which stands without a rate only in old pages: the one rate that there is, is 15 %.
func (d *decoder) flag(raw *rawCell, cell string) Value {
	switch b := d.boolean(raw, cell); {
	case b.IsNull():
		return Value{}
	case b.Bool():
		d.note(NoteFlag, raw, "partner earned credit without a rate is read as 15 %")
		return Value{text: "15", kind: Decimal}
	default:
		return Value{text: "0", kind: Decimal}
	}
}

func (d *decoder) moment(c *Column, raw *rawCell, cell string) Value {
	m, err := parseMoment(cell)
	if err == nil && m.short && !c.Lenient {
		err = errDate
	}
	if err != nil {
		d.fault(raw.line, d.names[raw.name], CodeDate, quote(cell)+" "+err.Error())
		return Value{}
	}
	if c.Lenient {
		d.mendedMoment(raw, cell, m)
	}
	if c.Type == Timestamp && !m.day.IsZero() {
		return Value{n: int64(m.day.UnixDays())*86400e6 + m.micros, kind: Timestamp}
	}
	return dateValue(m.day)
}

// mendedMoment counts what FOCUS does not allow.
func (d *decoder) mendedMoment(raw *rawCell, cell string, m moment) {
	switch {
	case d.src.Kind != KindFocus:
	case m.short:
		d.note(NoteMended, raw, "a year of two digits is read as 20YY")
	case !strings.HasSuffix(cell, "Z"):
		d.note(NoteMended, raw, "a time that is not YYYY-MM-DDTHH:MM:SSZ is read as UTC")
	}
}

func (d *decoder) boolean(raw *rawCell, cell string) Value {
	switch strings.ToLower(cell) {
	case "true", "1", "yes":
		return boolValue(true)
	case "false", "0", "no":
		return boolValue(false)
	}
	d.fault(raw.line, d.names[raw.name], CodeBool, quote(cell)+" is neither true nor false")
	return Value{}
}

func (d *decoder) text(c *Column, raw *rawCell, cell string) Value {
	if c.Clean == nil {
		return textValue(cell)
	}
	v, err := c.Clean(cell)
	if err != nil {
		if errors.Is(err, errNumber) || errors.Is(err, errAmbiguous) || errors.Is(err, errTooLong) {
			d.badNumber(raw, cell, err)
		} else {
			d.fault(raw.line, d.names[raw.name], CodeText, quote(cell)+" "+err.Error())
		}
		return Value{}
	}
	if v == "" && c.Required {
		d.missing(raw)
	}
	return textValue(v)
}
