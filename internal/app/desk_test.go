package app_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// desk is a partner's billing desk in a test: an open data folder with a seller, a clock that a test moves, and hands
// that fail the test when something goes wrong.
type desk struct {
	*testing.T
	app *app.App
	now atomic.Int64 // microseconds; each reading moves it on by one, as time does
	dir string
}

var (
	feb   = period.MustMonth("2026-02")
	mar   = period.MustMonth("2026-03")
	april = period.MustMonth("2026-04")
)

// newDesk opens a folder on 9 April 2026, with a complete seller; policies change it before it is kept.
func newDesk(t *testing.T, policies ...func(*billing.Seller)) *desk {
	t.Helper()
	d := &desk{T: t, dir: t.TempDir()}
	d.on("2026-04-09")
	d.open()
	t.Cleanup(func() {
		if err := d.app.Close(); err != nil {
			t.Error(err)
		}
	})
	d.seller(policies...)
	return d
}

func (d *desk) open() {
	d.Helper()
	a, err := app.Open(d.Context(), app.Options{Data: filepath.Join(d.dir, "data"), Now: func() time.Time {
		return time.UnixMicro(d.now.Add(1)).UTC()
	}})
	if err != nil {
		d.Fatal(err)
	}
	d.app = a
}

// on sets the clock to ten in the morning of a day.
func (d *desk) on(day string) {
	d.now.Store(period.MustDate(day).Time().Add(10 * time.Hour).UnixMicro())
}

// completeSeller has all that an invoice and an e-invoice need.
func completeSeller() billing.Seller {
	return billing.Seller{
		Party: billing.Party{
			Name: "Nordlicht Cloud GmbH", Address: billing.Address{Street: "Kai 1", City: "Hamburg", PostalCode: "20457", Country: "DE"},
			VATID: "DE318204417", CompanyID: "HRB 1", EndpointID: "DE318204417", EndpointScheme: "9930",
			Contact: billing.Contact{Name: "Desk", Phone: "+49 40 1", Email: "desk@nordlicht.example"},
		},
		Bank: billing.Bank{AccountName: "Nordlicht", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX"}, TermsDays: 14, Terms: "14 days net.",
		InvoiceSeries: billing.NumberSeries{Pattern: "{year}-{n:05}"}, CreditNoteSeries: billing.NumberSeries{Pattern: "CN-{year}-{n:05}"},
		Tax: billing.TaxPolicy{Rate: dec("19"), ReverseCharge: []string{"EU"}}, Negative: billing.NegativeCreditNote, Correction: billing.CorrectNextInvoice,
	}
}

func (d *desk) seller(policies ...func(*billing.Seller)) {
	d.Helper()
	s := completeSeller()
	for _, p := range policies {
		p(&s)
	}
	if _, err := d.app.SetSeller(d.Context(), bytes.NewReader(asJSON(d, s)), d.dir); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) rules(text string) {
	d.Helper()
	rules, err := pricing.Decode(strings.NewReader(text))
	if err != nil {
		d.Fatal(err)
	}
	if _, err := d.app.AddRules(d.Context(), rules); err != nil {
		d.Fatal(err)
	}
}

// file writes a file into the desk's folder.
func (d *desk) file(name string, content []byte) string {
	d.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		d.Fatal(err)
	}
	return path
}

func (d *desk) imports(paths ...string) app.ImportReport {
	d.Helper()
	r, err := d.app.Import(d.Context(), paths)
	if err != nil {
		d.Fatal(err)
	}
	return r
}

// recon imports the reconciliation of one invoice of Microsoft's and completes the customers that come with it.
func (d *desk) recon(number string, m period.Month, rows ...charge) {
	d.Helper()
	content, document := reconFile(number, m, rows)
	d.imports(d.file("recon_"+number+".csv", content), d.file("invoice_"+number+".json", document))
	d.complete()
}

// complete gives every customer an address in Berlin and a VAT id, unless it has one.
func (d *desk) complete() {
	d.Helper()
	list, err := d.app.Customers(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	for i, c := range list {
		if c.Party.Address.Street != "" {
			continue
		}
		country := cmp.Or(c.Country, "DE")
		d.setCustomer(c.TenantID, fmt.Sprintf(`{"party":{"name":%q,"vatId":"DE27180%04d","endpointId":"DE27180%04d","endpointScheme":"9930",
			"contact":{},"address":{"street":"Allee %d","city":"Berlin","postalCode":"10115","country":%q}},"buyer_reference":"PO-%d"}`, c.Name, i, i, i+1, country, i+1))
	}
}

func (d *desk) setCustomer(ref, text string) {
	d.Helper()
	if _, err := d.app.SetCustomer(d.Context(), ref, strings.NewReader(text)); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) service(text string) string {
	d.Helper()
	s, err := d.app.AddService(d.Context(), strings.NewReader(text))
	if err != nil {
		d.Fatal(err)
	}
	return s.ID
}

func (d *desk) run(m period.Month) app.Run {
	d.Helper()
	r, err := d.app.BillRun(d.Context(), m)
	if err != nil {
		d.Fatal(err)
	}
	for _, f := range r.Result.Findings {
		d.Errorf("finding %s %s: %s", f.Level, f.Class, f.Message)
	}
	return r
}

// draft is the one draft of a run for a customer, in a currency where it has several.
func (d *desk) draft(r app.Run, customer string, currency ...money.Currency) app.InvoiceView {
	d.Helper()
	var found []string
	for _, row := range r.Drafts {
		if row.Customer.Name == customer && (len(currency) == 0 || row.Currency == currency[0]) {
			found = append(found, row.ID)
		}
	}
	if len(found) != 1 {
		d.Fatalf("%d drafts for %s, want one: %+v", len(found), customer, r.Drafts)
	}
	return d.show(found[0])
}

func (d *desk) show(ref string) app.InvoiceView {
	d.Helper()
	v, err := d.app.Invoice(d.Context(), ref)
	if err != nil {
		d.Fatal(err)
	}
	return v
}

func (d *desk) approve(ref string) {
	d.Helper()
	if _, err := d.app.Approve(d.Context(), ref, app.Actor{}); err != nil {
		d.Fatal(err)
	}
}

// issue approves and issues, and returns the number.
func (d *desk) issue(ref string) string {
	d.Helper()
	d.approve(ref)
	row, err := d.app.Issue(d.Context(), ref, app.Actor{})
	if err != nil {
		d.Fatal(err)
	}
	return *row.Number
}

// issueAll issues every draft of a run and returns the numbers by customer.
func (d *desk) issueAll(r app.Run) map[string]string {
	d.Helper()
	numbers := map[string]string{}
	for _, row := range r.Drafts {
		numbers[row.Customer.Name] = d.issue(row.ID)
	}
	return numbers
}

// verifies wants every document to verify, every line of it to be explained, and every month its reconciliation.
func (d *desk) verifies(months ...period.Month) {
	d.Helper()
	rows, err := d.app.Invoices(d.Context(), app.InvoiceFilter{})
	if err != nil {
		d.Fatal(err)
	}
	for _, row := range rows {
		v, err := d.app.VerifyInvoice(d.Context(), row.ID)
		if err != nil || !v.OK {
			d.Errorf("%s of %s, %s: %v %v", row.ID, row.Customer.Name, row.Period, v.Faults, err)
		}
		d.explained(d.show(row.ID))
	}
	for _, m := range months {
		v, err := d.app.ReconVerify(d.Context(), m)
		if err != nil || !v.OK {
			d.Errorf("reconciliation of %s: %v %v", m, v.Faults, err)
		}
	}
}

// explained wants a derivation of every line, that begins with its amount and says where that came from.
func (d *desk) explained(v app.InvoiceView) {
	d.Helper()
	for _, l := range v.Lines {
		e, err := d.app.Explain(d.Context(), v.ID, l.N)
		if err != nil {
			d.Errorf("explain line %d of %s: %v", l.N, v.ID, err)
			continue
		}
		if amount, _, _ := strings.Cut(e.Tree.Amount, " "); !dec(amount).Equal(l.Net) || len(e.Tree.From) == 0 {
			d.Errorf("line %d of %s, %s %s, is explained by %+v", l.N, v.ID, l.Kind, l.Net, e.Tree)
		}
	}
}

// refused wants an error of a code.
func (d *desk) refused(err error, code errs.Code) {
	d.Helper()
	if errs.CodeOf(err) != code {
		d.Errorf("got %v, want the code %s", err, code)
	}
}

// totals wants net, tax and gross of a document.
func (d *desk) totals(v app.InvoiceView, net, tax, gross string) {
	d.Helper()
	sameAmount(d.T, v.Customer.Name+" net", v.Net, dec(net))
	sameAmount(d.T, v.Customer.Name+" tax", v.Tax, dec(tax))
	sameAmount(d.T, v.Customer.Name+" gross", v.Gross, dec(gross))
}

// lines wants the lines of a document, each as "description: net".
func (d *desk) lines(v app.InvoiceView, want ...string) {
	d.Helper()
	var got []string
	for _, l := range v.Lines {
		got = append(got, l.Description+": "+l.Net.Fixed(v.Currency.MinorUnits()))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		d.Errorf("lines of %s:\n%s\nwant:\n%s", v.Customer.Name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func dec(s string) money.Decimal { return money.MustParse(s) }

// fieldsOf lists an error's fields as "place code", for errors that tell every fault.
func fieldsOf(err error) []string {
	var e *errs.Error
	var out []string
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			out = append(out, f.Place+" "+string(f.Code))
		}
	}
	return out
}

func asJSON(t interface{ Fatal(...any) }, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The names that tests of this package shorten.
type (
	decimal       = money.Decimal
	moneyCurrency = money.Currency
)

func ptr(s string) *money.Decimal { d := dec(s); return &d }

// note, month and invoiceRow are names that tests here use often.
type (
	note       = recon.Note
	month      = period.Month
	invoiceRow = app.InvoiceRow
)
