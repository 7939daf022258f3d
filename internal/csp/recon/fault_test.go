package recon_test

import (
	"cmp"
	"fmt"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// single is one fault put into the scene and the one finding that it must give.
type single struct {
	name   string
	break_ func(t *testing.T, m *month)
	level  string
	class  recon.Class
	amount string // in currency, EUR unless said otherwise
	money  money.Currency
	offG1  string // difference of the invoice, 0 unless said otherwise
	offG2  string
	at     string // file:line:column of the first place, where it is told
}

func (c single) check(t *testing.T) {
	t.Helper()
	m := scene()
	c.break_(t, m)
	res := m.check()
	proved(t, res)
	if len(res.Findings) != 1 {
		t.Errorf("%d findings, want 1", len(res.Findings))
		for _, f := range res.Findings {
			t.Errorf("%s %s %v: %s %+v", f.Level, f.Class, f.Amount, f.Message, f.Evidence[:min(3, len(f.Evidence))])
		}
		return
	}
	f := res.Findings[0]
	if f.Level != c.level || f.Class != c.class || f.Currency != cmp.Or(c.money, "EUR") || f.Amount == nil || f.Amount.Plain() != d(c.amount).Plain() || f.Severity != recon.Error {
		t.Errorf("%s %s of %v %s, want %s %s of %s %s: %s %+v", f.Level, f.Class, f.Amount, f.Currency, c.level, c.class, c.amount, c.money, f.Message, f.Evidence)
	}
	if len(f.Evidence) == 0 || c.at != "" && place(f.Evidence[0]) != c.at {
		t.Errorf("evidence %+v, want %s", f.Evidence, c.at)
	}
	for _, i := range res.Invoices {
		want := map[string]string{euros: c.offG1, krones: c.offG2}[i.Invoice]
		if _, listed := map[string]bool{euros: true, krones: true}[i.Invoice]; listed && want != "any" && !i.Difference.Equal(d(cmp.Or(want, "0"))) {
			t.Errorf("invoice %s: difference %s, want %s", i.Invoice, i.Difference, want)
		}
		for _, k := range i.Classes {
			if k.Class != c.class {
				t.Errorf("invoice %s: class %s of %s", i.Invoice, k.Class, k.Amount)
			}
		}
	}
}

func place(e recon.Evidence) string { return fmt.Sprintf("%s:%d:%s", e.File, e.Line, e.Column) }

func run(t *testing.T, list []single) {
	t.Helper()
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// Level 1: documents against lines.
func TestDocumentsAndLinesDiffer(t *testing.T) {
	t.Parallel()
	run(t, []single{
		{
			name: "a total that is a cent too high", level: "L1", class: recon.NotInDetail, amount: "0.01", offG1: "0.01", at: "invoice_G1.json:1:totalCharges",
			break_: func(_ *testing.T, m *month) { m.doc(euros).TotalCharges = m.doc(euros).TotalCharges.Add(d("0.01")) },
		},
		{
			name: "a total that is a cent too low", level: "L1", class: recon.NotInDetail, amount: "-0.01", money: "DKK", offG2: "-0.01",
			break_: func(_ *testing.T, m *month) { m.doc(krones).TotalCharges = m.doc(krones).TotalCharges.Sub(d("0.01")) },
		},
		{
			name: "a licence line that is missing", level: "L1", class: recon.NotInDetail, amount: "432", offG1: "432",
			break_: func(t *testing.T, m *month) { m.drop(m.side(t, "r5", false)) },
		},
		{
			name: "a metered line that is missing", level: "L4", class: recon.OrphanUsage, amount: "138.72", offG1: "138.72",
			break_: func(t *testing.T, m *month) { m.drop(m.metered(t, vmOf(euros, bert), true)) },
		},
		{
			name: "a metered line that is missing, with its tax", level: "L4", class: recon.OrphanUsage, amount: "974.11", money: "DKK", offG2: "974.11",
			break_: func(t *testing.T, m *month) { m.drop(m.metered(t, vmOf(krones, carl), true)) },
		},
		{
			name: "a line of late usage that is missing", level: "L4", class: recon.LateUsage, amount: "5.18", offG1: "5.18",
			break_: func(t *testing.T, m *month) {
				m.drop(m.find(t, 0, func(l *line) bool { return l.ChargeStart.String() == "2026-02-01" }))
			},
		},
		{
			name: "a line too many", level: "L1", class: recon.NotInDetail, amount: "-77", offG1: "-77",
			break_: func(_ *testing.T, m *month) { m.once(euros, bert, "WAAS", "0002", "new", "1 Month Subscription", "77") },
		},
		{
			name: "a line on the invoice in another currency", level: "L1", class: recon.NotInDetail, amount: "432", offG1: "432", at: "recon_G1.csv:20:InvoiceNumber",
			break_: func(t *testing.T, m *month) { m.side(t, "r5", false).InvoiceNumber = krones },
		},
		{
			name: "a metered line on the invoice in another currency", level: "L1", class: recon.NotInDetail, amount: "138.72", offG1: "138.72",
			break_: func(t *testing.T, m *month) { m.metered(t, vmOf(euros, bert), true).InvoiceNumber = krones },
		},
		{
			name: "a line under a number that nobody knows", level: "L1", class: recon.NotInDetail, amount: "432", offG1: "432",
			break_: func(t *testing.T, m *month) { m.side(t, "r5", false).InvoiceNumber = "G1X" },
		},
		{
			name: "the lines of an invoice were not imported", level: "L1", class: recon.NotInDetail, amount: "7203.76", money: "DKK", offG2: "7203.76",
			break_: func(_ *testing.T, m *month) {
				for _, l := range append([]*line(nil), m.lines...) {
					if l.InvoiceNumber == krones {
						m.drop(l)
					}
				}
			},
		},
		{
			name: "a credit note that is missing", level: "L1", class: recon.Credit, amount: "-119.38", money: "DKK", offG2: "0",
			break_: func(_ *testing.T, m *month) { m.docs = m.docs[:2] },
		},
		{
			name: "the lines of a credit note that are missing", level: "L1", class: recon.Credit, amount: "-119.38", money: "DKK", offG2: "-119.38", at: "invoice_G2.json:1:amendments",
			break_: func(_ *testing.T, m *month) { m.lines = m.lines[:len(m.lines)-2] },
		},
		{
			name: "a credit note with another sum", level: "L1", class: recon.NotInDetail, amount: "-1", money: "DKK", offG2: "-1",
			break_: func(_ *testing.T, m *month) { m.doc(note).TotalCharges = d("-120.38") },
		},
		{
			name: "a line that stands twice", level: "L1", class: recon.Duplicate, amount: "432", offG1: "-432",
			break_: func(t *testing.T, m *month) { m.repeat(m.side(t, "r5", false)) },
		},
		{
			name: "a metered line that stands twice", level: "L1", class: recon.Duplicate, amount: "138.72", offG1: "-138.72",
			break_: func(t *testing.T, m *month) { m.repeat(m.metered(t, vmOf(euros, bert), true)) },
		},
		{
			name: "a metered line that stands twice on the invoice too", level: "L1", class: recon.Duplicate, amount: "138.72",
			break_: func(t *testing.T, m *month) { m.repeat(m.metered(t, vmOf(euros, bert), true)); m.close() },
		},
	})
}

func on(date string) period.Date { return period.MustDate(date) }

type line = lineType
