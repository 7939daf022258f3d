package billing

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// sharedCase reads the expected values of a golden case of the example data that CHANDLER_TESTDATA names.
func sharedCase(t *testing.T, id string, input, expected any) {
	t.Helper()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the example data is not tested; the package's own cases are")
	}
	text, err := os.ReadFile(filepath.Join(root, "data", "golden", "golden_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ID              string
		Input, Expected json.RawMessage
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.ID != id {
			continue
		}
		if err := json.Unmarshal(c.Input, input); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(c.Expected, expected); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("no case %s", id)
}

func sellAll(amounts []string) []SellLine {
	var lines []SellLine
	for _, a := range amounts {
		lines = append(lines, sell(a, a))
	}
	return lines
}

func TestSharedGoldenTaxAndCredit(t *testing.T) {
	t.Parallel()
	var in struct{ Lines []string }
	var tax struct{ PerCategory, Grand string }
	sharedCase(t, "G12", &in, &tax)
	if i := one(t, draftOf(sellAll(in.Lines)...)); i.Tax.String() != tax.PerCategory || i.Gross.String() != tax.Grand {
		t.Errorf("tax %s gross %s, want %+v", i.Tax, i.Gross, tax)
	}
	var want struct {
		Net, VAT, Gross string
		UBL             struct{ Quantity, Price, LineExtension string }
	}
	sharedCase(t, "G13", &in, &want)
	i := one(t, draftOf(sellAll(in.Lines)...))
	wantTotals(t, i, want.Net, want.VAT, want.Gross)
	for _, l := range i.Lines {
		if l.Net.Sign() < 0 && (l.Quantity.String() != want.UBL.Quantity || l.UnitPrice.String() != want.UBL.Price || l.Net.String() != want.UBL.LineExtension) {
			t.Errorf("line %s x %s = %s, want %+v", l.Quantity, l.UnitPrice, l.Net, want.UBL)
		}
	}
}

func TestSharedGoldenTieOut(t *testing.T) {
	t.Parallel()
	var in struct{ Lines [][]string }
	var want struct {
		Sum         string
		PerCustomer map[string]string
	}
	sharedCase(t, "G22", &in, &want)
	byCustomer, total := map[string][]SellLine{}, money.Zero
	for _, l := range in.Lines {
		byCustomer[l[0]] = append(byCustomer[l[0]], sell(l[1]+l[2], l[2]))
	}
	for customer, lines := range byCustomer {
		i := one(t, draftOf(lines...))
		if i.Net.String() != want.PerCustomer[customer] || (i.Type == TypeCreditNote) != (customer == "C") {
			t.Errorf("%s: %s of %s, want %s", customer, i.Type, i.Net, want.PerCustomer[customer])
		}
		total = total.Add(i.Net)
	}
	if total.String() != want.Sum {
		t.Errorf("sum %s, want %s", total, want.Sum)
	}
}
