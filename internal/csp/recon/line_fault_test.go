package recon_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/recon"
)

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
