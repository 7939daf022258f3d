package synth

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// spelling is how the files of an invoice are written. Its zero value is the plain way; the rest occurs in files that
// went through other hands (billing reference A10).
type spelling struct {
	bom         bool
	dates       dateStyle
	comma       bool // decimal commas in reconciliation
	commaUsage  bool // and in usage
	aliases     bool // MPNID, ResellerMpnId, ReferenceID …
	extraColumn bool // a column that nobody knows yet
	oddCases    bool // capitals in ids and terms
	zeros       bool // decimals that say nothing
	thousands   bool // 2,292.5
	shortPrices bool // prorated effective unit prices with two decimals, as Microsoft's pages show them
	textNumbers bool // numbers as texts in JSON
	mixed       bool // rows in no order
	mixedHeader bool // nor columns
	lowerHeader bool // whose names are in small letters
}

// dateStyle is how dates are written.
type dateStyle int

const (
	isoInstant dateStyle = iota // 2026-03-31T00:00:00, in usage with Z
	isoDay                      // 2026-03-31
	isoLong                     // 2026-03-31T00:00:00.0000000Z
	usDay                       // 3/31/2026
	usTime                      // 3/31/2026 12:00:00 AM
)

// roughSpelling draws one; files of a foreign locale have commas.
func roughSpelling(r *random, foreign bool) spelling {
	dates := pick(r, []dateStyle{isoInstant, isoInstant, isoDay, isoLong})
	if foreign && r.chance(70) {
		dates = pick(r, []dateStyle{usDay, usTime})
	}
	return spelling{
		bom: r.chance(50), dates: dates, comma: foreign && r.chance(70), commaUsage: foreign && r.chance(40), aliases: r.chance(50),
		extraColumn: r.chance(50), oddCases: r.chance(50), zeros: r.chance(50), thousands: !foreign && r.chance(50),
		shortPrices: r.chance(30), textNumbers: foreign, mixed: r.chance(50), mixedHeader: r.chance(30), lowerHeader: r.chance(30),
	}
}

// speller writes values in a spelling. What is odd only now and then follows from its own stream.
type speller struct {
	spelling
	r *random
}

// number is an exact number in the file's notation.
func (s speller) number(d money.Decimal) string {
	text := d.Plain()
	if s.zeros && s.r.chance(10) {
		text = pad(text, s.r.between(1, 2))
	}
	return s.localised(text)
}

// pad adds decimals that say nothing.
func pad(text string, zeros int) string {
	if !strings.Contains(text, ".") {
		text += "."
	}
	return text + strings.Repeat("0", zeros)
}

// amount has two decimals.
func (s speller) amount(d money.Decimal) string { return s.localised(d.Fixed(2)) }

// localised puts commas where the locale has them. One comma and three digits after it would be ambiguous, so such a
// number gets one more decimal, and thousands are separated only where a point follows (D19).
func (s speller) localised(text string) string {
	whole, decimals, fraction := strings.Cut(text, ".")
	switch {
	case s.comma && fraction:
		if len(decimals) == 3 {
			decimals += "0"
		}
		return whole + "," + decimals
	case s.thousands && fraction && len(strings.TrimPrefix(whole, "-")) == 4 && s.r.chance(30):
		at := len(whole) - 3
		return whole[:at] + "," + whole[at:] + "." + decimals
	}
	return text
}

// day is a date; suffix is what follows it in the plain spelling.
func (s speller) day(d period.Date, suffix string) string {
	if d.IsZero() {
		return ""
	}
	switch s.dates {
	case isoDay:
		return d.String()
	case isoLong:
		return d.String() + "T00:00:00.0000000Z"
	case usDay:
		return d.Time().Format("1/2/2006")
	case usTime:
		return d.Time().Format("1/2/2006") + " 12:00:00 AM"
	default:
		return d.String() + suffix
	}
}

// guid is an identifier; some files have capitals.
func (s speller) guid(id string) string {
	if s.oddCases && strings.HasPrefix(id, "a") {
		return strings.ToUpper(id)
	}
	return id
}

// table writes rows under their header, columns and cases as the spelling has them.
func (s speller) table(columns []string, aliases map[string]string, rows [][]string) ([]byte, error) {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	if s.mixedHeader {
		s.r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	arrange := func(row []string) []string {
		out := make([]string, 0, len(row))
		for _, i := range order {
			out = append(out, row[i])
		}
		return append(out, row[len(order):]...) // a column that nobody knows stays last
	}
	header := make([]string, 0, len(columns)+1)
	for _, name := range columns {
		if alias, ok := aliases[name]; ok && s.aliases {
			name = alias
		}
		if s.lowerHeader {
			name = strings.ToLower(name)
		}
		header = append(header, name)
	}
	if len(rows) > 0 && len(rows[0]) > len(header) {
		header = append(header, "FutureColumn")
	}
	for i, row := range rows {
		rows[i] = arrange(row)
	}
	return table(s.bom, arrange(header), rows)
}
