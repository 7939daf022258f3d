package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/synth"
)

// generated is a quarter of the generator's months with the same customers, from January on, billed and issued: with
// services, a reseller that is billed, customers in another currency, corrections after issue and credits by hand. Each
// month's rules differ, so that an earlier month is corrected when it is run again.
type generated struct {
	*desk
	months []period.Month
}

var microsoftNumber = regexp.MustCompile(`G\d{9}`)

// files writes a month under numbers of its own: the generator gives each month of a seed the same.
func (g *generated) files(seed uint64, i int) []string {
	g.Helper()
	cfg := synth.Demo()
	cfg.Seed, cfg.Customers, cfg.Meters, cfg.Licences, cfg.Period = seed, 8, 3, 2, g.months[i]
	cfg.Features &^= synth.PriceChange // a price changes in one month of a quarter, not in each of them
	m, err := synth.New(cfg)
	if err != nil {
		g.Fatal(err)
	}
	files, err := m.Write(filepath.Join(g.dir, g.months[i].String()))
	if err != nil {
		g.Fatal(err)
	}
	for _, path := range files.CSV() {
		text, err := os.ReadFile(path)
		if err != nil {
			g.Fatal(err)
		}
		text = microsoftNumber.ReplaceAllFunc(text, func(n []byte) []byte { return fmt.Appendf(nil, "G%d%s", 4+i, n[2:]) })
		if err := os.WriteFile(path, text, 0o600); err != nil {
			g.Fatal(err)
		}
	}
	return files.CSV()
}

func rulesOf(i int) string {
	return fmt.Sprintf(`[
		{"id":"credits","select":{"chargeType":"customerCredit"},"base":"cost"},
		{"id":"azure","select":{"productCategory":"Azure plan"},"base":"retail","pecSharePercent":"%d"},
		{"id":"licences","select":{"productCategory":"licence"},"base":"retail","operations":[{"discount":"%d"},{"floor":"cost"}],
		 "rounding":{"mode":"half-up","scale":2,"level":"group","group":["customer","currency","subscriptionId","productId","skuId"]}},
		{"id":"rest","base":"cost","operations":[{"marginOfSell":"12"}]},
		{"id":"minimum","select":{"productCategory":"Azure plan"},"minimumFee":{"EUR":"1500.00","DKK":"900.00"}}]`, 40-5*i, 3+2*i)
}

// billQuarter bills the three months by the seller's policies.
func billQuarter(t *testing.T, seed uint64, policies ...func(*billing.Seller)) *generated {
	t.Helper()
	g := &generated{newDesk(t, policies...), []period.Month{feb.Add(-1), feb, mar}}
	for i, m := range g.months {
		g.on(m.Add(1).First().AddDays(8).String())
		g.imports(g.files(seed, i)...)
		if i == 0 {
			g.parties()
		}
		g.rules(rulesOf(i))
		g.billAndIssue(m)
		if i > 0 {
			g.billAndIssue(m.Add(-1)) // by the new rules: corrections
		}
	}
	g.creditSome()
	return g
}

// parties completes customers and resellers, gives some another currency, and agrees services.
func (g *generated) parties() {
	g.Helper()
	customers, err := g.app.Customers(g.Context())
	if err != nil {
		g.Fatal(err)
	}
	for n, c := range customers {
		currency := ""
		if n%4 == 1 {
			currency = `,"currency":"CHF"`
		}
		g.setCustomer(c.TenantID, fmt.Sprintf(`{"party":%s,"buyer_reference":"PO-%d"%s}`, asJSON(g, partyOf(c, n)), n, currency))
	}
	for i, text := range []string{
		`"name":"Managed Azure","model":"percentage","percent":"6","minimum":"45.00"`,
		`"name":"Service desk","model":"recurring","timing":"advance","price":"89.00","quantity":"3","prorate":true,"unit":"hour"`,
		`"name":"Backup check","model":"recurring","timing":"arrears","price":"12.35","quantity":"1"`,
		`"name":"Migration","model":"one-time","price":"1200.00","quantity":"1"`,
		`"name":"Scans","model":"usage","price":"0.0375","quantity":"1","unit":"GB","recorded":{"2026-01":"1033.7","2026-03":"12"}`,
	} {
		g.service(fmt.Sprintf(`{"customer_id":%q,"currency":"EUR","from":"2026-01-12",%s}`, customers[i%len(customers)].ID, text))
	}
	mpn := g.resellers()[0] // the others are shown
	if _, err := g.app.SetReseller(g.Context(), customer.Reseller{MpnID: mpn, Name: "Fjord IT " + mpn, Billed: true, BuyerReference: "provider 7", Party: billing.Party{
		VATID: "ATU12345678", EndpointID: "ATU12345678", EndpointScheme: "9914", Address: billing.Address{Street: "Gasse 1", City: "Wien", PostalCode: "1010", Country: "AT"},
	}}); err != nil {
		g.Fatal(err)
	}
}

// partyOf is an invented address with a VAT id that e-invoices take, in the customer's country or else in Austria.
func partyOf(c customer.Customer, n int) billing.Party {
	known := map[string][2]string{ // VAT id and the scheme of electronic addresses that it belongs to
		"DE": {"DE2718%05d", "9930"}, "AT": {"ATU648%05d", "9914"}, "FR": {"FR4081%05d22", "9957"}, "BE": {"BE08%05d22", "9925"}, "DK": {"DK277%05d", "0184"},
		"NL": {"NL8530%05dB01", "9944"}, "IE": {"IE34%05dFA", "9935"}, "GB": {"GB284%05d1", "9932"}, "GR": {"EL0945%05d", "9933"},
	}
	country := c.Country
	if known[country][0] == "" {
		country = "AT"
	}
	vat := fmt.Sprintf(known[country][0], 10007*(n%9+1))
	return billing.Party{
		Name: c.Name, VATID: vat, EndpointID: vat, EndpointScheme: known[country][1],
		Address: billing.Address{Street: fmt.Sprintf("Hauptstraße %d", n+1), City: "Ort", PostalCode: "1010", Country: country},
	}
}

// resellers are the partner ids that the first month's lines name.
func (g *generated) resellers() []string {
	g.Helper()
	run, err := g.app.BillRun(g.Context(), g.months[0])
	if err != nil {
		g.Fatal(err)
	}
	var list []string
	for _, row := range run.Drafts {
		for _, l := range g.show(row.ID).Lines {
			if l.ResellerMpnID != "" && !strings.Contains(strings.Join(list, " "), l.ResellerMpnID) {
				list = append(list, l.ResellerMpnID)
			}
		}
	}
	if len(list) < 1 {
		g.Fatal("no reseller in the month")
	}
	return list
}

// billAndIssue runs a month, waives what its files are found at fault with, issues everything, and bills again the months
// that the run left out of date. The one fault of the files is a licence whose price rises in each month's sheet anew.
func (g *generated) billAndIssue(m period.Month) {
	g.Helper()
	run, err := g.app.BillRun(g.Context(), m)
	if err != nil {
		g.Fatal(err)
	}
	for _, f := range run.Result.Findings {
		if f.Level != "L3" || !strings.Contains(f.Message, "Microsoft 365 E3") {
			g.Errorf("%s: finding %s %s: %s", m, f.Level, f.Class, f.Message)
		}
		if err := g.app.Waive(g.Context(), m, f.Key, "test", app.Actor{}); err != nil {
			g.Fatal(err)
		}
	}
	g.issueAll(run)
	for _, p := range run.Problems {
		if month, _, stale := strings.Cut(strings.TrimPrefix(p, "bill "), " again: "); stale {
			g.billAndIssue(period.MustMonth(month))
		}
	}
}

// creditSome credits one invoice in full and a part of two others.
func (g *generated) creditSome() {
	g.Helper()
	n := 0
	for _, row := range mustInvoices(g.desk) {
		if row.Type != billing.TypeInvoice || row.State != billing.StateIssued || row.Period != mar || n == 3 {
			continue
		}
		v := g.show(row.ID)
		var lines []app.CreditLine
		if n > 0 {
			lines = []app.CreditLine{{N: v.Lines[0].N, Amount: ptr("0.37")}}
		}
		if note, err := g.credit(*row.Number, lines...); err == nil {
			g.issue(note.ID)
			n++
		}
	}
	if n != 3 {
		g.Errorf("%d credits, want 3", n)
	}
}
