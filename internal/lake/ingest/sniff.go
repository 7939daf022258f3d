package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/period"
)

// sniff decodes the first rows and notes how their cells are written.
func (s *Source) sniff(ctx context.Context) error {
	s.Sniff = make([]ColumnHint, len(s.schema.Columns))
	for i := range s.Sniff {
		s.Sniff[i].From = -1
	}
	ranks := make([]uint8, len(s.schema.Columns))
	for i, t := range s.targets {
		if t.col >= 0 && (s.Sniff[t.col].From < 0 || t.rank < ranks[t.col]) {
			s.Sniff[t.col].From, ranks[t.col] = i, t.rank
		}
	}
	d := newDecoder(s, nil)
	d.peek = s.observe
	n := 0
	for row, err := range s.rows(ctx, d) {
		if err != nil {
			var f *Fault
			if !errors.As(err, &f) {
				return fmt.Errorf("inspect %s: %w", s.Name, err)
			}
		} else if n == 0 {
			s.first(row)
		}
		if n++; n >= sniffRows {
			break
		}
	}
	return nil
}

// first takes from the first good row what its file does not say elsewhere.
func (s *Source) first(row Row) {
	if i := s.schema.Index("invoice_number"); i >= 0 {
		s.unbilled = row.Values[i].IsNull()
	}
	if i := s.schema.Index("term"); s.View == "azure_consumption" && i >= 0 {
		if term := strings.ToUpper(row.Values[i].Text()); strings.HasPrefix(term, "P") && strings.HasSuffix(term, "Y") {
			s.View = "azure_reservations"
		}
	}
}

// observe looks at one raw cell of a column.
func (s *Source) observe(col int, cell string) {
	var style Style
	switch s.schema.Columns[col].Type {
	case Decimal:
		style = numberStyle(cell)
	case Date, Timestamp:
		style = dateStyle(cell)
	default:
		return
	}
	h := &s.Sniff[col]
	switch {
	case style == StyleNone || h.Style == style:
	case h.Style == StyleNone, h.Style == StylePlain && style == StyleComma:
		h.Style = style
	case h.Style == StyleComma && style == StylePlain: // digits alone fit both
	default:
		h.Style = StyleMixed
	}
}

func numberStyle(cell string) Style {
	switch {
	case cell == "":
		return StyleNone
	case strings.IndexByte(cell, ',') >= 0:
		return StyleComma
	case numberSyntax(cell):
		return StylePlain
	default:
		return StyleMixed
	}
}

func dateStyle(cell string) Style {
	switch {
	case cell == "":
		return StyleNone
	case strings.IndexByte(cell, '/') > 0 && strings.IndexByte(cell, ' ') < 0:
		return StyleUS
	case len(cell) >= 10 && cell[4] == '-' && (len(cell) == 10 || cell[10:] == "T00:00:00" || cell[10:] == "T00:00:00Z"):
		return StyleISO
	default:
		return StyleMixed
	}
}

// monthInName finds YYYYMM, YYYY-MM or YYYY_MM in a file's name, the last one; a day may follow it.
func monthInName(name string) period.Month {
	var found period.Month
	for i := 0; i+6 <= len(name); i++ {
		if i > 0 && isDigit(name[i-1]) {
			continue
		}
		y, ok := number(name[i : i+4])
		if !ok || y < 2010 || y > 2099 {
			continue
		}
		j := i + 4
		if name[j] == '-' || name[j] == '_' || name[j] == '.' {
			j++
		}
		if j+2 > len(name) || !isDigit(name[j]) || !isDigit(name[j+1]) {
			continue
		}
		if k := j + 2; k < len(name) && isDigit(name[k]) && k+2 != len(name) && (k+2 > len(name) || isDigit(name[k+2])) {
			continue // more digits than a day
		}
		if m, err := period.ParseMonth(fmt.Sprintf("%04d%s", y, name[j:j+2])); err == nil {
			found = m
		}
	}
	return found
}

func isDigit(c byte) bool { return c-'0' <= 9 }
