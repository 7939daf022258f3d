package focus

import (
	"bytes"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
)

func TestAChargeInFocusWords(t *testing.T) {
	t.Parallel()
	l := sell("Azure plan", "158.77")
	l.Quantity, l.MeterID = dec("744"), "m-1"
	rows := records(t, issued("R-1", march, l), Options{})
	want := map[string]string{
		"BilledCost": "158.77", "BillingAccountId": "cus_1", "BillingAccountName": "Muller KG", "x_BillingAccountName": "Müller KG", "x_InvoiceIssuerName": "Nordlicht Cloud", "BillingAccountType": "Customer",
		"BillingCurrency": "EUR", "BillingPeriodStart": "2026-03-01T00:00:00Z", "BillingPeriodEnd": "2026-04-01T00:00:00Z",
		"ChargeCategory": "Usage", "ChargeClass": "", "ChargeDescription": "Virtual Machines, D4s v5", "x_ChargeDescription": "Virtual Machines, D4s v5", "ChargeFrequency": "Usage-Based",
		"ChargePeriodStart": "2026-03-01T00:00:00Z", "ChargePeriodEnd": "2026-04-01T00:00:00Z", "ConsumedQuantity": "744", "ConsumedUnit": "Hour",
		"ContractedCost": "158.77", "ContractedUnitPrice": "158.77", "EffectiveCost": "158.77", "InvoiceId": "R-1EUR",
		"InvoiceIssuerName": "Nordlicht Cloud", "ListCost": "158.77", "ListUnitPrice": "158.77", "PricingCategory": "Standard",
		"PricingCurrency": "EUR", "PricingCurrencyContractedUnitPrice": "158.77", "PricingCurrencyEffectiveCost": "158.77",
		"PricingCurrencyListUnitPrice": "158.77", "PricingQuantity": "1", "PricingUnit": "Charges", "ProviderName": "Nordlicht Cloud",
		"PublisherName": "Microsoft", "ServiceCategory": "Compute", "ServiceName": "Virtual Machines", "ServiceSubcategory": "Virtual Machines",
		"SkuId": "DZH318Z0BQ35:0004", "SkuMeter": "m-1", "SkuPriceId": "DZH318Z0BQ35:0004",
		"SubAccountId": "5f2b6c1e-8a55-4d0c-9a57-0d7d2f0a9c11", "SubAccountName": "5f2b6c1e-8a55-4d0c-9a57-0d7d2f0a9c11", "SubAccountType": "Subscription",
	}
	wantRow(t, rows[0], want)
}

func wantRow(t *testing.T, row, want map[string]string) {
	t.Helper()
	for _, c := range Columns() {
		if row[c] != want[c] {
			t.Errorf("%s = %q, want %q", c, row[c], want[c])
		}
	}
}

func TestTaxIsARowOfItsOwn(t *testing.T) {
	t.Parallel()
	rows := records(t, issued("R-1", march, sell("licence", "100.00"), sell("reservation", "50.00")), Options{})
	if len(rows) != 3 {
		t.Fatalf("%d rows, want two lines and their tax", len(rows))
	}
	wantRow(t, rows[2], map[string]string{
		"BilledCost": "28.5", "BillingAccountId": "cus_1", "BillingAccountName": "Muller KG", "x_BillingAccountName": "Müller KG", "x_InvoiceIssuerName": "Nordlicht Cloud", "BillingAccountType": "Customer",
		"BillingCurrency": "EUR", "BillingPeriodStart": "2026-03-01T00:00:00Z", "BillingPeriodEnd": "2026-04-01T00:00:00Z",
		"ChargeCategory": "Tax", "ChargeDescription": "Tax S 19 %", "x_ChargeDescription": "Tax S 19 %", "ChargeFrequency": "Recurring",
		"ChargePeriodStart": "2026-03-01T00:00:00Z", "ChargePeriodEnd": "2026-04-01T00:00:00Z",
		"ContractedCost": "28.5", "EffectiveCost": "19", "InvoiceId": "R-1EUR", "InvoiceIssuerName": "Nordlicht Cloud", "ListCost": "28.5",
		"PricingCurrency": "EUR", "PricingCurrencyEffectiveCost": "19", "ProviderName": "Nordlicht Cloud", "PublisherName": "Nordlicht Cloud",
		"ServiceCategory": "Other", "ServiceName": "Tax", "ServiceSubcategory": "Other (Other)",
	})
}

func TestCategoryFollowsTheLine(t *testing.T) {
	t.Parallel()
	correction := sell("Azure plan", "-5.00")
	correction.Kind, correction.CorrectsPeriod = billing.KindCorrection, march.Add(-1)
	same := sell("Azure plan", "-5.00")
	same.Kind, same.CorrectsPeriod = billing.KindCorrection, march
	goodwill := sell("Azure plan", "-5.00")
	goodwill.ChargeType = "customerCredit"
	carried := sell("carried forward", "-5.00")
	carried.Kind = billing.KindCarryForward
	own := sell("service", "5.00")
	own.Kind = billing.KindService
	for name, c := range map[string]struct {
		line billing.SellLine
		want string // category, class, frequency, publisher, effective cost
	}{
		"usage":                            {sell("Azure plan", "5.00"), "Usage||Usage-Based|Microsoft|5"},
		"a refund keeps its category":      {sell("Azure plan", "-5.00"), "Usage||Usage-Based|Microsoft|-5"},
		"a licence":                        {sell("licence", "5.00"), "Usage||Recurring|Microsoft|5"},
		"a perpetual licence":              {sell("perpetual", "5.00"), "Usage||One-Time|Microsoft|5"},
		"a reservation covers what comes":  {sell("reservation", "5.00"), "Purchase||Recurring|Microsoft|0"},
		"a savings plan":                   {sell("savings plan", "5.00"), "Purchase||Recurring|Microsoft|0"},
		"a marketplace product":            {sell("third party", "5.00"), "Usage||Recurring|Third party|5"},
		"a service of the partner's":       {own, "Usage||Recurring|Nordlicht Cloud|5"},
		"a correction of an earlier month": {correction, "Usage|Correction|Usage-Based|Microsoft|-5"},
		"a correction of the same month":   {same, "Usage||Usage-Based|Microsoft|-5"},
		"goodwill of Microsoft's":          {goodwill, "Credit||One-Time|Microsoft|-5"},
		"a balance carried forward":        {carried, "Adjustment||One-Time|Microsoft|-5"},
	} {
		r := records(t, issued("R-1", march, c.line), Options{})[0]
		got := strings.Join([]string{r["ChargeCategory"], r["ChargeClass"], r["ChargeFrequency"], r["PublisherName"], r["EffectiveCost"]}, "|")
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestPriceTimesQuantityIsTheCost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ net, quantity, wantPrice, wantQuantity, wantUnit string }{
		{"120.00", "10", "12", "10", "seat"},
		{"-120.00", "-10", "12", "-10", "seat"},
		{"0.01", "3", "0.01", "1", "Charges"},
		{"-0.01", "-3", "0.01", "-1", "Charges"},
		{"0.00", "744", "0", "744", "seat"},
		{"1.00", "1024", "0.0009765625", "1024", "seat"},
	} {
		l := sell("licence", c.net)
		l.Quantity, l.Unit = dec(c.quantity), "seat"
		r := records(t, issued("R-1", march, l), Options{})[0]
		if r["ListUnitPrice"] != c.wantPrice || r["PricingQuantity"] != c.wantQuantity || r["PricingUnit"] != c.wantUnit {
			t.Errorf("%s for %s: %s x %s %s", c.net, c.quantity, r["ListUnitPrice"], r["PricingQuantity"], r["PricingUnit"])
		}
	}
}

func TestConvertedPricesNameTheirCurrency(t *testing.T) {
	t.Parallel()
	l := sell("Azure plan", "50.00")
	l.Exchange = &billing.Exchange{From: "USD", Amount: dec("7162534435261.69"), Rate: dec("0.8"), Source: "Microsoft", On: march.First()}
	r := records(t, issued("R-1", march, l), Options{})[0]
	if r["PricingCurrency"] != "USD" || r["PricingCurrencyListUnitPrice"] != "62.5" || r["PricingCurrencyEffectiveCost"] != "62.5" || r["BillingCurrency"] != "EUR" {
		t.Errorf("row %v", r)
	}
}

func TestWhatIsNotWritten(t *testing.T) {
	t.Parallel()
	docs := issued("R-1", march, sell("Azure plan", "1.00"))
	draft, void := docs[0], docs[0]
	draft.Number, draft.State, void.State = "", billing.StateDraft, billing.StateVoid
	rows := records(t, []billing.Invoice{draft, void}, Options{Provider: "Microsoft"})
	if len(rows) != 2 || rows[0]["InvoiceId"] != "" || rows[0]["ProviderName"] != "Microsoft" {
		t.Errorf("a draft has no InvoiceId and a void document no row: %v", rows)
	}
	if got := len(Columns()); got != 57+3 {
		t.Errorf("%d columns, want the 57 of FOCUS 1.2 and 3 of ours", got)
	}
	var b bytes.Buffer
	if err := Write(&b, nil, Options{}); err != nil || strings.Count(b.String(), "\n") != 1 {
		t.Errorf("without documents: %v %q", err, b.String())
	}
}

func TestADocumentThatDoesNotAddUpIsRefused(t *testing.T) {
	t.Parallel()
	docs := issued("R-1", march, sell("Azure plan", "1.00"))
	docs[0].Gross = dec("1.20")
	var b bytes.Buffer
	if err := Write(&b, docs, Options{}); errs.CodeOf(err) != "focus.total_differs" || !strings.Contains(err.Error(), "R-1EUR") {
		t.Errorf("got %v", err)
	}
}

func TestSamplesOfTheOtherFormats(t *testing.T) {
	t.Parallel()
	docs := []billing.Invoice{*reporttest.March(), *reporttest.Credit()}
	rows := records(t, docs, Options{})
	if len(rows) != 7 || rows[5]["BilledCost"] != "-1158.77" || rows[6]["BilledCost"] != "-220.17" {
		t.Errorf("rows %v", rows)
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1 Hour": "Hour", "100 Hours": "100 Hours", "1 GB/Month": "GB/Month", "10,000 Transactions": "10000 Transactions",
		"100 GB/Month": "100 GB Month", "seat": "seat", "": "Units", "€": "Units", " 1  Hour ": "Hour", "10K (LRS)": "Units",
		"GB-Hours": "GB-Hours", "Requests/3 Months": "Requests/3 Months",
	} {
		if got := unit(in); got != want {
			t.Errorf("unit(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNamesInTheLettersThatTheSpecificationTakes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "", "Contoso": "Contoso", "Müller, Söhne & Co. KG": "Muller, Sohne & Co. KG", "Łódź Sp. z o.o.": "Lodz Sp. z o.o.", "株式会社": "Zhu Shi Hui She",
		"Ελληνική": "Ellenike", "\U0001F56F": `\U0001f56f`,
	} {
		if got := ascii(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
