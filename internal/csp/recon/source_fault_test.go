package recon_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/recon"
)

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
