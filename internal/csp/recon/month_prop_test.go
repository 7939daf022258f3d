package recon_test

import (
	"fmt"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"pgregory.net/rapid"
)

// drawMonth is a consistent month of any shape: one or two invoices in the same or in two currencies, customers with
// Azure plans, credit lost and gained, late usage, covered usage, corrections, licences in either rounding mode, credits.
func drawMonth(t *rapid.T) *month {
	m := newMonth()
	rate := money.New(rapid.Int64Range(500_000_000, 9_000_000_000).Draw(t, "rate"), -9)
	m.open(euros, "EUR", "0.842386466", "0")
	second := rapid.SampledFrom([]string{"", "EUR", "DKK"}).Draw(t, "second invoice")
	switch second {
	case "EUR":
		m.open(krones, "EUR", "0.842386466", "0")
	case "DKK":
		m.open(krones, "DKK", rate.String(), "0.25")
	}
	if second != "" && rapid.Bool().Draw(t, "credit note") {
		m.creditNote(note, krones)
	}
	invoices := []string{euros}
	if second != "" {
		invoices = append(invoices, krones)
	}
	for i, number := range invoices {
		for n := range rapid.IntRange(1, 2).Draw(t, "customers") {
			drawUsage(t, m, number, fmt.Sprintf("tenant-%d%d", i, n))
		}
	}
	m.bill()
	for i, number := range invoices {
		drawSeats(t, m, number, fmt.Sprintf("tenant-%d0", i))
		m.once(number, fmt.Sprintf("tenant-%d0", i), "SAVING", "0001", "cycleCharge", "1 Year Savings Plan, monthly billing", "81.84", m.dollars)
	}
	if len(m.docs) == 3 {
		m.once(note, "tenant-10", "CREDIT", "", "customerCredit", "", "-38.80", func(l *usage.Line) { l.SubscriptionDescription = "Azure plan" })
	}
	m.close()
	return m
}

func drawUsage(t *rapid.T, m *month, number, tenant string) {
	for _, sku := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"VM", "STEP", "TURN", "ISV", "SPOT", "TINY", "OTHER"}), 1, 3, rapid.ID).Draw(t, "meters") {
		k := meter{number, tenant, "plan " + tenant, sku}
		if rapid.IntRange(0, 3).Draw(t, "late") == 0 && sku != "OTHER" {
			m.use(k, -1, 0, quantity(t))
		}
		for from := 1; from <= 28; from += 9 {
			to := from + rapid.IntRange(0, 3).Draw(t, "days")
			var change []func(*row)
			if rapid.Bool().Draw(t, "credit lost") && sku != "STEP" {
				change = append(change, withoutPEC)
			}
			m.use(k, from, to, quantity(t), change...)
		}
		if rapid.IntRange(0, 3).Draw(t, "covered") == 0 {
			m.use(k, 1, 2, "1", covered)
		}
		if rapid.IntRange(0, 5).Draw(t, "correction") == 0 && sku != "STEP" {
			m.use(k, 31, 31, "-0.017")
		}
	}
}

func quantity(t *rapid.T) string {
	return money.New(rapid.Int64Range(500_000, 30_000_000).Draw(t, "millionths"), -6).String()
}

func drawSeats(t *rapid.T, m *month, number, tenant string) {
	price := map[string]string{"EUR": "10.8", "DKK": "80.4"}[string(m.doc(number).Currency)]
	for n := range rapid.IntRange(1, 3).Draw(t, "subscriptions") {
		day := rapid.IntRange(1, 20).Draw(t, "day")
		start := march.First().AddDays(day - 1)
		s := seat{
			invoice: number, tenant: tenant, subscription: fmt.Sprintf("s %s %d", tenant, n), price: price, start: start.String(),
			end: start.AddMonths(1).AddDays(-1).String(), of: 31, byLine: rapid.Bool().Draw(t, "by line"),
		}
		seats := rapid.Int64Range(2, 300).Draw(t, "seats")
		m.seat(s.event("new", s.subscription+" new", s.start, 31, seats))
		for i := range rapid.IntRange(0, 2).Draw(t, "changes") {
			day = min(31, day+rapid.IntRange(1, 5).Draw(t, "days later"))
			on, next := march.First().AddDays(day-1), rapid.Int64Range(2, 300).Draw(t, "seats")
			left := int64(on.DaysThrough(start.AddMonths(1).AddDays(-1)))
			reference := fmt.Sprintf("%s change %d", s.subscription, i)
			m.seat(s.event("addQuantity", reference, on.String(), left, -seats))
			m.seat(s.event("addQuantity", reference, on.String(), left, next))
			seats = next
		}
	}
}

func TestAnyConsistentMonthHasNoFindings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMonth(t)
		m.lines = rapid.Permutation(m.lines).Draw(t, "order of lines")
		res := m.check()
		for _, f := range res.Findings {
			t.Errorf("%s %s %v: %s %+v", f.Level, f.Class, f.Amount, f.Message, f.Evidence[:min(2, len(f.Evidence))])
		}
		for _, i := range res.Invoices {
			if !i.Difference.IsZero() || len(i.Classes) > 0 {
				t.Errorf("invoice %s: difference %s, classes %v", i.Invoice, i.Difference, i.Classes)
			}
		}
	})
}

// breaks are single faults that any month can have; each takes a line or row that the draw chose, and says which classes
// it may be found as.
var breaks = []struct {
	name  string
	line  func(m *month, l *usage.Line) bool // false: does not fit the line
	row   func(m *month, r *row) bool
	found []recon.Class
}{
	{name: "total", line: func(m *month, l *usage.Line) bool {
		m.doc(l.InvoiceNumber).TotalCharges = m.doc(l.InvoiceNumber).TotalCharges.Add(d("0.01"))
		return true
	}, found: []recon.Class{recon.NotInDetail}},
	{name: "missing line", line: func(m *month, l *usage.Line) bool {
		m.drop(l)
		return l.Total.Abs().Cmp(d("1")) > 0 && l.InvoiceNumber != note
	}, found: []recon.Class{recon.NotInDetail, recon.OrphanUsage, recon.LateUsage, recon.Proration}},
	{name: "line twice", line: func(m *month, l *usage.Line) bool {
		m.repeat(l)
		return l.Total.Abs().Cmp(d("1")) > 0
	}, found: []recon.Class{recon.Duplicate}},
	{name: "tax", line: func(_ *month, l *usage.Line) bool {
		l.Total = l.Total.Add(d("0.50"))
		return true
	}, found: []recon.Class{recon.Tax}},
	{name: "charge type", line: func(_ *month, l *usage.Line) bool {
		l.ChargeType = "surchargeFee"
		return true
	}, found: []recon.Class{recon.ChargeType}},
	{name: "exchange rate", line: func(_ *month, l *usage.Line) bool {
		l.FXRate = l.FXRate.Mul(d("1.1"))
		return true
	}, found: []recon.Class{recon.FX}},
	{name: "licence price", line: func(m *month, l *usage.Line) bool {
		if l.ProductID != "SUITE" {
			return false
		}
		l.UnitPrice = l.UnitPrice.Mul(d("1.1"))
		m.close()
		return true
	}, found: []recon.Class{recon.Price}},
	{name: "month of a licence", line: func(_ *month, l *usage.Line) bool {
		if l.ProductID != "SUITE" {
			return false
		}
		l.OrderDate, l.ChargeStart, l.ChargeEnd = l.OrderDate.AddMonths(-2), l.ChargeStart.AddMonths(-2), l.ChargeEnd.AddMonths(-2)
		return true
	}, found: []recon.Class{recon.Timing}},
	{name: "recharge", line: func(m *month, l *usage.Line) bool {
		m.drop(l)
		m.close()
		return l.ChargeType == "addQuantity" && l.Subtotal.Sign() > 0
	}, found: []recon.Class{recon.Proration}},
	{name: "metered line's customer", line: func(_ *month, l *usage.Line) bool {
		l.CustomerID = "tenant-x"
		return charges(l)
	}, found: []recon.Class{recon.Customer}},
	{name: "metered line's flag", line: func(_ *month, l *usage.Line) bool {
		if l.PriceAdjustment == "" {
			l.PriceAdjustment = pecWords
		} else {
			l.PriceAdjustment = ""
		}
		return charges(l)
	}, found: []recon.Class{recon.PEC}},
	{name: "metered line's quantity", line: func(_ *month, l *usage.Line) bool {
		l.BillableQuantity = l.BillableQuantity.Add(d("1"))
		return charges(l)
	}, found: []recon.Class{recon.Quantity}},
	{name: "metered line's amount", line: func(m *month, l *usage.Line) bool {
		m.shift(l, "5")
		m.close()
		return charges(l)
	}, found: []recon.Class{recon.Price, recon.Rounding, recon.PEC}}, // 5.00 may be just a credit of 10 %
	{name: "metered line's plan", line: func(_ *month, l *usage.Line) bool {
		l.SubscriptionID = "another plan"
		return charges(l)
	}, found: []recon.Class{recon.OrphanUsage, recon.LateUsage}},
	{name: "other invoice", line: func(m *month, l *usage.Line) bool {
		if l.InvoiceNumber == note || len(m.docs) < 2 || l.Total.Abs().Cmp(d("1")) < 0 {
			return false
		}
		l.InvoiceNumber = map[string]string{euros: krones, krones: euros}[l.InvoiceNumber]
		return true
	}, found: []recon.Class{recon.NotInDetail}},
	{name: "row missing", row: func(m *month, r *row) bool {
		m.dropRows(func(o *row) bool { return o == r })
		return true
	}, found: []recon.Class{recon.Quantity, recon.OrphanUsage, recon.LateUsage}},
	{name: "row twice", row: func(m *month, r *row) bool {
		m.rows = append(m.rows, r)
		return true
	}, found: []recon.Class{recon.Quantity}},
	{name: "row's customer", row: func(_ *month, r *row) bool {
		r.CustomerID = "tenant-x"
		return true
	}, found: []recon.Class{recon.Customer}},
	{name: "row's credit", row: func(_ *month, r *row) bool {
		r.PEC = d("0.15")
		return true
	}, found: []recon.Class{recon.PEC}},
	{name: "row's flag", row: func(_ *month, r *row) bool {
		r.PEC = d("15").Sub(r.PEC)
		return true
	}, found: []recon.Class{recon.PEC}},
	{name: "row's rate", row: func(_ *month, r *row) bool {
		r.FXRate = r.FXRate.Mul(d("1.1"))
		return true
	}, found: []recon.Class{recon.FX}},
	{name: "row's money", row: func(_ *month, r *row) bool {
		r.Billed = r.Billed.Add(d("1"))
		return true
	}, found: []recon.Class{recon.Price}},
}

// charges says whether a line is metered and for more than its rounding.
func charges(l *usage.Line) bool {
	return l.SubscriptionDescription == "Azure plan" && l.ChargeType == "new" && l.BillableQuantity.Cmp(d("0.1")) > 0 && l.SkuID != "TINY"
}

// Any single fault is found, as one finding or two, and the classes still sum to the difference.
func TestAnySingleFaultIsFoundAndDoesNotCascade(t *testing.T) {
	t.Parallel()
	for _, b := range breaks {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				m := drawMonth(t)
				if b.line != nil {
					if !b.line(m, rapid.SampledFrom(m.lines).Draw(t, "line")) {
						t.Skip("the fault does not fit the line")
					}
				} else if r := rapid.SampledFrom(m.rows).Draw(t, "row"); r.Free || r.Quantity.Less(d("0.1")) || r.SkuID == "TINY" || !b.row(m, r) {
					t.Skip("the fault does not fit the row")
				}
				res := m.check()
				if n := len(res.Findings); n == 0 || n > 2 {
					t.Errorf("%d findings", n)
				}
				for _, f := range res.Findings {
					ok := false
					for _, class := range b.found {
						ok = ok || f.Class == class
					}
					if !ok || len(res.Findings) > 1 {
						t.Errorf("%s %s %v: %s %+v", f.Level, f.Class, f.Amount, f.Message, f.Evidence[:min(2, len(f.Evidence))])
					}
				}
				for _, i := range res.Invoices {
					var sum money.Decimal
					for _, c := range i.Classes {
						sum = sum.Add(c.Amount)
					}
					if !sum.Equal(i.Difference) {
						t.Errorf("invoice %s: classes sum to %s, difference %s", i.Invoice, sum, i.Difference)
					}
				}
			})
		})
	}
}
