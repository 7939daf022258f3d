package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// quarter imports three months in which Acme uses 200.00 EUR of Azure each.
func quarter(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	for i := range 3 {
		d.recon(fmt.Sprintf("G00000020%d", i), feb.Add(i), acme("azure", "VM", "400", "0.5"))
	}
	return d
}

// services lists the service lines of three months: "month from..to quantity x price = net".
func (d *desk) services() []string {
	d.Helper()
	var got []string
	for i := range 3 {
		m := feb.Add(i)
		for _, l := range d.draft(d.run(m), "Acme").Lines {
			if l.Kind == "service" {
				got = append(got, fmt.Sprintf("%s %s..%s %s x %s = %s", m, l.ServiceFrom, l.ServiceTo, l.Quantity.Plain(), l.UnitPrice.Plain(), l.Net.Fixed(2)))
			}
		}
	}
	return got
}

func TestServicesAreOnTheSameInvoice(t *testing.T) {
	t.Parallel()
	const base = `"customer_id":"Acme","name":"Care","currency":"EUR",`
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"once": {`"model":"one-time","price":"150.00","quantity":"2","from":"2026-03-10"`, []string{"2026-03 2026-03-10..2026-03-10 2 x 150 = 300.00"}},
		"in arrears, from a day to a day": {`"model":"recurring","timing":"arrears","price":"31.00","quantity":"1","prorate":true,"from":"2026-02-15","to":"2026-04-10"`, []string{
			"2026-02 2026-02-15..2026-02-28 1 x 15.5 = 15.50", "2026-03 2026-03-01..2026-03-31 1 x 31 = 31.00", "2026-04 2026-04-01..2026-04-10 1 x 10.33 = 10.33",
		}},
		"in advance, from a day to a day": {`"model":"recurring","timing":"advance","price":"31.00","quantity":"1","prorate":true,"from":"2026-02-15","to":"2026-04-10"`, []string{
			"2026-02 2026-02-15..2026-02-28 1 x 15.5 = 15.50", "2026-02 2026-03-01..2026-03-31 1 x 31 = 31.00", "2026-03 2026-04-01..2026-04-10 1 x 10.33 = 10.33",
		}},
		"in arrears without proration": {`"model":"recurring","timing":"arrears","price":"31.00","quantity":"1","from":"2026-03-31"`, []string{
			"2026-03 2026-03-31..2026-03-31 1 x 31 = 31.00", "2026-04 2026-04-01..2026-04-30 1 x 31 = 31.00",
		}},
		"by recorded units": {`"model":"usage","price":"0.085","quantity":"1","unit":"GB","recorded":{"2026-03":"1000.5"},"from":"2026-01-01"`, []string{
			"2026-03 2026-03-01..2026-03-31 1000.5 x 0.0849975012 = 85.04",
		}},
		"a percentage of Azure spend": {`"model":"percentage","percent":"7.5","from":"2026-03-01","to":"2026-03-31"`, []string{"2026-03 2026-03-01..2026-03-31 1 x 15 = 15.00"}},
		"a percentage, at least":      {`"model":"percentage","percent":"7.5","minimum":"40.00","from":"2026-04-01"`, []string{"2026-04 2026-04-01..2026-04-30 1 x 40 = 40.00"}},
		"a percentage, at most":       {`"model":"percentage","percent":"7.5","maximum":"12.00","from":"2026-04-01"`, []string{"2026-04 2026-04-01..2026-04-30 1 x 12 = 12.00"}},
		"a prorated minimum": {`"model":"percentage","percent":"1","minimum":"30.00","prorate":true,"from":"2026-04-16"`, []string{
			"2026-04 2026-04-16..2026-04-30 1 x 15 = 15.00",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := quarter(t)
			d.service("{" + base + c.text + "}")
			if got := d.services(); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("services:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// An end that is agreed after its month was charged in advance takes the rest of the month back.
func TestALateEndOfAnAdvanceIsACorrection(t *testing.T) {
	t.Parallel()
	d := quarter(t)
	id := d.service(`{"customer_id":"Acme","name":"Care","currency":"EUR","model":"recurring","timing":"advance","price":"30.00","quantity":"1","prorate":true,"from":"2026-03-01"}`)
	v := d.draft(d.run(mar), "Acme")
	d.lines(v, "VM: 200.00", "Care: 30.00", "Care: 30.00")
	d.issue(v.ID)
	if _, err := d.app.EndService(t.Context(), id, period.MustDate("2026-04-10"), "moved away"); err != nil {
		t.Fatal(err)
	}
	v = d.draft(d.run(mar), "Acme")
	d.totals(v, "-20.00", "-3.80", "-23.80")
	d.issue(v.ID)
	d.lines(d.draft(d.run(april), "Acme"), "VM: 200.00") // April is paid already
	d.verifies(mar, april)
}

// The fee's spend is what the customer pays for Azure in all currencies, converted at the month's rate.
func TestAPercentageCountsSpendInAllCurrencies(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rates(mar, "EUR", "1.2", "CHF", "1.25")
	swiss := acme("azure", "VM", "100", "1")
	swiss.Currency = "CHF"
	d.recon("G000000001", mar, acme("azure", "VM", "400", "0.5"), acme("credit", "VM", "1", "-50"), acme("licence", "Plan", "1", "70"))
	d.recon("G000000002", mar, swiss)
	d.service(`{"customer_id":"Acme","name":"Care","model":"percentage","percent":"10","currency":"CHF","from":"2026-01-01"}`)
	v := d.draft(d.run(mar), "Acme", "CHF")
	d.lines(v, "VM: 100.00", "Care: 24.40") // 100 + (200 - 50) x 0.96 = 244
	d.setCustomer("Acme", `{"currency":"EUR"}`)
	v = d.draft(d.run(mar), "Acme")
	sameAmount(t, "fee in EUR", v.Lines[len(v.Lines)-1].Net, dec("25.42")) // 24.40 / 0.96, as the invoice's own conversion gives it
}

func TestWithoutARateTheFeeSaysWhatIsNotInIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("azure", "VM", "400", "0.5"))
	d.service(`{"customer_id":"Acme","name":"Care","model":"percentage","percent":"10","minimum":"5","currency":"CHF","from":"2026-01-01"}`)
	run := d.run(mar)
	if got, want := strings.Join(run.Problems, "\n"), "no exchange rate from EUR to CHF: the Azure spend of Acme in EUR is not in its service fee"; got != want {
		t.Errorf("problems %q, want %q", got, want)
	}
	d.lines(d.draft(run, "Acme", "CHF"), "Care: 5.00")
}

func TestWhoIsNotBilledIsNotBilledForAnything(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rules(`{"id":"floor","select":{"productCategory":"Azure plan"},"minimumFee":{"EUR":"500.00"}}`)
	d.recon("G000000001", mar, acme("azure", "VM", "400", "0.5"), beta("azure", "VM", "2", "0.5"))
	d.service(`{"customer_id":"Acme","name":"Care","model":"recurring","timing":"arrears","price":"31.00","quantity":"1","currency":"EUR","from":"2026-01-01"}`)
	d.setCustomer("Acme", `{"not_billed":"our own tenant"}`)
	run := d.run(mar)
	if len(run.Drafts) != 1 || run.Drafts[0].Customer.Name != "Beta" {
		t.Errorf("drafts: %+v", run.Drafts)
	}
	for _, total := range run.Totals {
		sameAmount(t, "cost", total.Cost, dec("201.00"))
		sameAmount(t, "sell", total.Sell, dec("500.00"))
		sameAmount(t, "services", total.Services, dec("0"))
	}
	if got := notesOf(run, "not-billed"); got != "not billed on purpose: Acme: our own tenant" {
		t.Errorf("notes: %q", got)
	}
}

func notesOf(run app.Run, code string) string {
	var list []string
	for _, n := range run.Notes {
		if n.Code == code {
			list = append(list, n.Message)
		}
	}
	return strings.Join(list, "\n")
}

// rates imports Microsoft's exchange rates of a month: currency, US dollars for one unit, and so on.
func (d *desk) rates(m month, pairs ...string) {
	d.Helper()
	text := `"CurrencyCode","USDPerUnit","Month"` + "\n"
	compact := strings.ReplaceAll(m.String(), "-", "")
	for i := 0; i < len(pairs); i += 2 {
		text += fmt.Sprintf("%q,%q,%q\n", pairs[i], pairs[i+1], compact)
	}
	d.imports(d.file("fxrates_"+compact+".csv", []byte(text)))
}
