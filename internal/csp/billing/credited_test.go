package billing

import "testing"

func TestAnInvoiceIsCreditedInFullByItsIssuedNotesAlone(t *testing.T) {
	t.Parallel()
	of := seats(t) // 150.00 net
	part, err := credit(t, of, nil, CreditLine{N: 2, Amount: amount("10.00")})
	if err != nil {
		t.Fatal(err)
	}
	rest, err := credit(t, of, []Invoice{part})
	if err != nil {
		t.Fatal(err)
	}
	out := func(n Invoice) Invoice { n.State = StateIssued; return n }
	void := func(n Invoice) Invoice { n.State = StateVoid; return n }
	elsewhere := out(rest)
	elsewhere.Corrects = &Reference{Number: "R2026-00002"}
	for name, c := range map[string]struct {
		notes []Invoice
		want  bool
	}{
		"no notes":                         {nil, false},
		"a part of it":                     {[]Invoice{out(part)}, false},
		"all of it in two notes":           {[]Invoice{out(part), out(rest)}, true},
		"the last note is a draft still":   {[]Invoice{out(part), rest}, false},
		"the last note is void":            {[]Invoice{out(part), void(rest)}, false},
		"the last note is over another":    {[]Invoice{out(part), elsewhere}, false},
		"a void note beside those that do": {[]Invoice{void(rest), out(part), out(rest)}, true},
	} {
		if got := of.CreditedInFull(c.notes); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
