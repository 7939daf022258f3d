package focus

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
)

var (
	plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	utcInstant  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z$`)
)

// TestRulesOfA8 holds the rules of billing reference A8 over months of documents.
func TestRulesOfA8(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		docs := randomDocs(rt)
		var b bytes.Buffer
		if err := Write(&b, docs, Options{}); err != nil {
			rt.Fatal(err)
		}
		for _, secret := range []string{"9182736455463", "8172635445362", "7162534435261", "secret"} {
			if strings.Contains(b.String(), secret) {
				rt.Fatalf("what is the partner's alone is written: %s", secret)
			}
		}
		all, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		billed := map[string]money.Decimal{}
		for _, record := range all[1:] {
			row := map[string]string{}
			for i, v := range record {
				row[all[0][i]] = v
			}
			checkRow(rt, row)
			billed[row["InvoiceId"]] = billed[row["InvoiceId"]].Add(dec(row["BilledCost"]))
		}
		want := map[string]money.Decimal{}
		for i := range docs {
			want[docs[i].Number] = want[docs[i].Number].Add(docs[i].Gross)
		}
		for id, gross := range want {
			if !billed[id].Equal(gross) {
				rt.Fatalf("BilledCost of invoice %q is %s, its gross total %s", id, billed[id], gross)
			}
		}
	})
}

func checkRow(rt *rapid.T, row map[string]string) {
	for _, c := range []string{"BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingQuantity", "ListUnitPrice", "ConsumedQuantity"} {
		mandatory := strings.HasSuffix(c, "Cost")
		if v := row[c]; (mandatory || v != "") && !plainNumber.MatchString(v) {
			rt.Fatalf("%s %q is no plain number", c, v)
		}
	}
	for _, c := range []string{"BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"} {
		if !utcInstant.MatchString(row[c]) {
			rt.Fatalf("%s %q is no UTC instant", c, row[c])
		}
	}
	if row["ChargePeriodEnd"] <= row["ChargePeriodStart"] {
		rt.Fatalf("charge period %s to %s", row["ChargePeriodStart"], row["ChargePeriodEnd"])
	}
	for c, v := range row {
		if v != "" && strings.TrimSpace(v) == "" {
			rt.Fatalf("%s is blank and not NULL", c)
		}
	}
	switch category := row["ChargeCategory"]; category {
	case "Tax", "Adjustment", "Credit":
		for _, c := range []string{"PricingQuantity", "PricingUnit", "ListUnitPrice", "ContractedUnitPrice", "SkuId", "SkuPriceId", "PricingCategory", "ConsumedQuantity", "ConsumedUnit"} {
			if row[c] != "" {
				rt.Fatalf("%s of a row of category %s is %q", c, category, row[c])
			}
		}
	case "Usage", "Purchase":
		checkPrice(rt, row)
		if category == "Purchase" && row["EffectiveCost"] != "0" {
			rt.Fatalf("a purchase has the effective cost %s", row["EffectiveCost"])
		}
		if (row["ConsumedQuantity"] != "") != (category == "Usage") {
			rt.Fatalf("%s with consumed quantity %q", category, row["ConsumedQuantity"])
		}
	default:
		rt.Fatalf("charge category %q", category)
	}
}

func checkPrice(rt *rapid.T, row map[string]string) {
	quantity := dec(row["PricingQuantity"])
	for _, of := range []string{"List", "Contracted"} {
		price := dec(row[of+"UnitPrice"])
		if price.Sign() < 0 || !price.MulExact(quantity).Equal(dec(row[of+"Cost"])) {
			rt.Fatalf("%s: %s x %s is not %s", of, price, quantity, row[of+"Cost"])
		}
	}
	for _, c := range []string{"PricingUnit", "SkuId", "SkuPriceId", "SkuMeter", "PricingCategory", "ServiceName"} {
		if row[c] == "" {
			rt.Fatalf("%s is NULL", c)
		}
	}
}
