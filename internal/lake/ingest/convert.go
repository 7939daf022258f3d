package ingest

import (
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

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
	if rounded && d.src.schema.Table != TableCost {
		d.badNumber(raw, cell, errTooFine) // what Microsoft charged is never read as something else
		return Value{}
	}
	if rounded { // other clouds' exports hold what a binary number made of an amount
		d.note(NoteRounded, raw, "a number has more than 18 decimals and is rounded to 18")
	}
	return Value{text: plain, kind: Decimal}
}

func (d *decoder) badNumber(raw *rawCell, cell string, err error) {
	code := CodeNumber
	switch {
	case errors.Is(err, errAmbiguous):
		code = CodeAmbiguous
	case errors.Is(err, errTooLong), errors.Is(err, errTooFine):
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
	if m.day.IsZero() && c.Required {
		d.missing(raw) // 0001-01-01 stands for no date
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
	if strings.IndexByte(cell, 0) >= 0 { // PostgreSQL takes none, and no file means one
		d.fault(raw.line, d.names[raw.name], CodeText, quote(cell)+" holds a character of code 0")
		return Value{}
	}
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
