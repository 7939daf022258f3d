package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

// fuzzFile feeds whatever the fuzzer thinks of to the whole way from a file to its rows.
func fuzzFile(f *testing.F, name string, seeds ...string) {
	f.Helper()
	for _, s := range seeds {
		f.Add(s)
	}
	path := filepath.Join(f.TempDir(), name)
	f.Fuzz(func(t *testing.T, content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		checkFile(t, path, content)
		if took := time.Since(start); took > 20*time.Second {
			t.Fatalf("%d bytes took %s", len(content), took)
		}
	})
}

// checkFile holds every file to this: an error says where, rows are in order and fit the lake, nothing panics.
func checkFile(t *testing.T, path, content string) {
	t.Helper()
	s, err := Inspect(t.Context(), path)
	if err != nil {
		checkRefusal(t, err, filepath.Base(path))
		return
	}
	if s.Kind == KindManifest {
		if _, err := s.Manifest(); err != nil {
			checkRefusal(t, err, s.Name)
		}
		return
	}
	if err := s.Digest(t.Context()); err != nil {
		checkRefusal(t, err, s.Name)
	}
	lines := int64(strings.Count(content, "\n") + 1)
	if s.Packing == PackingNone && s.Lines > lines {
		t.Fatalf("%d lines, want at most %d", s.Lines, lines)
	}
	var report Report
	last, told := int64(0), int64(0)
	for row, err := range s.Rows(t.Context(), &report) {
		if err != nil {
			told++
			checkFault(t, err, s, lines)
			continue
		}
		if row.Line <= last || row.Set == "" || len(row.Values) != len(s.Schema().Columns) {
			t.Fatalf("row at line %d behind line %d, of set %q, with %d values", row.Line, last, row.Set, len(row.Values))
		}
		last = row.Line
		for i, v := range row.Values {
			checkValue(t, s.Schema().Columns[i], v)
		}
	}
	if told < min(report.Faults, MaxFaults) {
		t.Fatalf("%d faults were told of %d", told, report.Faults)
	}
}

func checkRefusal(t *testing.T, err error, name string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || !errors.Is(err, errs.Invalid) || e.Code == "" || len(e.Fields) == 0 {
		t.Fatalf("%v is no refusal with its places", err)
	}
	for _, f := range e.Fields {
		if !strings.HasPrefix(f.Place, name) || f.Code == "" || f.Detail == "" {
			t.Fatalf("%+v does not say where and what", f)
		}
	}
}

func checkFault(t *testing.T, err error, s *Source, lines int64) {
	t.Helper()
	var f *Fault
	if !errors.As(err, &f) {
		t.Fatalf("%v is no fault of the file", err)
	}
	if f.File != s.Name || f.Code == "" || f.Detail == "" || f.Line < 0 || s.Packing == PackingNone && f.Line > lines {
		t.Fatalf("%+v does not say where and what; the file has %d lines", f, lines)
	}
}

func checkValue(t *testing.T, c Column, v Value) {
	t.Helper()
	if v.IsNull() {
		if c.Required {
			t.Fatalf("%s is empty", c.Name)
		}
		return
	}
	if v.Type() != c.Type {
		t.Fatalf("%s is of type %d, want %d", c.Name, v.Type(), c.Type)
	}
	if c.Type != Decimal {
		return
	}
	d, err := money.Parse(v.Text())
	if err != nil || d.Abs().Cmp(tooLong) >= 0 || !d.Round(money.HalfUp, MaxScale).Equal(d) || strings.ContainsAny(v.Text(), "eE+, ") {
		t.Fatalf("%s is %q, which no decimal column takes", c.Name, v.Text())
	}
}

func FuzzUsageFile(f *testing.F) {
	fuzzFile(f, "u.csv", usageHeader+"\n"+usageRow+"\n", usageHeader+"\r\n"+usageRow, "\ufeff"+strings.ReplaceAll(usageHeader+"\n"+usageRow, ",", ";"),
		usageHeader+"\n"+strings.Replace(usageRow, "G1", "", 1)+"\n\n", usageHeader+"\n\"a\"b\n\"", usageHeader+",Tags\n"+usageRow+",\"{\n}\"", zipped(f, usageHeader+"\n"+usageRow+"\n"))
}

func FuzzReconFile(f *testing.F) {
	fuzzFile(f, "r.csv", "CustomerId,InvoiceNumber,ProductId,SkuId,ChargeType,UnitPrice,Quantity,Subtotal,TaxTotal,Total,Currency,SubscriptionId,ChargeStartDate\n"+
		"org:C,G1,P,1,new,1,1,1.00,0,1.00,EUR,s,3/1/2026\n,,P,1,new,\"1,5\",1,1,0,1,EUR,s,2026-03-01T00:00:00-08:00\n")
}

func FuzzPriceFile(f *testing.F) {
	fuzzFile(f, "p.csv", "ProductId,SkuId,TermDuration,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,MeterIds\n"+
		"P,1,P1Y,US,USD,0.5,0,9223372036854780000,3/1/2026 12:00:00 AM,m\nP,1,payG-1,US,USD,0.5,,,1753-01-01,m\n",
		"ChangeIndicator,ProductId,SkuId,BillingPlan,Market,Currency,UnitPrice,EffectiveStartDate,ERP Price,PreviousValues\nDelete,P,1,Annual,DE,EUR,108,2020-01-01T00:00:00.0000000Z,135,{'UnitPrice': '1'}\n")
}

func FuzzRatesFile(f *testing.F) {
	fuzzFile(f, "fx_201908.csv", "\"CurrencyCode\",\"USDPerUnit\",\"Month\"\n\"AED\",\"0.27224589249009701\",\"2019\"\n\"DKK\",\"0\",\"202603\"\n")
}

func FuzzFocusFile(f *testing.F) {
	fuzzFile(f, "f.csv", "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,InvoiceId,x_EffectiveUnitPrice\n"+
		"8E-7,A,USD,2024-09-01 00:00:00,Usage,2024-09-18 22:00:00,2024-09-18 23:00:00,NULL,null\n\"$1,000.00 \",A,USD,5/1/25,Tax,5/1/25,6/1/25,I,1\n"+
		"1,A,USD,,Usage,9999-12-31T23:59:59Z,0001-01-01,,\n")
}

func FuzzCostFile(f *testing.F) {
	fuzzFile(f, "amortized.csv", "invoiceId,billingAccountId,billingPeriodStartDate,billingPeriodEndDate,date,meterId,SubscriptionId,quantity,chargeType,billingCurrency,"+
		"costInBillingCurrency,partnerEarnedCreditApplied\nG1,B,03/01/2026,03/31/2026,03/05/2026,m,s,24,Usage,EUR,8.93,True\n,B,,,12/31/9999,m,s,0,x,EUR,0,maybe\n")
}

func FuzzLines(f *testing.F) {
	line := `{"CustomerId":"c","InvoiceNumber":"G1","ProductId":"P","SkuId":"1","SubscriptionId":"s","UsageDate":"2026-03-02","MeterId":"m","UnitPrice":1e-7,"Quantity":"1",` +
		`"BillingPreTaxTotal":1,"BillingCurrency":"EUR","Tags":{"a":[1]}}` + "\n"
	fuzzFile(f, "u.jsonl", line+line, line+"\n{\"a\":}\n"+line[:80], zipped(f, line), strings.Replace(line, "G1", "", 1))
}

func FuzzPage(f *testing.F) {
	fuzzFile(f, "page.json",
		`{"totalCount":1,"items":[{"customerId":"c","resellerMpnId":0,"invoiceNumber":"G1","productId":"P","skuId":"1","subscriptionId":"s","usageDate":"2026-03-02T00:00:00Z",`+
			`"meterId":"m","unitPrice":0.02,"quantity":23,"billingPreTaxTotal":0.48,"billingCurrency":"USD","rateOfPartnerEarnedCredit":0.15}],"links":{"next":{"uri":"/x"}}}`,
		`[{"customerId":"org:c","invoiceNumber":"","productId":"P","skuId":"1","chargeType":"New","unitPrice":1,"quantity":1,"subtotal":1,"totalForCustomer":1,`+
			`"currency":"USD","subscriptionId":"s","orderDate":"2019-02-04T09:22:34.6455294-08:00"}]`,
		`{"items":[{"id":"G1","totalCharges":1,"currencyCode":"EUR","amendments":[{"id":"G2","totalCharges":-1,"currencyCode":"EUR","amendments":[]}]}]}`,
		`{"meters":[{"id":"m","rates":{"1024":0.05,"0":0.087},"effectiveDate":"2015-09-01T00:00:00Z"}],"currency":"USD","locale":"en-US"}`,
		`{"items":[{"durableOfferId":"d","customerId":"C","subscriptionId":"s","offerId":"o","chargeType":"New","unitPrice":5.0,"quantity":2,"subtotal":10.0,"totalForCustomer":11.9,"currency":"USD","chargeStartDate":"2017-05-13"}],"links":{"self":{"uri":"/invoices/D1/lineitems"}}}`,
		`{"value":1}`, `{"items":[1]}`, `{"":{}}`, `[]`, `{} {}`)
}

func FuzzManifest(f *testing.F) {
	fuzzFile(f, "m.json", `{"id":"1","eTag":"e","blobCount":2,"blobs":[{"name":"a.gz","partitionValue":"0"},{"name":"a.gz"}]}`,
		`{"status":"succeeded","resourceLocation":{"blobs":[{"name":""}],"blobCount":-1}}`, `{"blobs":null,"eTag":7}`)
}
