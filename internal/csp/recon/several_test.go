package recon_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/recon"
)

func words(res recon.Result) []string {
	var list []string
	for _, f := range res.Findings {
		list = append(list, fmt.Sprint(f.Level, " ", f.Class, " ", f.Amount.Plain(), " ", f.Currency))
	}
	slices.Sort(list)
	return list
}

func classes(res recon.Result, invoice string) []string {
	var list []string
	for _, i := range res.Invoices {
		for _, c := range i.Classes {
			if i.Invoice == invoice {
				list = append(list, fmt.Sprint(c.Class, " ", c.Amount.Plain(), " ", c.Count))
			}
		}
	}
	slices.Sort(list)
	return list
}

// Several faults are as many findings, and what they do to an invoice is classed one by one.
func TestSeveralFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		change   func(t *testing.T, m *month)
		findings []string
		g1, g2   []string
	}{
		{
			"a missing metered line and a total that is too high",
			func(t *testing.T, m *month) {
				m.drop(m.metered(t, bertVM, true))
				m.doc(euros).TotalCharges = m.doc(euros).TotalCharges.Add(d("5"))
			},
			[]string{"L1 not-in-detail 5 EUR", "L4 orphan-usage 138.72 EUR"},
			[]string{"not-in-detail 5 1", "orphan-usage 138.72 1"},
			nil,
		},
		{
			"a wrong credit in the usage does not explain a wrong total",
			func(t *testing.T, m *month) {
				m.rowOn(t, bertVM, 9).PEC = d("0.15")
				m.doc(euros).TotalCharges = m.doc(euros).TotalCharges.Add(d("0.01"))
			},
			[]string{"L1 not-in-detail 0.01 EUR", "L4 pec 0.78183993875625 EUR"},
			[]string{"not-in-detail 0.01 1"},
			nil,
		},
		{
			"three faults on one invoice, two of them in its difference",
			func(t *testing.T, m *month) {
				m.drop(m.metered(t, bertVM, true))
				m.repeat(m.side(t, "r5", false))
				m.side(t, "r2", false).ChargeType = "surchargeFee"
			},
			[]string{"L1 duplicate 432 EUR", "L2 charge-type 407.55 EUR", "L4 orphan-usage 138.72 EUR"},
			[]string{"duplicate -432 1", "orphan-usage 138.72 1"},
			nil,
		},
		{
			"faults on two invoices",
			func(t *testing.T, m *month) {
				m.doc(euros).TotalCharges = m.doc(euros).TotalCharges.Sub(d("1"))
				l := m.side(t, "r9", false)
				l.Total = l.Total.Add(d("2"))
			},
			[]string{"L1 not-in-detail -1 EUR", "L2 tax 2 DKK"},
			[]string{"not-in-detail -1 1"},
			[]string{"tax -2 1"},
		},
		{
			"two customers' usage is missing: one finding for each",
			func(_ *testing.T, m *month) {
				m.dropRows(func(r *row) bool { return r.From.Day() == 9 && (r.meter() == bertVM || r.meter() == of(annaVM, "ISV")) })
			},
			[]string{"L4 quantity 0.280514693178 EUR", "L4 quantity 4.475178100625 EUR"},
			nil, nil,
		},
		{
			"a line with two faults is one finding",
			func(t *testing.T, m *month) {
				l := m.side(t, "r2", false)
				l.UnitPrice, l.EffectiveUnitPrice = d("11.88"), d("5")
			},
			[]string{"L3 price -212.55 EUR"},
			nil, nil,
		},
		{
			"wrong rates on two lines are one finding, two wrong rates are two",
			func(t *testing.T, m *month) {
				m.metered(t, of(annaVM, "ISV"), false).FXRate = d("0.9")
				m.metered(t, of(annaVM, "SPOT"), false).FXRate = d("0.9")
				m.metered(t, annaVM, false).FXRate = d("0.8")
			},
			[]string{"L3 fx -2.03 EUR", "L3 fx 1.09 EUR"},
			nil, nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := scene()
			c.change(t, m)
			res := m.check()
			proved(t, res)
			if got := words(res); !slices.Equal(got, c.findings) {
				t.Errorf("findings %q, want %q", got, c.findings)
			}
			if got := classes(res, euros); !slices.Equal(got, c.g1) {
				t.Errorf("classes of %s %q, want %q", euros, got, c.g1)
			}
			if got := classes(res, krones); !slices.Equal(got, c.g2) {
				t.Errorf("classes of %s %q, want %q", krones, got, c.g2)
			}
		})
	}
}

// A waiver is by key: it must hold over another run of the same month, whatever the order of its files.
func TestAFindingKeepsItsKey(t *testing.T) {
	t.Parallel()
	fault := func(reverse bool) recon.Result {
		m := scene()
		m.doc(euros).TotalCharges = m.doc(euros).TotalCharges.Sub(d("1"))
		m.rowOn(t, bertVM, 9).PEC = d("0.15")
		m.dropRows(func(r *row) bool { return r.meter() == of(annaVM, "ISV") && r.From.Day() == 9 })
		if reverse {
			slices.Reverse(m.lines)
		}
		return m.check()
	}
	first, second := fault(false), fault(true)
	if len(first.Findings) != 3 || len(second.Findings) != 3 {
		t.Fatalf("%q, then %q", words(first), words(second))
	}
	seen := map[string]bool{}
	for i, f := range first.Findings {
		seen[f.Key] = true
		if f.Key != second.Findings[i].Key || f.Key == "" {
			t.Errorf("%s: key %s, then %s", f.Message, f.Key, second.Findings[i].Key)
		}
	}
	if len(seen) != 3 {
		t.Errorf("%d keys for 3 findings", len(seen))
	}
}
