package recon_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// sound fails on findings, differences and classes.
func sound(t testing.TB, res recon.Result) {
	t.Helper()
	for _, f := range res.Findings {
		t.Errorf("%s %s %v: %s %+v", f.Level, f.Class, f.Amount, f.Message, f.Evidence)
	}
	for _, i := range res.Invoices {
		if !i.Difference.IsZero() || len(i.Classes) > 0 {
			t.Errorf("invoice %s: difference %s, classes %v", i.Invoice, i.Difference, i.Classes)
		}
	}
}

// proved fails where an invoice's classes do not sum to its difference, or that is not upstream less accounted.
func proved(t testing.TB, res recon.Result) {
	t.Helper()
	for _, i := range res.Invoices {
		var sum money.Decimal
		for _, c := range i.Classes {
			sum = sum.Add(c.Amount)
		}
		if !sum.Equal(i.Difference) || !i.Upstream.Sub(i.Accounted).Equal(i.Difference) {
			t.Errorf("invoice %s: classes sum to %s, difference %s = %s - %s", i.Invoice, sum, i.Difference, i.Upstream, i.Accounted)
		}
	}
}

func codes(notes []recon.Note) []string {
	var list []string
	for _, n := range notes {
		list = append(list, n.Code)
	}
	return list
}

func TestAConsistentMonthHasNoFindings(t *testing.T) {
	t.Parallel()
	res := scene().check()
	sound(t, res)
	if got := fmt.Sprint(codes(res.Notes)); got != "[not-in-sheet]" {
		t.Errorf("notes %v", res.Notes)
	}
	want := []string{"G1 EUR 3951.12 3951.12 27", "G2 DKK 7084.38 7084.38 8"}
	var got []string
	for _, i := range res.Invoices {
		got = append(got, fmt.Sprint(i.Invoice, " ", i.Currency, " ", i.Upstream, " ", i.Accounted, " ", i.Lines))
	}
	if !slices.Equal(got, want) {
		t.Errorf("invoices %q, want %q", got, want)
	}
	var documents []string
	for _, doc := range res.Invoices[1].Documents {
		documents = append(documents, fmt.Sprint(doc.ID, " ", doc.Upstream, " ", doc.Accounted, " ", doc.Difference))
	}
	if want := []string{"G2 7203.76 7203.76 0.00", "G3 -119.38 -119.38 0.00"}; !slices.Equal(documents, want) {
		t.Errorf("documents %q, want %q", documents, want)
	}
}

// G22: three customers' lines tie out to the invoice, one of them negative.
func TestGoldenG22TieOut(t *testing.T) {
	t.Parallel()
	m := newMonth()
	m.open(euros, "EUR", "1", "0")
	for _, l := range []struct{ tenant, kind, subtotal string }{
		{"A", "new", "275.40"},
		{"A", "new", "48.00"},
		{"B", "addQuantity", "-94.08"},
		{"B", "addQuantity", "112.89"},
		{"B", "new", "100.80"},
		{"C", "customerCredit", "-50.00"},
		{"C", "cycleCharge", "9.60"},
	} {
		m.once(euros, l.tenant, "G22 "+l.subtotal, "0001", l.kind, "1 Month Subscription", l.subtotal)
	}
	m.doc(euros).TotalCharges = d("402.61")
	res := m.check()
	sound(t, res)
	if i := res.Invoices[0]; i.Upstream.String() != "402.61" || i.Accounted.String() != "402.61" || i.Difference.Fixed(2) != "0.00" {
		t.Errorf("invoice %+v", i)
	}
}
