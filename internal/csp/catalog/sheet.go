package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// ProductSKU names a sellable thing of any price sheet.
type ProductSKU struct{ ProductID, SkuID string }

// Sheet answers what a product cost on a day, from the rows of all imported price sheets.
type Sheet struct{ rows map[ProductSKU][]PriceRow }

// NewSheet indexes rows. Of rows that overlap the one that begins earlier comes first.
func NewSheet(rows []PriceRow) *Sheet {
	s := &Sheet{rows: make(map[ProductSKU][]PriceRow, len(rows))}
	for _, r := range rows {
		k := ProductSKU{r.ProductID, r.SkuID}
		s.rows[k] = append(s.rows[k], r)
	}
	for _, list := range s.rows {
		slices.SortStableFunc(list, func(a, b PriceRow) int {
			return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.ID, b.ID))
		})
	}
	return s
}

// ValidOn says whether the row's validity holds the day. A row without a start has always been valid.
func (r *PriceRow) ValidOn(d period.Date) bool {
	return !d.Before(r.From) && (r.To.IsZero() || !d.After(r.To))
}

// Has says whether any sheet knows the product.
func (s *Sheet) Has(k ProductSKU) bool { return len(s.rows[k]) > 0 }

// ThirdParty says whether a sheet tags the product as a third party's (A1).
func (s *Sheet) ThirdParty(k ProductSKU) bool {
	return slices.ContainsFunc(s.rows[k], func(r PriceRow) bool {
		return strings.Contains(strings.ToLower(strings.ReplaceAll(r.Tags, "-", " ")), "third party")
	})
}

// metered says whether the row prices consumption: neither a licence nor a reservation.
func (r *PriceRow) metered() bool {
	return r.Segment == "" && r.BillingPlan == "" && !strings.HasPrefix(strings.ToUpper(r.Term), "P1") &&
		!strings.HasPrefix(strings.ToUpper(r.Term), "P3") && !strings.HasPrefix(strings.ToUpper(r.Term), "P5")
}

// validOn lists the rows of a product that answer for a day: valid on it, and from the sheet that knows the day best.
// Microsoft publishes a sheet a month, and a later one corrects what an earlier one left open.
func (s *Sheet) validOn(k ProductSKU, on period.Date, wanted func(*PriceRow) bool) []PriceRow {
	var valid []PriceRow
	best := map[[2]string]period.Month{}
	for _, r := range s.rows[k] {
		if !r.ValidOn(on) || !wanted(&r) {
			continue
		}
		valid = append(valid, r)
		of := [2]string{r.View, r.Market}
		if known, ok := best[of]; !ok || closer(on.Month(), r.Sheet, known) {
			best[of] = r.Sheet
		}
	}
	return slices.DeleteFunc(valid, func(r PriceRow) bool { return r.Sheet != best[[2]string{r.View, r.Market}] })
}

// closer says whether sheet a knows the day's month better than b: the month's own, then the newest before it, then
// the oldest after it.
func closer(day, a, b period.Month) bool {
	after := func(m period.Month) bool { return day.Before(m) }
	if after(a) != after(b) {
		return after(b)
	}
	if after(a) {
		return a.Before(b)
	}
	return b.Before(a)
}

// Metered returns the steps of a consumption price on a day, and false when no row was valid then.
func (s *Sheet) Metered(k ProductSKU, on period.Date) (Tiers, bool) {
	var tiers []PriceRow
	for _, r := range s.validOn(k, on, (*PriceRow).metered) {
		if !slices.ContainsFunc(tiers, func(v PriceRow) bool { return sameTier(v, r) }) { // of two the earlier wins (A2)
			tiers = append(tiers, r)
		}
	}
	return tiersOf(tiers), len(tiers) > 0
}

// sameTier says whether two rows price some of the same units, so that only one of them can answer.
func sameTier(a, b PriceRow) bool {
	if a.TierOpen == b.TierOpen && (a.TierOpen || a.TierMax.Equal(b.TierMax)) {
		return true
	}
	return (b.TierOpen || a.TierMin.Less(b.TierMax)) && (a.TierOpen || b.TierMin.Less(a.TierMax))
}

// maxSpan bounds the days of a charge that are looked at one by one.
const maxSpan = 400

// PricesBetween lists every unit price that consumption had on some day of the span, both ends inclusive.
func (s *Sheet) PricesBetween(k ProductSKU, from, to period.Date) []money.Decimal {
	var prices []money.Decimal
	for d, n := from, 0; !d.After(to) && n < maxSpan; d, n = d.AddDays(1), n+1 {
		tiers, _ := s.Metered(k, d)
		for _, t := range tiers {
			if !slices.ContainsFunc(prices, t.Price.Equal) {
				prices = append(prices, t.Price)
			}
		}
	}
	return prices
}

// ByDay says whether the price of a unit depends on its day in the span: tiers accumulate by day, and a price may
// change in the month.
func (s *Sheet) ByDay(k ProductSKU, from, to period.Date) bool {
	first, known := s.Metered(k, from)
	if len(first) > 1 {
		return true
	}
	for d, n := from.AddDays(1), 1; !d.After(to) && n < maxSpan; d, n = d.AddDays(1), n+1 {
		tiers, ok := s.Metered(k, d)
		if ok != known || len(tiers) != len(first) || ok && !tiers[0].Price.Equal(first[0].Price) {
			return true
		}
	}
	return false
}

// Term is a commitment and how it is paid, in price sheet words.
type Term struct {
	Duration string // P1M, P1Y, P3Y; empty: none
	Plan     string // Monthly, Annual, Triennial; empty: not said
}

// months of the durations and plans that occur.
var durationMonths = map[string]int64{"P1M": 1, "P1Y": 12, "P3Y": 36, "P5Y": 60}

var planMonths = map[string]int64{"Monthly": 1, "Annual": 12, "Triennial": 36}

// Periods is the number of billing periods in the term: 12 for an annual term with a monthly plan.
func (t Term) Periods() int64 {
	d, p := durationMonths[t.Duration], planMonths[t.Plan]
	if d == 0 || p == 0 || d < p {
		return 1
	}
	return d / p
}

// Committed lists the rows of a licence or reservation that were valid on the day, one a segment and market, for the
// term and currency. Term "" lists all terms; currency "" all currencies.
func (s *Sheet) Committed(k ProductSKU, t Term, currency money.Currency, on period.Date) []PriceRow {
	var list []PriceRow
	wanted := func(r *PriceRow) bool {
		return !r.metered() && (currency == "" || r.Currency == currency) &&
			(t.Duration == "" || strings.EqualFold(r.Term, t.Duration)) &&
			(t.Plan == "" || r.BillingPlan == "" || strings.EqualFold(r.BillingPlan, t.Plan))
	}
	for _, r := range s.validOn(k, on, wanted) {
		if !slices.ContainsFunc(list, func(v PriceRow) bool { return sameOffer(v, r) }) {
			list = append(list, r)
		}
	}
	return list
}

// sameOffer says that two rows price the same thing, so that the earlier one hides the later.
func sameOffer(a, b PriceRow) bool {
	return a.Market == b.Market && a.Currency == b.Currency && a.Segment == b.Segment &&
		strings.EqualFold(a.Term, b.Term) && strings.EqualFold(a.BillingPlan, b.BillingPlan)
}

// PeriodPrice is the price of one billing period of the term: half-up to 2 decimals where the term is paid in parts
// (billing reference B1, G18; decision D10).
func PeriodPrice(termPrice money.Decimal, t Term) money.Decimal {
	n := t.Periods()
	if n == 1 {
		return termPrice
	}
	p, _ := termPrice.QuoRound(money.FromInt(n), money.HalfUp, 2)
	return p
}
