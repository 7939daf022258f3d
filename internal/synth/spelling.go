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
	usDates     bool // 3/31/2026
	comma       bool // decimal commas in reconciliation
	aliases     bool // MPNID, ResellerMpnId, ReferenceID …
	extraColumn bool // a column that nobody knows yet
	oddCases    bool // capitals in ids and terms
	zeros       bool // decimals that say nothing
	thousands   bool // 2,292.5
	shortPrices bool // prorated effective unit prices with two decimals, as Microsoft's pages show them
	textNumbers bool // numbers as texts in JSON
	mixed       bool // rows in no order
}

// roughSpelling draws one; files of a foreign locale have commas.
func roughSpelling(r *random, foreign bool) spelling {
	return spelling{bom: r.chance(50), usDates: foreign && r.chance(70), comma: foreign && r.chance(70), aliases: r.chance(50),
		extraColumn: r.chance(50), oddCases: r.chance(50), zeros: r.chance(50), thousands: !foreign && r.chance(50),
		shortPrices: r.chance(30), textNumbers: foreign, mixed: r.chance(50)}
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
	switch {
	case d.IsZero():
		return ""
	case s.usDates:
		return d.Time().Format("1/2/2006")
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

// column takes the alias where the file has it.
func (s speller) column(name string, aliases map[string]string) string {
	if alias, ok := aliases[name]; ok && s.aliases {
		return alias
	}
	return name
}
