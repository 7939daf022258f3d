package ubl

import (
	"slices"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// place is the JSON pointer of a visible line's field; hidden lines count.
func (d document) place(i int, field string) string {
	if len(d.lines) != len(d.inv.Lines) {
		seen := -1
		for k, l := range d.inv.Lines {
			if !l.Net.IsZero() {
				seen++
			}
			if seen == i {
				i = k
				break
			}
		}
	}
	return "/lines/" + strconv.Itoa(i) + "/" + field
}

// categories checks every line's VAT category and rate.
func (g *gaps) categories(d document) {
	mixed := d.outOfScope && slices.ContainsFunc(d.lines, func(l billing.Line) bool { return l.Tax != billing.TaxOutOfScope })
	if mixed {
		g.add(codeInconsistent, "/lines", "lines out of the scope of VAT do not mix with others (BR-O-11, BR-O-12)")
	}
	for i, l := range d.lines {
		switch {
		case l.Tax == "":
			g.add(codeMissing, d.place(i, "tax_category"), "a line needs its VAT category (BR-CO-04)")
		case !listed("S Z E AE G O K", string(l.Tax)):
			g.add(codeMalformed, d.place(i, "tax_category"), "%q is no VAT category (BR-CL-18)", l.Tax)
		case l.Tax == billing.TaxStandard && l.TaxRate.Sign() <= 0:
			g.add(codeMalformed, d.place(i, "tax_rate"), "the standard rate is above 0; 0 is category Z (BR-S-05)")
		case l.Tax != billing.TaxStandard && !l.TaxRate.IsZero():
			g.add(codeMalformed, d.place(i, "tax_rate"), "category %s has the rate 0 (BR-%s-05)", l.Tax, l.Tax)
		}
	}
}

// reasons checks why tax is not charged.
func (g *gaps) reasons(d document) {
	codes := map[string]billing.TaxCategory{}
	for c, e := range exemptions {
		codes[e.code] = c
	}
	for i, t := range d.taxes {
		place, e := "/taxes/"+strconv.Itoa(i), exemptionOf(t)
		if t.Category == billing.TaxExempt && e == (exemption{}) {
			g.add(codeMissing, place+"/reason", "an exemption needs its reason (BR-E-10)")
		}
		if c, tied := codes[e.code]; tied && c != t.Category {
			g.add(codeInconsistent, place+"/reasonCode", "%s belongs to category %s, not %s (PEPPOL-EN16931-P0104 to P0107)", e.code, c, t.Category)
		}
		if e.code != "" && !strings.HasPrefix(e.code, "VATEX-") {
			g.add(codeMalformed, place+"/reasonCode", "%q is no VATEX code (BR-CL-22)", e.code)
		}
	}
}

func (g *gaps) periods(d document) {
	if !d.inv.ServiceFrom.IsZero() && !d.inv.ServiceTo.IsZero() && d.inv.ServiceTo.Before(d.inv.ServiceFrom) {
		g.add(codeInconsistent, "/service_to", "the period ends before it starts (BR-29)")
	}
	for i, l := range d.lines {
		if !l.ServiceFrom.IsZero() && !l.ServiceTo.IsZero() && l.ServiceTo.Before(l.ServiceFrom) {
			g.add(codeInconsistent, d.place(i, "service_to"), "the period ends before it starts (BR-30)")
		}
	}
	if intraEU := find(d.taxes, billing.TaxIntraEU, money.Zero) >= 0; intraEU && d.from.IsZero() {
		g.add(codeMissing, "/service_from", "an intra-Community supply needs its period (BR-IC-11)")
	}
}

// decimals refuses amounts of more than two decimals, whatever the currency's minor unit is: EN 16931 has no other.
func (g *gaps) decimals(inv billing.Invoice) {
	check := func(place string, a money.Decimal) {
		if a.Scale() > 2 {
			g.add(codeMalformed, place, "%s %s has more than two decimals, which EN 16931 does not carry (BR-DEC)", a.Plain(), inv.Currency)
		}
	}
	check("/net", inv.Net)
	check("/tax", inv.Tax)
	check("/gross", inv.Gross)
	check("/paid", inv.Paid)
	for i, l := range inv.Lines {
		check("/lines/"+strconv.Itoa(i)+"/net", l.Net)
	}
	for i, t := range inv.Taxes {
		check("/taxes/"+strconv.Itoa(i)+"/base", t.Base)
		check("/taxes/"+strconv.Itoa(i)+"/amount", t.Amount)
	}
}

// totals checks the arithmetic of the document as it is written.
func (g *gaps) totals(d document) {
	inv := d.inv
	var net, tax money.Decimal
	for _, l := range d.lines {
		net = net.Add(l.Net)
	}
	for i, t := range d.taxes {
		tax = tax.Add(t.Amount)
		g.subtotal(d, i, t)
	}
	if want := d.signed(inv.Net); !net.Equal(want) {
		g.add(codeInconsistent, "/net", "lines sum to %s, not to %s (BR-CO-10)", net.Plain(), want.Plain())
	}
	if want := d.signed(inv.Tax); !tax.Equal(want) {
		g.add(codeInconsistent, "/tax", "VAT sums to %s, not to %s (BR-CO-14)", tax.Plain(), want.Plain())
	}
	if sum := inv.Net.Add(inv.Tax); !sum.Equal(inv.Gross) {
		g.add(codeInconsistent, "/gross", "net and VAT sum to %s, not to %s (BR-CO-15)", sum.Plain(), inv.Gross.Plain())
	}
}

// subtotal checks one category's base against its lines and its tax against the base (BR-CO-17).
func (g *gaps) subtotal(d document, i int, t billing.TaxSubtotal) {
	var base money.Decimal
	for _, l := range d.lines {
		if l.Tax == t.Category && l.TaxRate.Equal(t.Rate) {
			base = base.Add(l.Net)
		}
	}
	place := "/taxes/" + strconv.Itoa(i)
	if !base.Equal(t.Base) {
		g.add(codeInconsistent, place+"/base", "lines of category %s at %s sum to %s, not to %s (BR-%s-08)", t.Category, t.Rate.Plain(), base.Plain(), t.Base.Plain(), t.Category)
	}
	want := t.Base.MulExact(t.Rate).MulExact(money.New(1, -2)).Round(money.HalfUp, min(2, d.inv.Currency.MinorUnits()))
	cent := money.Zero // several partial credits take back the tax to the cent, so that one of them may be a cent apart
	if d.credit {
		cent = money.New(1, -min(2, d.inv.Currency.MinorUnits()))
	}
	if cent.Less(want.Sub(t.Amount).Abs()) {
		g.add(codeInconsistent, place+"/amount", "%s at %s %% is %s, not %s (BR-CO-17)", t.Base.Plain(), t.Rate.Plain(), want.Plain(), t.Amount.Plain())
	}
}
