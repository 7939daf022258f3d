package app_test

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
)

const tenPercent = `{"id":"plus","base":"cost","operations":[{"percent":"10"}],"rounding":{"mode":"half-up","scale":2,"level":"line"}}`

// cents is x times 1.1, rounded half away from zero, in cents: fractions of another library than the product's.
func cents(t *testing.T, x string) int64 {
	t.Helper()
	r, ok := new(big.Rat).SetString(x)
	if !ok {
		t.Fatal(x)
	}
	r.Mul(r, big.NewRat(110, 1))
	sign := int64(r.Sign())
	r.Abs(r).Add(r, big.NewRat(1, 2))
	return sign * new(big.Int).Div(r.Num(), r.Denom()).Int64()
}

// sumByAccount reads a FOCUS file by itself: cents to bill by month and sub-account.
func sumByAccount(t *testing.T, content []byte) map[string]map[string]int64 {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(records[0], name) }
	cost, month, account := column("BilledCost"), column("BillingPeriodStart"), column("SubAccountId")
	sums := map[string]map[string]int64{}
	for _, r := range records[1:] {
		m := r[month][:7]
		if sums[m] == nil {
			sums[m] = map[string]int64{}
		}
		sums[m][r[account]] += cents(t, r[cost])
	}
	return sums
}

// billsCosts bills every month of a FOCUS file and holds each customer against the file.
func (d *desk) billsCosts(content []byte) {
	d.Helper()
	d.rules(tenPercent)
	d.imports(d.file("focus.csv", content))
	d.complete()
	for m, accounts := range sumByAccount(d.T, content) {
		run := d.run(period.MustMonth(m))
		got := map[string]int64{}
		for _, row := range run.Drafts {
			got[strings.ToLower(row.Customer.TenantID)] = mustCents(d, row.Net)
		}
		var sum int64
		for account, want := range accounts {
			if got[strings.ToLower(account)] != want {
				d.Errorf("%s of %s: %d cents, want %d", account, m, got[strings.ToLower(account)], want)
			}
			sum += want
		}
		if len(got) != len(accounts) || len(run.Totals) != 1 || mustCents(d, run.Totals[0].Sell) != sum {
			d.Errorf("%s: %d customers, want %d; totals %+v, want %d cents", m, len(got), len(accounts), run.Totals, sum)
		}
	}
}

func mustCents(d *desk, a decimal) int64 {
	d.Helper()
	n, ok := new(big.Rat).SetString(a.Plain())
	if !ok || !n.Mul(n, big.NewRat(100, 1)).IsInt() {
		d.Fatalf("%s is no amount in cents", a)
	}
	return n.Num().Int64()
}

func TestTheRealFocusSampleIsBilled(t *testing.T) {
	t.Parallel()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the published FOCUS sample is not here; TestFocusRowsAreBilledEachByItself covers the rules")
	}
	content, err := os.ReadFile(filepath.Join(root, "data", "focus", "focus_1.0_sample_1000.csv"))
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.billsCosts(content)
	rows := mustInvoices(d)
	largest := slices.MaxFunc(rows, func(a, b invoiceRow) int { return a.Net.Cmp(b.Net) })
	d.explained(d.show(largest.ID))
	number := d.issue(largest.ID)
	v, err := d.app.VerifyInvoice(t.Context(), number)
	if err != nil || !v.OK {
		t.Errorf("%v %v", v.Faults, err)
	}
	for _, m := range []string{"2024-09", "2024-10"} {
		if v, err := d.app.ReconVerify(t.Context(), period.MustMonth(m)); err != nil || !v.OK {
			t.Errorf("%s: %v %v", m, v.Faults, err)
		}
	}
	var out bytes.Buffer
	if n, err := d.app.ExportFocus(t.Context(), period.MustMonth("2024-09"), "", &out); err != nil || n == 0 {
		t.Errorf("%d documents in FOCUS again, %v", n, err)
	}
}

// focusRows is a file of FOCUS 1.2 with refunds, a credit, a tie, a tax and an amount too small to see.
const focusRows = `BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ContractedCost,EffectiveCost,InvoiceIssuerName,ListCost,ListUnitPrice,PricingCategory,PricingQuantity,PricingUnit,ProviderName,PublisherName,ServiceCategory,ServiceName,SkuId,SubAccountId,SubAccountName,Tags,InvoiceId
12.345,b-1,Books,USD,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,Usage,,Machine,Usage-Based,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z,24,Hours,12.345,12.345,Cloud,15,0.625,Standard,24,Hours,Cloud,Cloud,Compute,Machines,sku-1,acc-A,Alpha,"{""team"":""a""}",
0.05,b-1,Books,USD,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,Usage,,Disk,Usage-Based,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z,1,GB,0.05,0.05,Cloud,0.05,0.05,Standard,1,GB,Cloud,Cloud,Storage,Disks,sku-2,acc-A,Alpha,{},
-3.333333,b-1,Books,USD,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,Usage,Correction,Machine,Usage-Based,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z,-4,Hours,-3.333333,-3.333333,Cloud,-4,0.625,Standard,-4,Hours,Cloud,Cloud,Compute,Machines,sku-1,acc-A,Alpha,{},
-20,b-1,Books,USD,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,Credit,,Goodwill,One-Time,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,,,-20,-20,Cloud,-20,,,,,Cloud,Cloud,Other,Credits,sku-3,acc-B,Beta,{},
100,b-1,Books,USD,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,Purchase,,Reserved for a year,Recurring,2027-03-01T00:00:00Z,2026-03-01T00:00:00Z,,,100,0,Cloud,120,120,Committed,1,Unit,Cloud,Cloud,Compute,Machines,sku-4,acc-B,Beta,{},
0.0000004,b-1,Books,USD,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,Usage,,Request,Usage-Based,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z,1,Requests,0.0000004,0.0000004,Cloud,0.0000004,0.0000004,Standard,1,Requests,Cloud,Cloud,Other,Requests,sku-5,acc-B,Beta,{},
7.77,b-1,Books,USD,2026-05-01T00:00:00Z,2026-04-01T00:00:00Z,Tax,,Tax,Recurring,2026-05-01T00:00:00Z,2026-04-01T00:00:00Z,,,7.77,7.77,Cloud,7.77,,,,,Cloud,Cloud,Other,Tax,,acc-A,Alpha,{},
`

func TestFocusRowsAreBilledEachByItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.billsCosts([]byte(focusRows))
	run := d.run(mar)
	a, b := d.draft(run, "Alpha"), d.draft(run, "Beta")
	d.totals(a, "9.97", "1.89", "11.86") // 13.58 + 0.06 - 3.67
	d.totals(b, "88.00", "16.72", "104.72")
	d.wants(d.trees()["Alpha 2026-03 Machine"], "13.58 USD sum", "focus.csv:2 Usage, Machine = 13.58 USD first", "cost in USD = 12.345", "x (1 + 10 %) = 13.5795", "retail: the list cost of the row = 15.00 USD")
	d.issueAll(run)
	if again := d.run(mar); len(again.Drafts) != 0 {
		t.Errorf("again: %+v", again.Drafts)
	}
	d.verifies(mar, april)
}

// mpaColumns are the 70 columns of a partner's Cost Management export (billing reference A9), in its order.
var mpaColumns = strings.Fields(`invoiceId previousInvoiceId billingAccountId billingAccountName billingProfileId billingProfileName invoiceSectionId
	invoiceSectionName partnerTenantId partnerName resellerName resellerMpnId customerTenantId customerName costCenter billingPeriodEndDate
	billingPeriodStartDate servicePeriodEndDate servicePeriodStartDate date serviceFamily productOrderId productOrderName consumedService meterId
	meterName meterCategory meterSubCategory meterRegion ProductId ProductName SubscriptionId subscriptionName publisherType publisherId publisherName
	resourceGroupName ResourceId resourceLocation location effectivePrice quantity unitOfMeasure chargeType billingCurrency pricingCurrency
	costInBillingCurrency costInPricingCurrency costInUsd paygCostInBillingCurrency paygCostInUsd exchangeRatePricingToBilling exchangeRateDate
	isAzureCreditEligible serviceInfo1 serviceInfo2 additionalInfo tags partnerEarnedCreditRate partnerEarnedCreditApplied PayGPrice frequency term
	reservationId reservationName PricingModel unitPrice benefitId benefitName provider`)

// mpaExport writes rows, each named values over what all share.
func mpaExport(spell func(string) string, rows ...map[string]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var header []string
	for _, c := range mpaColumns {
		header = append(header, spell(c))
	}
	_ = w.Write(header)
	for _, row := range rows {
		var record []string
		for _, c := range mpaColumns {
			record = append(record, row[c])
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes()
}

func mpaRow(values map[string]string) map[string]string {
	row := map[string]string{
		"billingAccountId": "acct-1", "billingAccountName": "Nordlicht", "customerTenantId": tenantOf("a"), "customerName": "Acme", "billingPeriodStartDate": "03/01/2026",
		"billingPeriodEndDate": "03/31/2026", "date": "03/05/2026", "serviceFamily": "Compute", "meterId": "m-1", "meterName": "D4", "meterCategory": "Virtual Machines",
		"ProductId": "DZH318Z0BQ35", "ProductName": "Virtual Machines D4", "SubscriptionId": "11111111-1111-4111-8111-111111111111", "subscriptionName": "Production",
		"publisherType": "Microsoft", "publisherName": "Microsoft", "quantity": "24", "unitOfMeasure": "1 Hour", "chargeType": "Usage", "billingCurrency": "EUR",
		"pricingCurrency": "USD", "costInBillingCurrency": "10.05", "paygCostInBillingCurrency": "11.82", "exchangeRatePricingToBilling": "0.85", "exchangeRateDate": "03/31/2026",
		"partnerEarnedCreditRate": "15", "partnerEarnedCreditApplied": "1", "PayGPrice": "0.58", "frequency": "UsageBased", "PricingModel": "OnDemand", "unitPrice": "0.58", "provider": "Azure",
	}
	for k, v := range values {
		row[k] = v
	}
	return row
}

func TestAPartnersCostExportIsBilledInBothSpellings(t *testing.T) {
	t.Parallel()
	for name, spell := range map[string]func(string) string{
		"as documented": func(c string) string { return c },
		"in capitals":   func(c string) string { return strings.ToUpper(c[:1]) + c[1:] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rules(tenPercent)
			d.imports(d.file("export.csv", mpaExport(spell, mpaRow(nil), mpaRow(map[string]string{"date": "03/06/2026", "costInBillingCurrency": "-2.5", "quantity": "-6", "chargeType": "Refund"}),
				mpaRow(map[string]string{
					"customerTenantId": tenantOf("b"), "customerName": "Beta", "resellerMpnId": "5512345", "resellerName": "Fjord IT", "costInBillingCurrency": "200", "publisherType": "Marketplace",
					"publisherName": "Elsewhere Inc.",
				}))))
			d.complete()
			run := d.run(mar)
			a, b := d.draft(run, "Acme"), d.draft(run, "Beta")
			d.totals(a, "8.31", "1.58", "9.89") // 11.06 (11.055) less 2.75
			d.totals(b, "220.00", "41.80", "261.80")
			if b.Reseller != "5512345" || b.Lines[0].Category != "third party" {
				t.Errorf("reseller %q, category %q", b.Reseller, b.Lines[0].Category)
			}
			d.issueAll(run)
			d.verifies(mar)
		})
	}
}

// The amortized export tells the same money as the actual one: billed beside it, everything would be billed twice.
func TestTheEnterpriseExportsAreBilled(t *testing.T) {
	t.Parallel()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the demonstration tenant's exports are not here")
	}
	file := func(name string) string { return filepath.Join(root, "data", "finops-toolkit", name) }
	september := period.MustMonth("2023-09")
	for name, c := range map[string]struct {
		files []string
		cost  string
	}{
		"actual":    {[]string{file("EA_ActualCost_Small.csv")}, "8.5450077867419368"},
		"amortized": {[]string{file("EA_AmortizedCost_Small.csv")}, "16.296932136636644627"},
		"both":      {[]string{file("EA_ActualCost_Small.csv"), file("EA_AmortizedCost_Small.csv")}, "8.5450077867419368"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rules(tenPercent)
			d.imports(c.files...)
			d.complete()
			run := d.run(september)
			if len(run.Totals) != 1 {
				t.Fatalf("totals: %+v", run.Totals)
			}
			sameAmount(t, "cost", run.Totals[0].Cost, dec(c.cost))
			for _, row := range run.Drafts {
				d.explained(d.show(row.ID))
			}
			d.issueAll(run)
			d.verifies(september)
		})
	}
}
