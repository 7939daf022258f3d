package app_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/synth"
)

// trees wants every line of every document to have a derivation that ends at its net and adds up, and returns the
// trees by document and line.
func (d *desk) trees() map[string]app.Node {
	d.Helper()
	rows, err := d.app.Invoices(d.Context(), app.InvoiceFilter{})
	if err != nil {
		d.Fatal(err)
	}
	trees := map[string]app.Node{}
	for _, row := range rows {
		for _, l := range d.show(row.ID).Lines {
			e, err := d.app.Explain(d.Context(), row.ID, l.N)
			if err != nil {
				d.Errorf("%s %s line %d (%s): %v", row.Customer.Name, row.Period, l.N, l.Kind, err)
				continue
			}
			where := fmt.Sprintf("%s %s line %d (%s, %s)", row.Customer.Name, row.Period, l.N, l.Kind, l.Description)
			if got := amountOf(d, e.Tree.Amount); !got.Equal(l.Net) {
				d.Errorf("%s: derived %s, billed %s", where, got, l.Net)
			}
			if problems := addsUp(d, e.Tree); len(problems) > 0 {
				d.Errorf("%s does not add up:\n%s\n%s", where, strings.Join(problems, "\n"), drawn(e.Tree, ""))
			}
			name := fmt.Sprintf("%s %s %s", row.Customer.Name, row.Period, l.Description)
			if l.CorrectsLine > 0 {
				name += ", given back"
			}
			trees[name] = e.Tree
		}
	}
	return trees
}

func amountOf(t interface{ Fatal(...any) }, text string) decimal {
	number, _, _ := strings.Cut(text, " ")
	got, err := money.Parse(number)
	if err != nil {
		t.Fatal(text, err)
	}
	return got
}

// addsUp holds every node of a derivation to what it says of its amount. A leaf at the root is no derivation.
func addsUp(t interface{ Fatal(...any) }, root app.Node) []string {
	var problems []string
	if len(root.From) == 0 {
		problems = append(problems, "nothing stands behind it")
	}
	var walk func(n app.Node)
	walk = func(n app.Node) {
		var amounts []decimal
		for _, c := range n.From {
			if c.Amount != "" {
				amounts = append(amounts, amountOf(t, c.Amount))
			}
			walk(c)
		}
		if n.How == "" {
			return
		}
		bad := func(format string, args ...any) {
			problems = append(problems, fmt.Sprintf("%q = %s: ", n.Text, n.Amount)+fmt.Sprintf(format, args...))
		}
		want := amountOf(t, n.Amount)
		if len(amounts) == 0 && !want.IsZero() {
			bad("no amounts beneath")
			return
		}
		var sum decimal
		for _, a := range amounts {
			sum = sum.Add(a)
			if n.How == app.HowSame && !a.Equal(want) {
				bad("one way gives %s", a)
			}
		}
		switch {
		case n.How == app.HowSum && !sum.Equal(want):
			bad("its parts sum to %s", sum)
		case n.How == app.HowSteps && !amounts[len(amounts)-1].Equal(want):
			bad("its last step is %s", amounts[len(amounts)-1])
		case n.How == app.HowFirst && !amounts[0].Equal(want):
			bad("its first side is %s", amounts[0])
		}
	}
	walk(root)
	return problems
}

func drawn(n app.Node, indent string) string {
	s := fmt.Sprintf("%s%s = %s %s\n", indent, n.Text, n.Amount, n.How)
	for _, c := range n.From {
		s += drawn(c, indent+"  ")
	}
	return s
}

// wants looks for texts in a derivation, in their order.
func (d *desk) wants(tree app.Node, texts ...string) {
	d.Helper()
	all := drawn(tree, "")
	rest := all
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			d.Errorf("%q is missing, or not behind the others, in\n%s", text, all)
			return
		}
		rest = after
	}
}

func TestEveryLineOfAGeneratedMonthIsExplained(t *testing.T) {
	t.Parallel()
	for i, set := range []string{synth.RulesRetail, synth.RulesMixed} { // by group and floor; by fixed price, credit share, margin and minimum
		t.Run("rules "+set, func(t *testing.T) {
			t.Parallel()
			cfg := synth.Demo()
			cfg.Customers, cfg.Seed = 2, uint64(7+i)
			d := newDesk(t)
			m, err := synth.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			files, err := m.Write(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			rules, err := pricing.Decode(bytes.NewReader(m.Rules[set]))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.app.AddRules(t.Context(), rules); err != nil {
				t.Fatal(err)
			}
			d.imports(files.CSV()...)
			d.run(m.Period)
			if n := len(d.trees()); n < 30 {
				t.Errorf("only %d lines", n)
			}
		})
	}
}

// everything is three months with every kind of line; February carries a balance of Acme forward, March is issued.
func everything(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, carryForward)
	for i := range 3 {
		d.rates(feb.Add(i), "EUR", "1.2", "CHF", "1.25")
	}
	if _, err := d.app.SetReseller(t.Context(), customer.Reseller{MpnID: "5512345", Name: "Fjord IT", Billed: true, Party: billing.Party{
		VATID: "ATU12345678", EndpointID: "ATU12345678", EndpointScheme: "9914", Address: billing.Address{Street: "Gasse 1", City: "Wien", PostalCode: "1010", Country: "AT"},
	}}); err != nil {
		t.Fatal(err)
	}
	d.rules(`[
		{"id":"group","select":{"productCategory":"licence"},"base":"cost","operations":[{"percent":"10"}],"rounding":{"mode":"half-up","scale":2,"level":"group","group":["customer","currency","productId"]}},
		{"id":"plus","select":{"productCategory":"Azure plan"},"base":"cost","operations":[{"percent":"7.5"}],"minimumFee":{"EUR":"60.00"},"prorate":true},
		{"id":"swiss","select":{"productCategory":"perpetual"},"base":"cost","currency":"CHF","fx":{"source":"fixed","rate":"0.95","on":"2026-01-05"}},
		{"id":"pack","select":{},"bundle":{"sku":"PACK","title":"Office pack","price":{"EUR":"25.00"},"components":[{"productId":"MAIL","weight":"3"},{"productId":"CALL","weight":"1"}]}}]`)
	mail, call := beta("licence", "Mail", "3", "5.00"), beta("licence", "Call", "3", "2.00")
	mail.Product, call.Product = "MAIL", "CALL"
	resold := charge{Kind: "azure", Customer: "Gamma", Tenant: tenantOf("c"), Title: "VM", Quantity: "3", Price: "3.33", Reseller: "5512345"}
	seats := []charge{acme("licence", "Plan", "3", "10.01"), acme("licence", "Plan", "1", "0.33")}
	seats[1].Type = "addQuantity"
	d.recon("G000000301", feb, acme("credit", "VM", "1", "-500"), acme("azure", "VM", "10", "0.5"), mail, call, resold)
	d.service(`{"customer_id":"Acme","name":"Care","model":"percentage","percent":"10","minimum":"5","prorate":true,"currency":"CHF","from":"2026-02-15"}`)
	d.service(`{"customer_id":"Beta","name":"Desk","model":"recurring","timing":"advance","price":"31.00","quantity":"2","prorate":true,"currency":"EUR","from":"2026-02-20"}`)
	d.service(`{"customer_id":"Beta","name":"Scans","model":"usage","price":"0.333","quantity":"1","currency":"CHF","recorded":{"2026-03":"10"},"from":"2026-01-01"}`)
	d.setCustomer("Beta", `{"currency":"CHF","served_from":"2026-03-20"}`)
	d.issueAll(d.run(feb))
	d.recon("G000000302", mar, append(seats, acme("azure", "VM", "1000", "0.5"), acme("software", "SQL", "1", "99.99"), beta("azure", "VM", "10", "0.5"), mail, call, resold)...)
	d.issueAll(d.run(mar))
	return d
}

func TestEveryKindOfLineIsExplained(t *testing.T) {
	t.Parallel()
	d := everything(t)
	d.recon("G000000302", mar, acme("licence", "Plan", "5", "10.01"), acme("azure", "VM", "1000", "0.5"), beta("azure", "VM", "12", "0.5"))
	d.run(mar) // corrections of everything
	for _, row := range mustInvoices(d) {
		if row.State == billing.StateIssued && row.Type == billing.TypeInvoice && row.Period == mar {
			if _, err := d.credit(*row.Number, app.CreditLine{N: 1, Amount: ptr("0.01")}); err != nil {
				t.Error(err)
			}
		}
	}
	trees := d.trees()
	d.wants(trees["Beta 2026-03 Office pack"], "72.00 CHF sum", "x 0.96 CHF per EUR (microsoft, 2026-03-01)", "75.00 EUR", "25 x 3 bundles", "split by largest remainder", "56.25 EUR first", "18.75 EUR first")
	d.wants(trees["Beta 2026-03 Minimum fee 2026-03: shortfall to 23.23 EUR"], "17.14 CHF sum", "before conversion = 17.85 EUR sum",
		"minimum fee of rule plus version 1 = 23.23 EUR", "x 12 of 31 days as a customer = 23.23", "less what 1 lines were sold for = -5.38 EUR sum")
	d.wants(trees["Acme 2026-03 Balance carried forward from 2026-02"], "-477.50 EUR sum", "balance of 2026-02, carried forward by run_", "VM = 5.38 EUR",
		"VM (Azure credit offer) = -537.50 EUR", "Minimum fee 2026-02: shortfall to 60.00 EUR = 54.62 EUR", "less what 1 lines were sold for = -5.38 EUR")
	d.wants(trees["Acme 2026-03 Correction: Plan (billed 33.40, now 55.06)"], "21.66 EUR sum", "now, by the run of 2026-03 = 55.06 EUR", "cost in EUR = 50.05",
		"x (1 + 10 %) = 55.055", "half-up to 2 decimals on the group = 55.06", "less what 2026-00005 billed in line 2 = -33.40 EUR")
	d.wants(trees["Acme 2026-03 Care"], "51.60 CHF sum", "Azure spend of 2026-03 in CHF = 516.00 CHF sum", "Azure spend 537.50 EUR x 0.96 (microsoft, 2026-03-01) = 516", "10 % of it = 51.6")
	d.wants(trees["Beta 2026-02 Desk"], "Desk", "before conversion = 62.00 EUR", "2 x 31 for 2026-03, in advance = 62")
	d.wants(trees["Acme 2026-03 SQL, given back"], "-0.01 CHF sum", "part of line 1 of 2026-00004, given back", "x 0.95 CHF per EUR = 94.9905", "rate: 0.95 CHF per EUR (fixed, 2026-01-05)")
	d.wants(trees["Fjord IT 2026-03 Gamma: VM"], "10.74 EUR", "3.33 x 3")
	d.hasEvery(billing.KindCharge, billing.KindMinimumFee, billing.KindService, billing.KindCorrection, billing.KindCarryForward)
}

func (d *desk) hasEvery(kinds ...billing.Kind) {
	d.Helper()
	seen := map[billing.Kind]bool{}
	for _, row := range mustInvoices(d) {
		for _, l := range d.show(row.ID).Lines {
			seen[l.Kind] = true
		}
	}
	for _, k := range kinds {
		if !seen[k] {
			d.Errorf("no line of kind %s", k)
		}
	}
}

func mustInvoices(d *desk) []app.InvoiceRow {
	d.Helper()
	rows, err := d.app.Invoices(d.Context(), app.InvoiceFilter{})
	if err != nil {
		d.Fatal(err)
	}
	return rows
}
