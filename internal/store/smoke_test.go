package store

import ("testing";"time";"path/filepath";"github.com/chandler-csp/chandler/internal/csp/billing";"github.com/chandler-csp/chandler/internal/core/period";"github.com/chandler-csp/chandler/internal/core/money";"fmt")

func TestSmoke(t *testing.T) {
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "r.db"), Clock: time.Now})
	if err != nil { t.Fatal(err) }
	p := period.MustMonth("2026-03")
	var drafts []billing.Invoice
	for i := range 100 {
		inv := billing.Invoice{ID: fmt.Sprintf("inv_%d", i), Type: billing.TypeInvoice, State: billing.StateDraft, Period: p, RunID: "r1", CustomerID: fmt.Sprint("c", i), Currency: "EUR", Net: money.MustParse("10.00"), CreatedAt: time.Now()}
		for n := range 1000 {
			inv.Lines = append(inv.Lines, billing.Line{N: n+1, Kind: billing.KindCharge, Category: "Azure plan", Group:"Azure usage", Description: "Some product, some sku (10 of 31 days)", SubscriptionID: "257a55c1-5e51-43a0-a2d1-9a33b520fc43", ProductID:"DZH318Z0BQ4B", SkuID: "00K1", MeterID: "257a55c1-5e51-43a0-a2d1-9a33b520fc43", Net: money.MustParse("1.23"), ChargeIDs: []string{"chg_0123456789abcdef"}})
		}
		drafts = append(drafts, inv)
	}
	at := time.Now()
	if err := s.ReplaceRun(t.Context(), billing.Run{ID: "r1", Period: p, StartedAt: time.Now()}, drafts, nil); err != nil { t.Fatal(err) }
	t.Log("100 x 1000 lines", time.Since(at))
	at = time.Now()
	inv, err := s.Invoice(t.Context(), "inv_3")
	if err != nil || len(inv.Lines) != 1000 { t.Fatal(err, len(inv.Lines)) }
	t.Log("read", time.Since(at))
	c, err := s.LatestRun(t.Context(), period.Month{})
	t.Log(c.ID, err)
	_, err = s.Customer(t.Context(), "nobody")
	t.Log(err)
	_, err = s.Seller(t.Context())
	t.Log(err)
	if err := s.Close(); err != nil { t.Fatal(err) }
}
