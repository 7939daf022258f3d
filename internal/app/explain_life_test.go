package app_test

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
)

// words are all texts and amounts of a derivation, one a line.
func words(n app.Node) string {
	text := n.Text + " = " + n.Amount + "\n"
	for _, c := range n.From {
		text += words(c)
	}
	return text
}

// explains wants texts in the derivation of a line.
func (d *desk) explains(v app.InvoiceView, n int, want ...string) {
	d.Helper()
	e, err := d.app.Explain(d.Context(), v.ID, n)
	if err != nil {
		d.Fatal(err)
	}
	for _, w := range want {
		if !strings.Contains(words(e.Tree), w) {
			d.Errorf("line %d is explained without %q:\n%s", n, w, words(e.Tree))
		}
	}
}

func TestAMinimumFeeIsExplainedByWhatWasSold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rules(`{"id":"floor","select":{"productCategory":"Azure plan"},"minimumFee":{"EUR":"50.00"}}`)
	d.recon("G000000001", april, acme("azure", "VM", "1", "34.17"))
	d.explains(d.draft(d.run(april), "Acme"), 2, "= 15.83 EUR", "minimum fee of rule floor version 1 = 50.00 EUR", "= -34.17 EUR")
}

func TestACarriedBalanceIsExplainedByItsLines(t *testing.T) {
	t.Parallel()
	d := newDesk(t, carryForward)
	runs := d.months(creditOf("50.00", "9.60"), []charge{acme("licence", "Seats", "1", "100.00")})
	d.explains(d.draft(runs[1], "Acme"), 2, "balance of 2026-02, carried forward by run_", "= -50.00 EUR", "= 9.60 EUR")
}

func TestACreditIsExplainedByTheLineThatItTakesBack(t *testing.T) {
	t.Parallel()
	d, number := credited(t)
	row, err := d.credit(number, app.CreditLine{N: 1, Amount: ptr("2.25")})
	if err != nil {
		t.Fatal(err)
	}
	d.explains(d.show(row.ID), 1, "= -2.25", "part of line 1 of "+number+", given back", "recon_")
}
