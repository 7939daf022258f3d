package rating

import (
	"cmp"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Rated is a line with Microsoft's side recomputed and its list amount found, before the partner's rules.
type Rated struct {
	Line     *usage.Line
	Category string
	Type     ChargeType
	Known    bool // the charge type is a documented one
	Up       Upstream
	Usage    []*Listed // the usage that the line charges; empty for everything that is not metered

	Retail    money.Decimal // list amount in the line's currency, unrounded; the cost where there is none
	HasRetail bool
	PECCredit money.Decimal     // partner earned credit inside Retail
	ListPrice []money.Decimal   // unit prices that the sheet allows for the line; empty: no sheet has its product
	PriceRows []string          // ids of the sheet rows that the list amount came from
	Committed *catalog.PriceRow // the sheet's row of a licence or reservation
	Gap       money.Decimal     // billable quantity that no usage explains; priced at the line's own unit price
}

// On is the day whose price rule applies: the start of the billing cycle, so that a refund meets the rule of the sale
// that it reverses; the charge's start otherwise.
func (r *Rated) On() period.Date {
	switch {
	case r.Up.HasCycle:
		return r.Up.Cycle.From
	case !r.Line.ChargeStart.IsZero():
		return r.Line.ChargeStart
	default:
		return r.Line.OrderDate
	}
}

// Rate recomputes one line. listed is the usage that Join gave to it.
func Rate(l *usage.Line, listed []*Listed, sheet *catalog.Sheet) Rated {
	r := Rated{Line: l, Category: Category(l), Up: Recompute(l), Usage: listed, Retail: l.Subtotal}
	r.Type, r.Known = ChargeTypeOf(l)
	switch {
	case l.Family == usage.FamilyCostRow:
		if l.HasRetail {
			r.Retail, r.HasRetail = l.Retail, true
		}
	case r.Type == ChargeCredit:
	case Metered(l):
		rateMetered(&r, sheet)
	case l.Family == usage.FamilyNewCommerce && r.Category != ThirdParty && r.Category != SavingsPlan:
		rateCommitted(&r, sheet)
	}
	return r
}

// rateMetered sums the list amounts of the line's usage (decision D14). Quantity that no usage explains is listed at
// the line's own price, so that a gap in the detail does not become a gift.
func rateMetered(r *Rated, sheet *catalog.Sheet) {
	l, fx := r.Line, fxOf(r.Line)
	var list, pec money.Decimal
	for _, g := range r.Usage {
		list = list.Add(g.Amount)
		if g.HasPEC() {
			pec = pec.Add(g.Amount.Mul(pecRate))
		}
		for _, s := range g.Steps {
			r.addRow(s.RowID)
		}
	}
	r.Gap = l.BillableQuantity.Sub(quantityOf(r.Usage))
	if gap := r.Gap.Mul(l.UnitPrice); r.Gap.Abs().Cmp(quantityTolerance) > 0 {
		list = list.Add(gap)
		if HasPEC(l) {
			pec = pec.Add(gap.Mul(pecRate))
		}
	}
	r.Retail, r.PECCredit, r.HasRetail = list.Mul(fx), pec.Mul(fx), true
	r.ListPrice = listPrices(r, sheet)
}

// quantityTolerance is the bound within which usage and line agree (billing reference B11, L4).
var quantityTolerance = money.MustParse("0.000001")

func (r *Rated) addRow(id string) {
	if !slices.Contains(r.PriceRows, id) {
		r.PriceRows = append(r.PriceRows, id)
	}
}

// listPrices is what Microsoft may print as the unit price: that of the tier and day on which the line's usage ended
// (decisions D03, D04); without usage, or with a gap in it, any price of the charge's days.
func listPrices(r *Rated, sheet *catalog.Sheet) []money.Decimal {
	l := r.Line
	k := catalog.ProductSKU{ProductID: l.ProductID, SkuID: l.SkuID}
	var last *Listed
	for _, g := range r.Usage {
		if g.InSheet && (last == nil || !g.From.Before(last.From)) {
			last = g
		}
	}
	if last != nil && r.Gap.Abs().Cmp(quantityTolerance) <= 0 {
		return []money.Decimal{last.Reached}
	}
	return sheet.PricesBetween(k, l.ChargeStart, chargeEnd(l))
}

func chargeEnd(l *usage.Line) period.Date {
	if l.ChargeEnd.IsZero() {
		return l.ChargeStart
	}
	return l.ChargeEnd
}

// rateCommitted finds the sheet's row of a licence, reservation or software line as of the term's start, since the
// price is locked for the term, added seats too (decision D09), and the licence's retail from its ERP price.
func rateCommitted(r *Rated, sheet *catalog.Sheet) {
	l, term := r.Line, LineTerm(r.Line)
	k, on := catalog.ProductSKU{ProductID: l.ProductID, SkuID: l.SkuID}, l.SubscriptionStart
	if on.IsZero() {
		on = l.ChargeStart
	}
	if strings.Contains(strings.ToLower(l.ProductQualifiers), "trial") {
		term.Plan = "None" // the plan of trials in a price sheet (A2)
	}
	rows := sheet.Committed(k, term, l.PricingCurrency, on)
	if len(rows) == 0 {
		return
	}
	chosen := rows[0]
	for i := len(rows) - 1; i >= 0; i-- {
		price := catalog.PeriodPrice(rows[i].UnitPrice, planned(term, &rows[i]))
		r.ListPrice = append(r.ListPrice, price)
		if r.Category == Reservation { // paid upfront or in parts; the line does not always say which
			r.ListPrice = append(r.ListPrice, rows[i].UnitPrice)
		}
		if price.Equal(l.UnitPrice) {
			chosen = rows[i]
		}
	}
	r.PriceRows, r.Committed = []string{chosen.ID}, &chosen
	if !chosen.HasERP || r.Category != Licence { // only licences have retail (decision D14)
		return
	}
	erp := catalog.PeriodPrice(chosen.ERPPrice, planned(term, &chosen)).MulExact(l.BillableQuantity.Abs())
	if l.Subtotal.Sign() < 0 || l.EffectiveUnitPrice.Sign() < 0 {
		erp = erp.Neg()
	}
	r.Retail, r.HasRetail = r.Up.Share.Apply(erp).Mul(fxOf(l)), true
}

// planned is the term with the row's plan where the line names none.
func planned(t catalog.Term, r *catalog.PriceRow) catalog.Term {
	t.Plan = cmp.Or(t.Plan, r.BillingPlan)
	return t
}

// PriceAgrees says whether the line's unit price is one that the sheet allows; true where no sheet has the product.
func (r *Rated) PriceAgrees() bool {
	return len(r.ListPrice) == 0 || slices.ContainsFunc(r.ListPrice, r.Line.UnitPrice.Equal)
}
