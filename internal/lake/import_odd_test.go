package lake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake"
)

// Whatever a file holds, it is taken or refused; it is never a fault of ours.
func TestOddFilesAreTakenOrRefused(t *testing.T) {
	t.Parallel()
	costHead := "invoiceId,BillingAccountId,SubscriptionId,Date,MeterId,Quantity,Cost,BillingCurrency,ChargeType"
	focusHead := "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd"
	files := map[string][]string{
		"usage at the end of time":     {usageHead, strings.ReplaceAll(usageRow("G1", "/a", "1", "2"), "2026-03-02", "9999-12-31")},
		"usage long ago":               {usageHead, strings.ReplaceAll(usageRow("G1", "/a", "1", "2"), "2026-03-0", "0002-01-0")},
		"usage with the largest total": {usageHead, usageRow("G1", "/a", "1", "99999999999999999999.999999999999999999"), usageRow("G1", "/a", "1", "99999999999999999999.999999999999999999")},
		"usage with tiny numbers":      {usageHead, usageRow("G1", "/a", "0.000000000000000001", "-1E-18")},
		"an invoice with a quote":      {usageHead, usageRow("G'1|unbilled|", "/a", "1", "2"), usageRow("G'1|unbilled|", "/b", "1", "2")},
		"an invoice called unbilled":   {usageHead, usageRow("unbilled", "/a", "1", "2")},
		"an invoice in Japanese":       {reconHead, reconRow("請求書/..", "P", "1")},
		"an invoice like a month":      {reconHead, reconRow("202603", "P", "1")},
		"a very long text":             {usageHead, usageRow("G1", strings.Repeat("x", 3<<20), "1", "2")},
		"cost at the end of time":      {costHead, "1,1,s,12/31/9999,m,1,3.25,USD,Purchase", ",1,s,12/31/9999,m,1,3.25,USD,Purchase"},
		"cost long ago":                {costHead, ",1,s,01/01/0002,m,1,3.25,USD,Purchase"},
		"a charge until the end":       {focusHead, "1,A,USD,2026-03-01T00:00:00Z,Usage,2026-03-01T00:00:00Z,9999-12-31T23:59:59Z"},
		"a charge of no time":          {focusHead, "1,A,USD,,Usage,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z"},
		"a charge backwards":           {focusHead, "1,A,USD,,Usage,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z"},
		"only faults":                  {focusHead, "x,,,,,,"},
		"prices for ever":              {"ProductId,SkuId,Market,Currency,UnitPrice,EffectiveStartDate,EffectiveEndDate,ERP Price", "P,1, de ,EUR,1,1753-01-01,12/31/9999,1", "P,1,DE,EUR,1,9999-12-31,,"},
		"a rate of many digits":        {"CurrencyCode,USDPerUnit,Month", "EUR,0.00000000000000000000000001,202603"},
		"a document of zero":           {`{"id":"","totalCharges":0,"currencyCode":"EUR"}`},
		"a document without a period":  {`{"id":"G1","totalCharges":-0,"currencyCode":"eur","invoiceDate":"0001-01-01T00:00:00"}`},
		"a surrogate alone":            {strings.Replace(usageLine("G1", "/a", "1", "2"), `"/a"`, `"\ud800"`, 1)},
		"a zero in JSON":               {strings.Replace(usageLine("G1", "/a", "1", "2"), `"/a"`, `"\u0000"`, 1)},
		"a manifest of itself":         {manifest("1", "file")},
	}
	for name, lines := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBench(t)
			path := b.file(t, "file", lines...)
			r, err := b.Import(t.Context(), []string{path})
			if err != nil && !errors.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
			var e *errs.Error
			if errors.As(err, &e) && len(e.Fields) == 0 {
				t.Errorf("refused without a place: %v", err)
			}
			b.keep(t)
			b.onlyRecorded(t)
			if err != nil {
				return
			}
			if again, err := b.Import(t.Context(), []string{path}); err != nil || len(again.DataSets) != len(r.DataSets) || len(again.New) != 0 {
				t.Errorf("again: %v, %v", again.DataSets, err)
			}
			s, err := b.Snapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range b.CostLines(t.Context(), s, nil) {
				if err != nil {
					t.Error(err)
				}
			}
			for _, err := range b.Groups(t.Context(), s, lake.GroupPick{}) {
				if err != nil {
					t.Error(err)
				}
			}
			if _, err := b.Documents(t.Context(), s); err != nil {
				t.Error(err)
			}
			b.lines(t)
		})
	}
}
