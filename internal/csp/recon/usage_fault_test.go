package recon_test

import (
	"slices"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

var (
	bertVM = vmOf(euros, bert)
	annaVM = vmOf(euros, anna)
)

// Level 4: usage against lines. A row of bert's VM is 12.5 hours: 5.3125 less credit, 4.475178100625 EUR; 6.25 without
// it, 5.264915412500 EUR.
func TestUsageAndLinesDifferInQuantity(t *testing.T) {
	t.Parallel()
	run(t, []single{
		{
			name: "a usage row that is missing", level: "L4", class: recon.Quantity, amount: "4.475178100625", at: "recon_G1.csv:11:BillableQuantity",
			break_: func(_ *testing.T, m *month) {
				m.dropRows(func(r *row) bool { return r.meter() == bertVM && r.From.Day() == 9 })
			},
		},
		{
			name: "a day of a customer that is missing on all meters", level: "L4", class: recon.Quantity, amount: "17.3229195254706",
			break_: func(_ *testing.T, m *month) {
				m.dropRows(func(r *row) bool { return r.CustomerID == anna && r.From.Day() == 9 && r.Month == march })
			},
		},
		{
			name: "a quantity that is halved, the money with it", level: "L4", class: recon.Quantity, amount: "2.2375890503125",
			break_: func(t *testing.T, m *month) {
				r := m.rowOn(t, bertVM, 9)
				r.Quantity, r.Billed = r.Quantity.Mul(d("0.5")), r.Billed.Mul(d("0.5"))
			},
		},
		{
			name: "a quantity that is halved, the money as it was", level: "L4", class: recon.Quantity, amount: "2.2375890503125",
			break_: func(t *testing.T, m *month) { r := m.rowOn(t, bertVM, 9); r.Quantity = r.Quantity.Mul(d("0.5")) },
		},
		{
			name: "a quantity that is halved, the money as it was, of a meter whose price changes", level: "L4", class: recon.Quantity, amount: "0.525271344453999",
			break_: func(t *testing.T, m *month) {
				r := m.rowOn(t, of(annaVM, "TURN"), 20)
				r.Quantity = r.Quantity.Mul(d("0.5"))
			},
		},
		{
			name: "a quantity that is halved, the money as it was, of a meter with steps", level: "L4", class: recon.Quantity, amount: "3.472738206085",
			break_: func(t *testing.T, m *month) {
				r := m.rowOn(t, of(annaVM, "STEP"), 5)
				r.Quantity = r.Quantity.Mul(d("0.5"))
			},
		},
		{
			name: "a usage row that stands twice", level: "L4", class: recon.Quantity, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { m.rows = append(m.rows, m.rowOn(t, bertVM, 9)) },
		},
		{
			name: "a usage row of a tiered meter that is missing", level: "L4", class: recon.Quantity, amount: "6.94547641217",
			break_: func(_ *testing.T, m *month) {
				m.dropRows(func(r *row) bool { return r.meter() == of(annaVM, "STEP") && r.From.Day() == 5 })
			},
		},
		{
			name: "all usage of a meter is missing", level: "L4", class: recon.Quantity, amount: "138.730521119375",
			break_: func(_ *testing.T, m *month) { m.dropRows(func(r *row) bool { return r.meter() == bertVM }) },
		},
		{
			name: "a line's quantity", level: "L4", class: recon.Quantity, amount: "35.801424805",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, bertVM, true)
				l.BillableQuantity = l.BillableQuantity.Add(d("100"))
			},
		},
		{
			name: "a line's quantity, the amount follows", level: "L4", class: recon.Quantity, amount: "35.801424805",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, bertVM, true)
				l.BillableQuantity = l.BillableQuantity.Add(d("100"))
				m.total(l, d("174.51"))
				m.close()
			},
		},
		{
			name: "a line's quantity, the amount follows on the line alone, with tax", level: "L4", class: recon.Quantity, amount: "251.139012615", money: "DKK", offG2: "-313.85",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, vmOf(krones, carl), true)
				l.BillableQuantity = l.BillableQuantity.Add(d("100"))
				m.total(l, d("1030.37"))
			},
		},
	})
}

func TestUsageHasNoLine(t *testing.T) {
	t.Parallel()
	extra := func(tenant, plan string, from, to int) func(*testing.T, *month) {
		return func(_ *testing.T, m *month) { m.use(meter{euros, tenant, plan, "VM"}, from, to, "10") }
	}
	run(t, []single{
		{name: "usage of a plan that no line names", level: "L4", class: recon.OrphanUsage, amount: "35.801424805", break_: extra(bert, "another plan", 1, 10)},
		{name: "usage of the month before without its line", level: "L4", class: recon.LateUsage, amount: "7.160284961", break_: extra(bert, "another plan", -1, 0)},
		{name: "late usage of a meter that has a line of this month", level: "L4", class: recon.LateUsage, amount: "7.160284961", break_: extra(bert, bertVM.plan, -1, 0)},
		{
			name: "usage of several meters is one finding", level: "L4", class: recon.OrphanUsage, amount: "107.404274415",
			break_: func(_ *testing.T, m *month) {
				m.use(meter{euros, bert, "another plan", "VM"}, 1, 10, "10")
				m.use(meter{euros, bert, "another plan", "STEP"}, 1, 10, "10")
			},
		},
		{
			name: "a row under another invoice's number", level: "L4", class: recon.OrphanUsage, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).InvoiceNumber = krones },
		},
		{
			name: "a row under another product", level: "L4", class: recon.OrphanUsage, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { r := m.rowOn(t, bertVM, 9); r.ProductID, r.SkuID = "P-NEW", "NEW" },
		},
		{
			name: "a line under another plan", level: "L4", class: recon.OrphanUsage, amount: "138.730521119375",
			break_: func(t *testing.T, m *month) { m.metered(t, bertVM, true).SubscriptionID = "another plan" },
		},
		{
			name: "a line under another product", level: "L4", class: recon.OrphanUsage, amount: "138.730521119375",
			break_: func(t *testing.T, m *month) { l := m.metered(t, bertVM, true); l.ProductID, l.SkuID = "P-NEW", "NEW" },
		},
	})
}

func TestUsageBelongsElsewhere(t *testing.T) {
	t.Parallel()
	run(t, []single{
		{
			name: "a row's customer", level: "L4", class: recon.Customer, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).CustomerID = anna },
		},
		{
			name: "a row's customer whom nobody knows", level: "L4", class: recon.Customer, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).CustomerID = "tenant-x" },
		},
		{
			name: "a metered line's customer", level: "L4", class: recon.Customer, amount: "138.72", at: "recon_G1.csv:11:CustomerId",
			break_: func(t *testing.T, m *month) { m.metered(t, bertVM, true).CustomerID = anna },
		},
		{
			name: "a licence line's customer", level: "L4", class: recon.Customer, amount: "407.55", at: "recon_G1.csv:14:CustomerId",
			break_: func(t *testing.T, m *month) { m.side(t, "r2", false).CustomerID = bert },
		},
		{
			name: "all usage of a customer: one finding", level: "L4", class: recon.Customer, amount: "514.17",
			break_: func(_ *testing.T, m *month) {
				for _, r := range m.rows {
					if r.CustomerID == anna {
						r.CustomerID = "tenant-x"
					}
				}
			},
		},
		{
			name: "a row of the month after", level: "L4", class: recon.Timing, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { r := m.rowOn(t, bertVM, 9); r.date("2026-04-09") },
		},
		{
			name: "a row of the month before", level: "L4", class: recon.Timing, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { r := m.rowOn(t, bertVM, 9); r.date("2026-02-09") },
		},
		{
			name: "a metered line of another month", level: "L4", class: recon.Timing, amount: "138.72", at: "recon_G1.csv:11:ChargeStartDate",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, bertVM, true)
				l.ChargeStart, l.ChargeEnd = on("2026-04-01"), on("2026-04-30")
			},
		},
		{
			name: "a metered line of another month beside one of late usage", level: "L4", class: recon.Timing, amount: "227.82", at: "recon_G1.csv:3:ChargeStartDate",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, annaVM, true)
				l.ChargeStart, l.ChargeEnd = on("2026-04-01"), on("2026-04-30")
				slices.Reverse(m.lines)
			},
		},
	})
}

func TestCreditInTheUsage(t *testing.T) {
	t.Parallel()
	run(t, []single{
		{
			name: "a fraction where a percentage belongs, in one row", level: "L4", class: recon.PEC, amount: "0.78183993875625", at: "usage_G1.csv:188:PartnerEarnedCreditPercentage",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).PEC = d("0.15") },
		},
		{
			name: "fractions in all rows: one finding", level: "L4", class: recon.PEC, amount: "103.604878187893103324",
			break_: func(_ *testing.T, m *month) {
				for _, r := range m.rows {
					if r.InvoiceNumber == euros && r.HasPEC() {
						r.PEC = d("0.15")
					}
				}
			},
		},
		{
			name: "a fraction on usage that a savings plan covers costs nothing and is wrong", level: "L4", class: recon.PEC, amount: "0",
			break_: func(_ *testing.T, m *month) {
				for _, r := range m.rows {
					if r.Free && r.From.Day() == 9 {
						r.PEC = d("0.15")
					}
				}
			},
		},
		{
			name: "10 %, the money as it was", level: "L4", class: recon.PEC, amount: "0.263245770625",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).PEC = d("10") },
		},
		{
			name: "10 %, the money follows", level: "L4", class: recon.PEC, amount: "0.263245770625",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).reprice(d("10")) },
		},
		{
			name: "a row without the flag of its line, the money as it was", level: "L4", class: recon.PEC, amount: "0.789737311875",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).PEC = money.Zero },
		},
		{
			name: "a row without the flag of its line, the money follows", level: "L4", class: recon.PEC, amount: "0.789737311875",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).reprice(money.Zero) },
		},
		{
			name: "a row with a flag that its line does not have", level: "L4", class: recon.PEC, amount: "1.516295638800",
			break_: func(t *testing.T, m *month) { m.rowOn(t, annaVM, 5).PEC = d("15") },
		},
		{
			name: "a line that lost its flag", level: "L4", class: recon.PEC, amount: "24.481856668125",
			break_: func(t *testing.T, m *month) { m.metered(t, bertVM, true).PriceAdjustment = "" },
		},
		{
			name: "a line with a flag that its usage does not have", level: "L4", class: recon.PEC, amount: "6.0651825552",
			break_: func(t *testing.T, m *month) { m.metered(t, annaVM, false).PriceAdjustment = pecWords },
		},
		{
			name: "a third party's row with credit, the money as it was", level: "L4", class: recon.PEC, amount: "0.042077203976700",
			break_: func(t *testing.T, m *month) { m.rowOn(t, of(annaVM, "ISV"), 9).PEC = d("15") },
		},
		{
			name: "a spot machine's row with credit, the money follows", level: "L4", class: recon.PEC, amount: "0.068233303746",
			break_: func(t *testing.T, m *month) { m.rowOn(t, of(annaVM, "SPOT"), 9).reprice(d("15")) },
		},
		{
			name: "a product that the price sheet tags as a third party's", level: "L4", class: recon.PEC, amount: "0.068233303746",
			break_: func(t *testing.T, m *month) {
				r := m.rowOn(t, of(annaVM, "SPOT"), 9)
				r.SkuName, r.MeterName, r.PEC = "Renamed", "Renamed", d("15")
				for i := range m.sheet {
					if m.sheet[i].SkuID == "SPOT" {
						m.sheet[i].Tags = "Azure,Third party"
					}
				}
			},
		},
		{
			name: "credit on a spot machine's rows and line", level: "L4", class: recon.PEC, amount: "1.091732859936",
			break_: func(t *testing.T, m *month) {
				m.metered(t, of(annaVM, "SPOT"), false).PriceAdjustment = pecWords
				for _, r := range m.rows {
					if r.SkuID == "SPOT" {
						r.PEC = d("15")
					}
				}
			},
		},
		{
			name: "a row that was rated without its credit", level: "L4", class: recon.Price, amount: "0.789737311875",
			break_: func(t *testing.T, m *month) {
				r := m.rowOn(t, of(bertVM, "VM"), 9)
				r.Billed = d("5.2649154125")
			},
		},
	})
}

func TestMoneyInTheUsage(t *testing.T) {
	t.Parallel()
	run(t, []single{
		{
			name: "a row that was rated at another price", level: "L4", class: recon.Price, amount: "1",
			break_: func(t *testing.T, m *month) { r := m.rowOn(t, bertVM, 9); r.Billed = r.Billed.Add(d("1")) },
		},
		{
			name: "a row that is a little off", level: "L4", class: recon.Rounding, amount: "0.02",
			break_: func(t *testing.T, m *month) { r := m.rowOn(t, bertVM, 9); r.Billed = r.Billed.Add(d("0.02")) },
		},
		{
			name: "a row's exchange rate, the money as it was", level: "L4", class: recon.FX, amount: "0.447517806875",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).FXRate = d("0.926625112") },
		},
		{
			name: "a row's exchange rate, the money follows", level: "L4", class: recon.FX, amount: "0.447517806875",
			break_: func(t *testing.T, m *month) {
				r := m.rowOn(t, bertVM, 9)
				r.FXRate, r.Billed = d("0.926625112"), d("5.3125").Mul(d("0.926625112"))
			},
		},
		{
			name: "all usage of an invoice at another rate", level: "L4", class: recon.FX, amount: "176.37743971085525", money: "DKK",
			break_: func(_ *testing.T, m *month) {
				for _, r := range m.rows {
					if r.InvoiceNumber == krones {
						r.FXRate = d("6.500068561")
					}
				}
			},
		},
		{
			name: "a row's currency", level: "L4", class: recon.FX, amount: "4.475178100625",
			break_: func(t *testing.T, m *month) { m.rowOn(t, bertVM, 9).Currency = "USD" },
		},
		{
			name: "a line whose price no column tells", level: "L4", class: recon.Price, amount: "12.57",
			break_: func(t *testing.T, m *month) {
				l := m.metered(t, bertVM, true)
				l.EffectiveUnitPrice = d("0.463483870967742")
				m.total(l, d("151.29"))
				m.close()
			},
		},
	})
}
