package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func conversionOf(l billing.Line) string {
	if l.Exchange == nil {
		return "none"
	}
	x := l.Exchange
	return fmt.Sprintf("%s %s at %s (%s, %s)", x.Amount.Plain(), x.From, x.Rate.Plain(), x.Source, x.On)
}

// G14's amounts: EUR 347.08 in CHF, 100.00 in JPY without decimals, 347.08 in KWD with three.
func TestACustomerIsInvoicedInItsOwnCurrency(t *testing.T) {
	t.Parallel()
	for currency, c := range map[moneyCurrency]struct{ cost, perUnit, net, gross, conversion string }{
		"CHF": {"347.08", "1.061458443901921", "326.98", "389.11", "347.08 EUR at 0.9421 (microsoft, 2026-03-01)"},
		"JPY": {"100.00", "0.006116020916791", "16351", "19458", "100 EUR at 163.505 (microsoft, 2026-03-01)"},
		"KWD": {"347.08", "3.010506668272270", "115.290", "137.195", "347.08 EUR at 0.33217 (microsoft, 2026-03-01)"},
	} {
		t.Run(string(currency), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rates(mar, "EUR", "1", string(currency), c.perUnit)
			d.recon("G000000001", mar, acme("azure", "VM", "1", c.cost))
			d.setCustomer("Acme", fmt.Sprintf(`{"currency":%q}`, currency))
			run := d.run(mar)
			v := d.draft(run, "Acme", currency)
			if v.Net.String() != c.net || v.Gross.String() != c.gross {
				t.Errorf("net %s gross %s, want %s and %s", v.Net, v.Gross, c.net, c.gross)
			}
			l := v.Lines[0]
			if got := conversionOf(l); got != c.conversion || l.Cost.Plain() != dec(c.cost).Plain() || l.CostCurrency != "EUR" {
				t.Errorf("converted %s, want %s; cost %s %s", got, c.conversion, l.Cost, l.CostCurrency)
			}
			number := d.issue(v.ID)
			if again := d.run(mar); len(again.Drafts) != 0 {
				t.Errorf("again: %+v", again.Drafts)
			}
			for _, f := range []string{"csv", "json", "ubl"} {
				files, err := d.app.ExportInvoices(t.Context(), []string{number}, mar, f)
				if err != nil || !strings.Contains(string(files[0].Data), strings.Fields(c.conversion)[3]) {
					t.Errorf("%s does not show the rate: %v", f, err)
				}
			}
			d.verifies(mar)
		})
	}
}

func TestWithoutARateLinesStayInTheirCurrency(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("azure", "VM", "1", "100"), acme("azure", "Disk", "1", "100"))
	d.setCustomer("Acme", `{"currency":"CHF"}`)
	run := d.run(mar)
	d.lines(d.draft(run, "Acme", "EUR"), "Disk: 100.00", "VM: 100.00")
	if got, want := strings.Join(run.Problems, "\n"), "no exchange rate from EUR to CHF for Acme: its lines stay in EUR"; got != want {
		t.Errorf("problems %q, want %q once", got, want)
	}
}

// A rule converts by Microsoft's rate of the month, by a fixed one, or by one that somebody looked up.
func TestARuleSellsInAnotherCurrency(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ fx, net, conversion, loser string }{
		"by Microsoft's rate": {`{"source":"microsoft"}`, "105.60", "100 EUR at 0.96 (microsoft, 2026-03-01)", ""},
		"at a fixed rate":     {`{"source":"fixed","rate":"0.95","on":"2026-01-05"}`, "104.50", "100 EUR at 0.95 (fixed, 2026-01-05)", ""},
		"at the bank's rate":  {`{"source":"ecb","rate":"0.9421","on":"2026-03-31"}`, "103.63", "100 EUR at 0.9421 (ecb, 2026-03-31)", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rates(mar, "EUR", "1.2", "CHF", "1.25")
			d.rules(`{"id":"swiss","base":"cost","operations":[{"percent":"10"}],"currency":"CHF","fx":` + c.fx + `}`)
			d.recon("G000000001", mar, acme("azure", "VM", "1", "100"))
			v := d.draft(d.run(mar), "Acme", "CHF")
			if v.Net.String() != c.net || conversionOf(v.Lines[0]) != c.conversion {
				t.Errorf("net %s, converted %s; want %s, %s", v.Net, conversionOf(v.Lines[0]), c.net, c.conversion)
			}
			d.issue(v.ID)
			d.verifies(mar)
		})
	}
}

// Zero lines are in every proof; the customer's documents show them only where the customer wants them.
func TestZeroLinesAreHiddenByTheCustomersSetting(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "1", "10.00"), acme("licence", "Trial", "25", "0"))
	shows := func(f string) bool {
		t.Helper()
		files, err := d.app.ExportInvoices(t.Context(), nil, mar, f)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(files[0].Data), "Trial")
	}
	v := d.draft(d.run(mar), "Acme")
	d.lines(v, "Plan: 10.00", "Trial: 0.00")
	if !shows("ubl") {
		t.Error("a zero line is not shown")
	}
	d.setCustomer("Acme", `{"hide_zero_lines":true}`)
	if shows("ubl") {
		t.Error("a zero line is shown to who does not want it")
	}
	number := d.issue(v.ID)
	if lines := d.show(number).Lines; len(lines) != 2 {
		t.Errorf("staff sees %d lines", len(lines))
	}
	d.verifies(mar)
}

// A month of usage alone is an estimate everywhere, and no invoice.
func TestAnEstimateSaysSoAndIsNotIssued(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	header := "CustomerId,CustomerName,CustomerCountry,InvoiceNumber,ProductId,SkuId,AvailabilityId,SkuName,ProductName,PublisherName,SubscriptionDescription,SubscriptionId," +
		"ChargeStartDate,ChargeEndDate,UsageDate,MeterCategory,MeterId,MeterName,Unit,ChargeType,UnitPrice,Quantity,BillingPreTaxTotal,BillingCurrency,PricingPreTaxTotal,PricingCurrency," +
		"EffectiveUnitPrice,PCToBCExchangeRate,PCToBCExchangeRateDate,EntitlementId,PartnerEarnedCreditPercentage,CreditPercentage\n"
	row := tenantOf("a") + ",Acme,DE,,PROD,0001,AV,VM,Virtual Machines,Microsoft,Azure plan,plan-1,2026-03-01,2026-04-01,2026-03-%02d,Virtual Machines,m-1,D4,1 Hour,new,0.5,24,12,EUR,12,EUR,0.5,1,2026-03-31,ent-1,0,0\n"
	d.imports(d.file("unbilled.csv", []byte(header+fmt.Sprintf(row, 3)+fmt.Sprintf(row, 4))))
	d.complete()
	run := d.run(mar)
	v := d.draft(run, "Acme")
	d.totals(v, "24.00", "4.56", "28.56")
	if !run.Estimate || !v.Estimate || !strings.Contains(notesOf(run, "estimate"), "estimate") {
		t.Errorf("run %t, document %t, notes %q", run.Estimate, v.Estimate, notesOf(run, "estimate"))
	}
	result, err := d.app.Recon(t.Context(), mar)
	if err != nil || !result.Estimate {
		t.Errorf("reconciliation: %t, %v", result.Estimate, err)
	}
	for f, content := range d.renderings(v.ID) {
		if f != "xlsx" && f != "pdf" && !strings.Contains(strings.ToLower(content), "estimate") {
			t.Errorf("%s does not say that it is an estimate", f)
		}
	}
	d.wants(d.trees()["Acme 2026-03 Virtual Machines, VM"], "24.00 EUR sum", "estimated from usage: new, VM",
		"list amount of the usage = 24.00 EUR", "2026-03-03: 24 x 1 Hour in 1 rows, credit 0 % = 12.00 EUR", "unbilled.csv:2")
	d.verifies(mar)
	d.approve(v.ID)
	_, err = d.app.Issue(t.Context(), v.ID, app.Actor{})
	d.refused(err, "invoice.incomplete")
	if got := strings.Join(fieldsOf(err), "\n"); got != "/estimate required" {
		t.Errorf("gaps: %s", got)
	}
	d.recon("G000000001", mar, acme("azure", "VM", "48", "0.5"))
	run = d.run(mar)
	if run.Estimate {
		t.Error("with the reconciliation it is an estimate still")
	}
	d.issue(d.draft(run, "Acme").ID)
	d.verifies(mar)
}
