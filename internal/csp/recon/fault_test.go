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

// Level 2: a line against its own numbers and its event.
func TestLinesDoNotFollowFromTheirNumbers(t *testing.T) {
	t.Parallel()
	run(t, []single{
		{
			name: "a total that is not the sum of subtotal and tax", level: "L2", class: recon.Tax, amount: "0.50", offG1: "-0.50", at: "recon_G1.csv:20:Total",
			break_: func(t *testing.T, m *month) { l := m.side(t, "r5", false); l.Total = l.Total.Add(d("0.50")) },
		},
		{
			name: "a tax that the total does not have", level: "L2", class: recon.Tax, amount: "3", money: "DKK",
			break_: func(t *testing.T, m *month) { l := m.side(t, "r9", false); l.Tax = l.Tax.Add(d("3")) },
		},
		{
			name: "a subtotal that the total does not have", level: "L2", class: recon.Tax, amount: "3", money: "DKK",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(krones, carl), true)
				l.Subtotal = l.Subtotal.Sub(d("3"))
			},
		},
		{
			name: "a recharge that is missing, the invoice agrees", level: "L2", class: recon.Proration, amount: "407.55",
			break_: func(t *testing.T, m *month) { m.drop(m.side(t, "r2", false)); m.close() },
		},
		{
			name: "a recharge that is missing on the lines only", level: "L2", class: recon.Proration, amount: "407.55", offG1: "407.55",
			break_: func(t *testing.T, m *month) { m.drop(m.side(t, "r2", false)) },
		},
		{
			name: "a refund that is missing", level: "L2", class: recon.Proration, amount: "-397.10",
			break_: func(t *testing.T, m *month) { m.drop(m.side(t, "r2", true)); m.close() },
		},
		{
			name: "a refund that is missing, in another currency", level: "L2", class: recon.Proration, amount: "-700.25", money: "DKK",
			break_: func(t *testing.T, m *month) { m.drop(m.side(t, "rb", true)); m.close() },
		},
		{
			name: "seats that move and do not arrive where they stay", level: "L2", class: recon.Proration, amount: "47.25",
			break_: func(t *testing.T, m *month) { m.drop(m.side(t, "r4", false)); m.close() },
		},
		{
			name: "seats that move to an offer that has some, and do not arrive", level: "L2", class: recon.Proration, amount: "120.75",
			break_: func(t *testing.T, m *month) { m.drop(m.move("PLUS", 8, 2)); m.close() },
		},
		{
			name: "seats that move and do not leave: nobody knows their price", level: "L2", class: recon.Proration, amount: "-96.60",
			break_: func(t *testing.T, m *month) {
				m.move("PLUS", 8, 2)
				m.drop(m.find(t, 0, func(l *line) bool { return l.ReferenceID == "rm" && l.ProductID == "SUITE" }))
				m.close()
			},
		},
		{
			name: "seats that move and do not leave: the invoice tells their price", level: "L2", class: recon.Proration, amount: "-37.80", offG1: "-37.80",
			break_: func(t *testing.T, m *month) {
				m.move("PLUS", 8, 2)
				m.close()
				m.drop(m.find(t, 0, func(l *line) bool { return l.ReferenceID == "rm" && l.ProductID == "SUITE" }))
			},
		},
		{
			name: "a recharge that is missing, a later cycle tells its seats", level: "L2", class: recon.Proration, amount: "2.36",
			break_: func(_ *testing.T, m *month) {
				s := seat{invoice: euros, tenant: bert, subscription: "sx", price: "9.45", start: "2026-01-17", end: "2026-03-16", of: 28, term: paidBy, byLine: true}
				m.seat(s.event("removeQuantity", "rx", "2026-03-16", 1, -9))
				s.end, s.of = "2026-04-16", 31
				m.seat(s.event("cycleCharge", "ry", "2026-03-17", 31, 7))
				m.close()
			},
		},
		{
			name: "half of a pair that stands twice is a line that stands twice", level: "L1", class: recon.Duplicate, amount: "241.50", offG1: "-241.50",
			break_: func(t *testing.T, m *month) {
				m.repeat(m.find(t, 0, func(l *line) bool { return l.ProductID == "PLUS" }))
			},
		},
		{
			name: "a month of 30 days in place of 31", level: "L2", class: recon.Proration, amount: "13.65",
			break_: func(t *testing.T, m *month) { m.prorate(m.side(t, "r2", false), 30, 30); m.close() },
		},
		{
			name: "a month of 30 days in place of 31, on the line alone", level: "L2", class: recon.Proration, amount: "13.65", offG1: "-13.65",
			break_: func(t *testing.T, m *month) { m.prorate(m.side(t, "r2", false), 30, 30) },
		},
		{
			name: "a unit price that the days do not give, the amount is right", level: "L2", class: recon.Proration, amount: "13.65",
			break_: func(t *testing.T, m *month) { m.side(t, "r2", false).EffectiveUnitPrice = d("10.8") },
		},
		{
			name: "a licence amount that is far off", level: "L2", class: recon.Proration, amount: "20",
			break_: func(t *testing.T, m *month) { m.shift(m.side(t, "r2", false), "20"); m.close() },
		},
		{
			name: "a metered amount that is far off", level: "L2", class: recon.Price, amount: "20",
			break_: func(t *testing.T, m *month) { m.shift(m.metered(t, vmOf(euros, bert), true), "20"); m.close() },
		},
		{
			name: "a metered amount that only rounding explains", level: "L2", class: recon.Rounding, amount: "0.05",
			break_: func(t *testing.T, m *month) { m.shift(m.metered(t, vmOf(euros, bert), true), "0.05"); m.close() },
		},
		{
			name: "a metered amount off on the line alone, with its tax", level: "L2", class: recon.Rounding, amount: "-0.05", money: "DKK", offG2: "0.06",
			break_: func(t *testing.T, m *month) { m.shift(m.metered(t, vmOf(krones, carl), true), "-0.05") },
		},
		{
			name: "a charge type that nobody documented", level: "L2", class: recon.ChargeType, amount: "432", at: "recon_G1.csv:20:ChargeType",
			break_: func(t *testing.T, m *month) { m.side(t, "r5", false).ChargeType = "surchargeFee" },
		},
		{
			name: "an unknown charge type is still half of its pair", level: "L2", class: recon.ChargeType, amount: "407.55",
			break_: func(t *testing.T, m *month) { m.side(t, "r2", false).ChargeType = "surchargeFee" },
		},
		{
			name: "an unknown charge type of a metered line", level: "L2", class: recon.ChargeType, amount: "138.72",
			break_: func(t *testing.T, m *month) { m.metered(t, vmOf(euros, bert), true).ChargeType = "surchargeFee" },
		},
	})
}

// Level 3: prices, rates, credit and days.
func TestLinesDoNotFollowFromTheirSources(t *testing.T) {
	t.Parallel()
	run(t, []single{
		{
			name: "a unit price above the sheet's, all amounts follow", level: "L3", class: recon.Price, amount: "40.56", at: "recon_G1.csv:14:UnitPrice",
			break_: func(t *testing.T, m *month) { m.repriceSeats(m.side(t, "r2", false), "11.88"); m.close() },
		},
		{
			name: "a unit price above the sheet's, the amounts do not follow", level: "L3", class: recon.Price, amount: "40.56",
			break_: func(t *testing.T, m *month) { m.side(t, "r2", false).UnitPrice = d("11.88") },
		},
		{
			name: "a meter's unit price above the sheet's, all amounts follow", level: "L3", class: recon.Price, amount: "13.87",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(euros, bert), true)
				l.UnitPrice, l.EffectiveUnitPrice = d("0.55"), d("0.467483870967742")
				m.total(l, d("152.59"))
				m.close()
			},
		},
		{
			name: "a meter's unit price above the sheet's, in kroner, on the line alone", level: "L3", class: recon.Price, amount: "77.89", money: "DKK", offG2: "-97.37",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(krones, carl), true)
				l.UnitPrice, l.EffectiveUnitPrice = d("0.55"), d("0.467468015855113")
				m.total(l, d("857.18"))
			},
		},
		{
			name: "a meter's unit price alone", level: "L3", class: recon.Price, amount: "13.87",
			break_: func(t *testing.T, m *month) { m.metered(t, vmOf(euros, bert), true).UnitPrice = d("0.55") },
		},
		{
			name: "a reservation's price", level: "L3", class: recon.Price, amount: "84.23",
			break_: func(t *testing.T, m *month) {
				l := m.find(t, 0, func(l *line) bool { return l.ProductID == "RESERVED" })
				l.UnitPrice, l.EffectiveUnitPrice = d("1592"), d("1592")
				m.total(l, d("1341.07"))
				m.close()
			},
		},
		{
			name: "the price sheet's own price is wrong: one finding for all lines of the product", level: "L3", class: recon.Price, amount: "-80.87",
			break_: func(_ *testing.T, m *month) {
				for i := range m.sheet {
					if m.sheet[i].SkuID == "SPOT" {
						m.sheet[i].UnitPrice = d("1.09")
					}
				}
			},
		},
		{
			name: "one line's exchange rate, the amount is right", level: "L3", class: recon.FX, amount: "13.87", at: "recon_G1.csv:11:PCToBCExchangeRate",
			break_: func(t *testing.T, m *month) { m.metered(t, vmOf(euros, bert), true).FXRate = d("0.926625112") },
		},
		{
			name: "one line's exchange rate, the amount follows", level: "L3", class: recon.FX, amount: "13.87",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(euros, bert), true)
				l.FXRate = d("0.926625112")
				m.total(l, d("152.59"))
				m.close()
			},
		},
		{
			name: "one line's exchange rate, the amount follows on the line alone, with tax", level: "L3", class: recon.FX, amount: "77.93", money: "DKK", offG2: "-97.42",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(krones, carl), true)
				l.FXRate = d("6.500068561")
				m.total(l, d("857.22"))
			},
		},
		{
			name: "every line's exchange rate of an invoice, the amounts are right", level: "L3", class: recon.FX, amount: "176.38", money: "DKK",
			break_: func(_ *testing.T, m *month) {
				for _, l := range m.lines {
					if l.InvoiceNumber == krones && l.PricingCurrency == "USD" {
						l.FXRate = d("6.500068561")
					}
				}
			},
		},
		{
			name: "a licence that converts from its own currency", level: "L3", class: recon.FX, amount: "-81.51",
			break_: func(t *testing.T, m *month) { m.side(t, "r2", false).FXRate = d("0.8") },
		},
		{
			name: "a line's currency", money: "USD", level: "L3", class: recon.FX, amount: "432", offG1: "432", at: "recon_G1.csv:20:Currency",
			break_: func(t *testing.T, m *month) { l := m.side(t, "r5", false); l.Currency = "USD" },
		},
		{
			name: "a metered line's currency", money: "USD", level: "L3", class: recon.FX, amount: "138.72", offG1: "138.72",
			break_: func(t *testing.T, m *month) { m.metered(t, vmOf(euros, bert), true).Currency = "USD" },
		},
		{
			name: "a document's currency: one finding for all its lines", level: "L3", class: recon.FX, amount: "3951.12", offG1: "any",
			break_: func(_ *testing.T, m *month) { m.doc(euros).Currency = "USD" },
		},
		{
			name: "a line's credit of 10 %, all amounts follow", level: "L3", class: recon.PEC, amount: "8.16", at: "recon_G1.csv:11:PriceAdjustmentDescription",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(euros, bert), true)
				l.PriceAdjustment, l.EffectiveUnitPrice = `["10.0% Partner earned credit for services managed"]`, d("0.449987096774194")
				m.total(l, d("146.88"))
				m.close()
			},
		},
		{
			name: "a line that says a credit of 10 %", level: "L3", class: recon.PEC, amount: "8.16",
			break_: func(t *testing.T, m *month) {
				m.metered(t, vmOf(euros, bert), true).PriceAdjustment = `["10.0% Partner earned credit for services managed"]`
			},
		},
		{
			name: "a line that is charged without its credit", level: "L3", class: recon.PEC, amount: "24.49",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(euros, bert), true)
				l.EffectiveUnitPrice = d("0.5")
				m.total(l, d("163.21"))
				m.close()
			},
		},
		{
			name: "credit on a reservation", level: "L3", class: recon.PEC, amount: "188.53",
			break_: func(t *testing.T, m *month) {
				m.find(t, 0, func(l *line) bool { return l.ProductID == "RESERVED" }).PriceAdjustment = pecWords
			},
		},
		{
			name: "a licence of the month before", level: "L3", class: recon.Timing, amount: "432", at: "recon_G1.csv:20:ChargeStartDate",
			break_: func(t *testing.T, m *month) {
				l := m.side(t, "r5", false)
				l.OrderDate, l.ChargeStart, l.SubscriptionStart, l.ChargeEnd = on("2026-02-10"), on("2026-02-10"), on("2026-02-10"), on("2027-02-09")
			},
		},
		{
			name: "a charge of the next cycle", level: "L3", class: recon.Timing, amount: "3055.20", money: "DKK",
			break_: func(t *testing.T, m *month) {
				l := m.side(t, "r9", false)
				l.ChargeStart, l.ChargeEnd = on("2026-04-23"), on("2026-05-22")
			},
		},
		{
			name: "a licence of the month before, on the lines alone", level: "L3", class: recon.Timing, amount: "108", offG1: "-108",
			break_: func(_ *testing.T, m *month) {
				m.seat(seat{invoice: euros, tenant: bert, subscription: "s0", price: "10.8", start: "2026-02-07", end: "2026-03-06", of: 28}.event("new", "r0", "2026-02-07", 28, 10))
			},
		},
	})
}

func on(date string) period.Date { return period.MustDate(date) }

type line = lineType
