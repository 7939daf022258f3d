package billing

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"pgregory.net/rapid"
)

func TestChangeAfterIssueIsOneCorrectionLine(t *testing.T) {
	t.Parallel()
	of := issued(t, "R1", sell("usage", "100.00"), sell("seats", "50.00"), sell("gone", "7.00"))
	lines := Compare([]Invoice{of}, []SellLine{sell("usage", "90.00"), sell("seats", "50.00"), sell("new", "3.00")}, march, "EUR")
	want := []struct{ words, net, quantity string }{
		{"Correction: gone (billed 7.00, now 0.00)", "-7.00", "-1"},
		{"Correction: new (2026-03, not billed before)", "3.00", "1"},
		{"Correction: usage (billed 100.00, now 90.00)", "-10.00", "-1"},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d corrections, want %d: %+v", len(lines), len(want), lines)
	}
	for i, w := range want {
		l := lines[i]
		if l.Description != w.words || l.Net.String() != w.net || l.Quantity.String() != w.quantity || l.Kind != KindCorrection {
			t.Errorf("correction %q %s x %s, want %q %s", l.Description, l.Quantity, l.Net, w.words, w.net)
		}
		if l.ServiceFrom != march.First() || l.CorrectsPeriod != march {
			t.Errorf("%q has service period %s of %s", l.Description, l.ServiceFrom, l.CorrectsPeriod)
		}
	}
	if lines[2].CorrectsNumber != "R1" || lines[2].Tax != TaxStandard {
		t.Errorf("the line names its invoice and keeps its tax: %+v", lines[2])
	}
}

func TestCorrectionIsBilledOnceOnTheNextInvoice(t *testing.T) {
	t.Parallel()
	of := issued(t, "R1", sell("usage", "100.00"))
	now := []SellLine{sell("usage", "90.00")}
	april := sell("usage april", "200.00")
	in := draftOf(append(Compare([]Invoice{of}, now, march, "EUR"), april)...)
	in.Period, in.RunID, in.Seller.Tax.Rate = period.MustMonth("2026-04"), "run_2", dec("20")
	next := issue(t, one(t, in), "R2")
	wantTotals(t, next, "190.00", "38.10", "228.10") // 200 x 20 % less 10 x 19 %: the old rate for the old month
	if again := Compare([]Invoice{of, next}, now, march, "EUR"); len(again) != 0 {
		t.Errorf("the correction is found twice: %+v", again)
	}
	back := Compare([]Invoice{of, next}, []SellLine{sell("usage", "100.00")}, march, "EUR")
	if len(back) != 1 || back[0].Net.String() != "10.00" || back[0].Description != "Correction: usage (billed 90.00, now 100.00)" {
		t.Errorf("a change back: %+v", back)
	}
}

func TestCorrectionsByDocument(t *testing.T) {
	t.Parallel()
	of := issued(t, "R1", sell("usage", "100.00"), sell("b", "5.00"))
	now := []SellLine{sell("usage", "90.00"), sell("b", "5.00")}
	notes, left := CreditCorrections([]Invoice{of}, Compare([]Invoice{of}, now, march, "EUR"), "run_2", "ann", noon)
	if len(notes) != 1 || notes[0].Type != TypeCreditNote || notes[0].Corrects.Number != "R1" || notes[0].State != StateDraft || !left.IsZero() {
		t.Fatalf("notes %+v, %s left", notes, left)
	}
	wantTotals(t, notes[0], "-10.00", "-1.90", "-11.90")
	note := issue(t, notes[0], "G1")
	if again := Compare([]Invoice{of, note}, now, march, "EUR"); len(again) != 0 {
		t.Errorf("the note counts as billed: %+v", again)
	}
}

// The newest invoice that billed a charge gives it back first, and each gives back what it billed.
func TestCorrectionsAreSpreadOverTheInvoicesThatBilled(t *testing.T) {
	t.Parallel()
	first := issued(t, "R1", sell("usage", "100.00"), sell("b", "5.00"))
	second := issued(t, "R2", sell("usage", "30.00"))
	all := []Invoice{first, second}
	for _, c := range []struct {
		name string
		now  []SellLine
		want map[string]string
	}{
		{"within the newest", []SellLine{sell("usage", "110.00"), sell("b", "5.00")}, map[string]string{"R2": "-20.00"}},
		{"more than the newest", []SellLine{sell("usage", "90.00"), sell("b", "5.00")}, map[string]string{"R1": "-10.00", "R2": "-30.00"}},
		{"a rise among them", []SellLine{sell("usage", "90.00"), sell("b", "12.00")}, map[string]string{"R1": "-10.00", "R2": "-23.00"}},
		{"everything", nil, map[string]string{"R1": "-105.00", "R2": "-30.00"}},
		{"a credit that nobody billed", []SellLine{sell("usage", "130.00"), sell("b", "5.00"), sell("credit", "-40.00")}, map[string]string{"R1": "-10.00", "R2": "-30.00"}},
	} {
		corrections := Compare(all, c.now, march, "EUR")
		notes, left := CreditCorrections(all, corrections, "run_2", "ann", noon)
		got := map[string]string{}
		for _, n := range notes {
			got[n.Corrects.Number] = n.Net.String()
		}
		if diff := cmp.Diff(c.want, got); diff != "" || !left.IsZero() {
			t.Errorf("%s: %s left, %s", c.name, left, diff)
		}
	}
}

// What a person credited is gone already: no second note takes it back, and the rest is told.
func TestCorrectionsNeverCreditMoreThanIsLeft(t *testing.T) {
	t.Parallel()
	of := issued(t, "R1", sell("usage", "100.00"))
	goodwill, err := Credit(of, CreditRequest{Lines: []CreditLine{{N: 1, Amount: new(dec("30.00"))}}, Reason: "goodwill", By: "ann", Now: noon}, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := []Invoice{of, issue(t, goodwill, "G1")}
	notes, left := CreditCorrections(all, Compare(all, nil, march, "EUR"), "run_2", "ann", noon)
	if len(notes) != 1 || notes[0].Net.String() != "-70.00" || left.String() != "-30.00" {
		t.Errorf("notes %+v, %s left", notes, left)
	}
}

func TestWhatAPersonCreditedStaysCredited(t *testing.T) {
	t.Parallel()
	of := issued(t, "R1", sell("usage", "100.00"))
	now := []SellLine{sell("usage", "100.00")}
	part, err := credit(t, of, nil, CreditLine{N: 1, Amount: amount("20.00")})
	if err != nil {
		t.Fatal(err)
	}
	part = issue(t, part, "G1")
	if lines := Compare([]Invoice{of, part}, now, march, "EUR"); len(lines) != 0 {
		t.Errorf("goodwill is billed again: %+v", lines)
	}
	rest, err := credit(t, of, []Invoice{part})
	if err != nil {
		t.Fatal(err)
	}
	lines := Compare([]Invoice{of, part, issue(t, rest, "G2")}, now, march, "EUR")
	if len(lines) != 1 || lines[0].Net.String() != "100.00" {
		t.Errorf("an invoice credited in full is billed anew: %+v", lines)
	}
}

// What is billed and its corrections together are what a new run makes of the period.
func TestBilledAndCorrectionsSumToTheNewRun(t *testing.T) {
	t.Parallel()
	draw := func(rt *rapid.T, name string) []SellLine {
		var lines []SellLine
		for range rapid.IntRange(1, 6).Draw(rt, name) {
			key := strconv.Itoa(rapid.IntRange(1, 4).Draw(rt, "key"))
			lines = append(lines, sell(key, money.New(rapid.Int64Range(-500, 500).Draw(rt, "net"), -2).String()))
		}
		return lines
	}
	sum := func(lines []SellLine) (net money.Decimal) {
		for _, l := range lines {
			net = net.Add(l.Net)
		}
		return net
	}
	rapid.Check(t, func(rt *rapid.T) {
		before, now := draw(rt, "before"), draw(rt, "now")
		of := Draft(draftOf(before...)).Invoices[0]
		of.Number, of.State = "R1", StateIssued
		corrections := Compare([]Invoice{of}, now, march, "EUR")
		change := sum(corrections)
		want := sum(now)
		if got := of.Net.Add(change); !got.Equal(want) {
			rt.Fatalf("billed %s + corrected %s = %s, want %s", of.Net, change, got, want)
		}
		if len(corrections) > 0 {
			all := []Invoice{of}
			if notes, left := CreditCorrections(all, corrections, "run_2", "ann", noon); change.Sign() < 0 && left.IsZero() {
				all = append(all, notes...)
			} else {
				all = append(all, Draft(draftOf(corrections...)).Invoices...)
			}
			for i := range all[1:] {
				all[i+1].Number, all[i+1].State = "C1", StateIssued
			}
			if again := Compare(all, now, march, "EUR"); len(again) != 0 {
				rt.Fatalf("corrected twice: %+v", again)
			}
		}
	})
}
