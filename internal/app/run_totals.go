package app

import (
	"cmp"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// customerTotals sums both sides by tenant and currency, minimum fees among the sales. Retail is exact.
func (w *work) customerTotals() []recon.CustomerTotal {
	sums := map[[2]string]*recon.CustomerTotal{}
	at := func(tenant string, c money.Currency) *recon.CustomerTotal {
		k := [2]string{tenant, string(c)}
		if sums[k] == nil {
			sums[k] = &recon.CustomerTotal{TenantID: tenant, Currency: c}
			if known := w.ps.byTenant[tenant]; known != nil {
				sums[k].Name = known.Name
			}
		}
		return sums[k]
	}
	for i := range w.sold.Charges {
		c := &w.sold.Charges[i]
		t := at(c.TenantID, c.Currency)
		t.Cost, t.Retail = t.Cost.Add(c.Cost), t.Retail.Add(c.Retail)
		if k := w.ps.byID[c.CustomerID]; k != nil && k.NotBilled != "" {
			continue // its cost is the partner's own
		}
		sells := at(c.TenantID, c.SellCurrency)
		sells.Sell = sells.Sell.Add(c.Sell)
	}
	for _, f := range w.sold.Fees {
		if c := w.ps.byID[f.Customer]; c != nil && c.NotBilled == "" && f.Shortfall.Sign() > 0 {
			t := at(c.TenantID, f.Currency)
			t.Sell = t.Sell.Add(f.Shortfall)
		}
	}
	out := make([]recon.CustomerTotal, 0, len(sums))
	for _, t := range sums {
		t.Margin = t.Sell.Sub(t.Cost)
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b recon.CustomerTotal) int {
		return cmp.Or(cmp.Compare(a.TenantID, b.TenantID), cmp.Compare(a.Currency, b.Currency))
	})
	return out
}

// rounded is the customers' totals as a person reads them.
func rounded(list []recon.CustomerTotal) []recon.CustomerTotal {
	out := slices.Clone(list)
	for i := range out {
		out[i].Retail = out[i].Retail.Round(money.HalfUp, out[i].Currency.MinorUnits())
	}
	return out
}

// totals sums customers, and the partner's own services, by currency.
func (w *work) totals() []Total {
	sums := map[money.Currency]*Total{}
	at := func(c money.Currency) *Total {
		if sums[c] == nil {
			sums[c] = &Total{Currency: c}
		}
		return sums[c]
	}
	for _, c := range w.customers {
		t := at(c.Currency)
		t.Cost, t.Retail, t.Sell = t.Cost.Add(c.Cost), t.Retail.Add(c.Retail), t.Sell.Add(c.Sell)
	}
	for _, c := range w.service {
		t := at(c.Currency)
		t.Services, t.Sell, t.Cost = t.Services.Add(c.Net), t.Sell.Add(c.Net), t.Cost.Add(c.Cost)
	}
	out := make([]Total, 0, len(sums))
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		t := sums[c]
		t.Retail, t.Margin = t.Retail.Round(money.HalfUp, c.MinorUnits()), t.Sell.Sub(t.Cost)
		out = append(out, *t)
	}
	return out
}
