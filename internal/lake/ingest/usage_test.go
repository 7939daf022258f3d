package ingest

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

const usageHeader = "CustomerId,Tier2MpnId,InvoiceNumber,ProductId,SkuId,SubscriptionId,ChargeStartDate,UsageDate,MeterId,UnitPrice,Quantity," +
	"BillingPreTaxTotal,BillingCurrency,EffectiveUnitPrice,PartnerEarnedCreditPercentage"

const usageRow = "org:257A55C1-5E51-43A0-A2D1-9A33B520FC43,-1,G1,DZH318Z0D2V3,6,SUB,3/1/2026,3/2/2026,m1,0.52,24,10.5,eur,0.4420000000000000000001,0.15"

func TestUsageCSV(t *testing.T) {
	t.Parallel()
	r := readText(t, "u.csv", "\ufeff"+usageHeader+",FutureColumn\r\n"+usageRow+",x\r\n"+usageRow+",y\r\n")
	if r.source.Kind != KindUsage || r.source.Variant != "portal" || len(r.rows) != 2 || len(r.faults) != 0 {
		t.Fatalf("got %s %s with %d rows, faults %v", r.source.Kind, r.source.Variant, len(r.rows), r.faults)
	}
	has(t, r.rows[0], map[string]string{
		"customer_id": "257a55c1-5e51-43a0-a2d1-9a33b520fc43", "reseller_mpn_id": "", "sku_id": "0006", "usage_date": "2026-03-02",
		"billing_currency": "EUR", "effective_unit_price": "0.4420000000000000000001", "pec_percent": "0.15", "quantity": "24",
	})
	equalTexts(t, "sets", r.sets, "usage|G1", "usage|G1")
	equalTexts(t, "unknown", notes(r, NoteUnknown), "FutureColumn")
	if r.lines[0] != 2 || r.lines[1] != 3 {
		t.Errorf("lines are %v", r.lines)
	}
	if !r.source.Direct() {
		t.Error("SQL could read this file")
	}
	if h := r.source.Sniff[r.source.Schema().Index("usage_date")]; h.Style != StyleUS || r.source.Header[h.From] != "UsageDate" {
		t.Errorf("hint is %+v", h)
	}
}

func TestUsageSpellings(t *testing.T) {
	t.Parallel()
	v1 := `{"customerId":"c","resellerMpnId":0,"invoiceNumber":"G1","productId":"P","skuId":"001A","subscriptionId":"s",
"chargeStartDate":"2026-03-01T00:00:00Z","usageDate":"2026-03-02T00:00:00Z","meterId":"m","unitPrice":0.0209496384791679,"quantity":23.200004,
"billingPreTaxTotal":0.486031696515249,"billingCurrency":"USD","unitOfMeasure":"1 Hour","rateOfPartnerEarnedCredit":0.15,"rateOfCredit":1,
"attributes":{"objectType":"DailyRatedUsageLineItem"}}`
	page := `{"totalCount":2,"items":[` + v1 + ",\n" + strings.ReplaceAll(v1, `"rateOfPartnerEarnedCredit":0.15`, `"hasPartnerEarnedCredit":false`) + `],"links":{}}`
	r := readText(t, "page.json", page)
	if len(r.rows) != 2 || r.source.Variant != "v1" || len(r.faults) > 0 {
		t.Fatalf("got %d rows of %s, faults %v", len(r.rows), r.source.Variant, r.faults)
	}
	has(t, r.rows[0], map[string]string{"unit": "1 Hour", "pec_percent": "15", "credit_percent": "100", "unit_price": "0.0209496384791679", "reseller_mpn_id": ""})
	has(t, r.rows[1], map[string]string{"pec_percent": "0"})
	if r.lines[0] != 1 || r.lines[1] != 5 {
		t.Errorf("lines are %v, want where the items start", r.lines)
	}
	line := strings.ReplaceAll(v1, "\n", "") + "\n"
	r = readText(t, "lines.jsonl", zipped(t, line+"\n"+line))
	if len(r.rows) != 2 || r.source.Format != FormatJSONL || r.source.Packing != PackingGzip || r.lines[1] != 3 {
		t.Errorf("got %d rows, %s %s, lines %v", len(r.rows), r.source.Format, r.source.Packing, r.lines)
	}
}

func TestUnbilledUsageIsKeyedByItsLatestMonth(t *testing.T) {
	t.Parallel()
	late := strings.Replace(strings.Replace(usageRow, "G1", "", 1), "3/1/2026,3/2", "2/1/2026,2/2", 1)
	r := readText(t, "u.csv", usageHeader+"\n"+late+"\n"+strings.Replace(usageRow, "G1", "", 1)+"\n")
	equalTexts(t, "sets", r.sets, "usage|unbilled|EUR|2026-03", "usage|unbilled|EUR|2026-03")
}

func TestUsageFaultsAreAllFound(t *testing.T) {
	t.Parallel()
	bad := strings.Replace(strings.Replace(usageRow, ",24,", `,"1,234",`, 1), "3/2/2026", "31/3/2026", 1)
	r := readText(t, "u.csv", strings.Join([]string{
		usageHeader, bad, usageRow, strings.Replace(usageRow, "eur", "Euro", 1),
		usageRow + ",one more", strings.Replace(usageRow, "10.5", "", 1), `"a"b,`, usageRow[:40],
	}, "\n"))
	equalTexts(t, "faults", r.faults, "u.csv:2:UsageDate date.invalid", "u.csv:2:Quantity number.ambiguous", "u.csv:4:BillingCurrency cell.invalid",
		"u.csv:5 row.cells", "u.csv:6:BillingPreTaxTotal cell.required", "u.csv:7 row.malformed", "u.csv:8 file.cut")
	if len(r.rows) != 1 || r.report.Faults != 7 {
		t.Errorf("got %d rows, %d faults", len(r.rows), r.report.Faults)
	}
}

func TestANumberThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	for number, want := range map[string][]string{
		"0.1234567890123456789":    {"u.csv:2:Quantity number.too_long"},
		"123456789012345678901":    {"u.csv:2:Quantity number.too_long"},
		"0.123456789012345678":     nil,
		"24.000000000000000000000": nil, // nothing is lost
	} {
		r := readText(t, "u.csv", usageHeader+"\n"+strings.Replace(usageRow, ",24,", ","+number+",", 1)+"\n")
		equalTexts(t, number, r.faults, want...)
	}
}

func TestCutFiles(t *testing.T) {
	t.Parallel()
	whole := usageHeader + "\n" + strings.Repeat(usageRow+"\n", 5000)
	packed := zipped(t, whole)
	r := readText(t, "u.csv.gz", packed[:len(packed)-20])
	if len(r.faults) != 1 || !strings.HasSuffix(r.faults[0], " file.cut") {
		t.Errorf("cut gzip: %v", r.faults)
	}
	jsonl := `{"CustomerId":"c","InvoiceNumber":"G1","ProductId":"P","SkuId":"1","SubscriptionId":"s","UsageDate":"2026-03-02","MeterId":"m",` +
		`"UnitPrice":1,"Quantity":"1","BillingPreTaxTotal":1,"BillingCurrency":"EUR"}` + "\n"
	r = readText(t, "u.jsonl", jsonl+jsonl[:80])
	equalTexts(t, "cut line", r.faults, "u.jsonl:2 file.cut")
	r = readText(t, "u.jsonl", jsonl+"{\"a\":}\n"+strings.Replace(jsonl, `y":"1"`, `y":"1,234"`, 1)+strings.Replace(jsonl, "EUR", "EUR\",\"MeterId\":\"n", 1))
	equalTexts(t, "bad lines", r.faults, "u.jsonl:2 row.malformed", "u.jsonl:3:Quantity number.ambiguous", "u.jsonl:4:MeterId cell.contradiction")
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, content string
		code                errs.Code
		places              []string
	}{
		{"an unknown header", "x.csv", "a,b,c\n1,2,3\n", CodeUnknown, []string{"x.csv:1"}},
		{
			"missing key columns, all of them", "u.csv", strings.NewReplacer(",Quantity", "", "MeterId", "Meter").Replace(usageHeader) + "\n", CodeColumns,
			[]string{"u.csv:1:MeterId", "u.csv:1:Quantity"},
		},
		{"a column twice", "u.csv", usageHeader + ", quantity\n", CodeTwice, []string{"u.csv:1:quantity"}},
		{"an empty file", "e.csv", "", CodeEmpty, []string{"e.csv"}},
		{"only spaces", "e.csv", " \r\n\t", CodeEmpty, []string{"e.csv"}},
		{"UTF-16", "w.csv", "\xff\xfea\x00", CodeEncoding, []string{"w.csv"}},
		{"a picture", "p.png", "\x89PNG\r\n\x1a\n\x00\x00", CodeUnknown, []string{"p.png"}},
		{"JSON of something else", "x.json", `{"hello":"world"}`, CodeUnknown, []string{"x.json:1"}},
		{"cut JSON", "x.json", `{"items":`, CodeUnknown, []string{"x.json:1"}},
		{"FX without its rate", "fx.csv", "CurrencyCode,Month\n", CodeColumns, []string{"fx.csv:1:USDPerUnit"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := refusal(t, tt.file, tt.content)
			var places []string
			for _, f := range e.Fields {
				places = append(places, f.Place)
			}
			if e.Code != tt.code {
				t.Errorf("code is %s, want %s", e.Code, tt.code)
			}
			equalTexts(t, "places", places, tt.places...)
		})
	}
}

func TestDigestIsOfTheContent(t *testing.T) {
	t.Parallel()
	content := "\ufeff" + usageHeader + "\n" + usageRow + "\n"
	plain, err := Inspect(t.Context(), write(t, "a.csv", content))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := Inspect(t.Context(), write(t, "b.csv.gz", zipped(t, content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Source{plain, packed} {
		if err := s.Digest(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if plain.SHA256 != packed.SHA256 || len(plain.SHA256) != 64 || plain.Bytes != int64(len(content)) || packed.Bytes != plain.Bytes {
		t.Errorf("%s %d, %s %d", plain.SHA256, plain.Bytes, packed.SHA256, packed.Bytes)
	}
}
