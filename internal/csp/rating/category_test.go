package rating_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Billing reference B10 with correction 5.
func TestCategoryOfEveryKindOfLine(t *testing.T) {
	t.Parallel()
	ends := period.MustDate("2026-03-31")
	for _, c := range []struct {
		name, want string
		line       usage.Line
	}{
		{"Azure plan", rating.AzurePlan, usage.Line{SubscriptionDescription: "Azure plan", ChargeEnd: ends}},
		{"a third party's meter under an Azure plan", rating.AzurePlan, usage.Line{SubscriptionDescription: "AZURE PLAN", PublisherName: "Contoso ISV", PublisherID: "1", ChargeEnd: ends}},
		{"a third party's product", rating.ThirdParty, usage.Line{PublisherName: "Contoso ISV", PublisherID: "1", TermAndBillingCycle: "1 Month Subscription"}},
		{"a third party without an id falls to its term", rating.Software, usage.Line{PublisherName: "Contoso ISV", TermAndBillingCycle: "1 Month Subscription"}},
		{"Microsoft under its full name", rating.Licence, usage.Line{PublisherName: "Microsoft Corporation", PublisherID: "1", TermAndBillingCycle: "One-Month commitment for monthly billing"}},
		{"a reservation", rating.Reservation, usage.Line{TermAndBillingCycle: "1 Year Reservation"}},
		{"a savings plan", rating.SavingsPlan, usage.Line{TermAndBillingCycle: "3 Year Savings Plan, monthly billing"}},
		{"a software subscription", rating.Software, usage.Line{TermAndBillingCycle: "3 Year Subscription"}},
		{"a licence, in capitals", rating.Licence, usage.Line{TermAndBillingCycle: "ONE-YEAR COMMITMENT FOR YEARLY BILLING"}},
		{"a licence for three years", rating.Licence, usage.Line{TermAndBillingCycle: "Three-Year commitment for monthly billing"}},
		{"perpetual software", rating.Perpetual, usage.Line{}},
		{"the remainder", rating.AzurePlan, usage.Line{ChargeEnd: ends}},
		{"a term nobody knows", rating.AzurePlan, usage.Line{TermAndBillingCycle: "Quarterly"}},
		{"legacy usage", rating.AzurePlan, usage.Line{Family: usage.FamilyLegacyUsage}},
		{"legacy licences", rating.Licence, usage.Line{Family: usage.FamilyLegacyLicence}},
		{"a cost row", rating.AzurePlan, usage.Line{Family: usage.FamilyCostRow, PublisherName: "Microsoft"}},
		{"a cost row of a reservation", rating.Reservation, usage.Line{Family: usage.FamilyCostRow, ProductCategory: "Reservation purchase"}},
		{"a cost row of a savings plan", rating.SavingsPlan, usage.Line{Family: usage.FamilyCostRow, ProductCategory: "SavingsPlan"}},
		{"a cost row of another provider", rating.ThirdParty, usage.Line{Family: usage.FamilyCostRow, PublisherName: "Oracle"}},
	} {
		if c.line.Family == "" {
			c.line.Family = usage.FamilyNewCommerce
		}
		if got := rating.Category(&c.line); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTermSpellings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]catalog.Term{
		"One-Month commitment for monthly billing":    {Duration: "P1M", Plan: "Monthly"},
		"one-month Commitment For Monthly Billing":    {Duration: "P1M", Plan: "Monthly"},
		"One-Year commitment for monthly billing":     {Duration: "P1Y", Plan: "Monthly"},
		"One-Year commitment for yearly billing":      {Duration: "P1Y", Plan: "Annual"},
		"One-Year commitment for annual billing":      {Duration: "P1Y", Plan: "Annual"},
		"1 Year commitment for yearly billing":        {Duration: "P1Y", Plan: "Annual"},
		"One-Year commitment for one-time billing":    {Duration: "P1Y", Plan: "Annual"},
		"Three-Year commitment for monthly billing":   {Duration: "P3Y", Plan: "Monthly"},
		"Three-Year commitment for yearly billing":    {Duration: "P3Y", Plan: "Annual"},
		"Three-Year commitment for triennial billing": {Duration: "P3Y", Plan: "Triennial"},
		"Three-3 Years commitment for 3-year billing": {Duration: "P3Y", Plan: "Triennial"},
		"Three-Year commitment for one-time billing":  {Duration: "P3Y", Plan: "Triennial"},
		"1 Year Savings Plan, monthly billing":        {Duration: "P1Y", Plan: "Monthly"},
		"1 Year Reservation":                          {Duration: "P1Y"},
		"5 Year Reservation":                          {Duration: "P5Y"},
		"1 Month Subscription":                        {Duration: "P1M"},
		"Quarterly":                                   {},
		"":                                            {},
	} {
		if got := rating.TermOf(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestLineTermTakesThePlanFromTheFrequency(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, frequency, plan string
	}{
		{"One-Year commitment for yearly billing", "Monthly", "Annual"},
		{"1 Year Reservation", "Monthly", "Monthly"},
		{"1 Year Reservation", "annual", "Annual"},
		{"3 Year Reservation", "Triennial", "Triennial"},
		{"1 Year Reservation", "", ""},
		{"", "Monthly", ""},
	} {
		l := &usage.Line{TermAndBillingCycle: c.text, BillingFrequency: c.frequency}
		if got := rating.LineTerm(l).Plan; got != c.plan {
			t.Errorf("%q, %q: plan %q, want %q", c.text, c.frequency, got, c.plan)
		}
	}
}

func TestChargeTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		family usage.Family
		want   rating.ChargeType
		known  bool
	}{
		{"new", usage.FamilyNewCommerce, rating.ChargeNew, true},
		{" New ", usage.FamilyNewCommerce, rating.ChargeNew, true},
		{"Purchase", usage.FamilyNewCommerce, rating.ChargeNew, true},
		{"Refund", usage.FamilyNewCommerce, rating.ChargeCancel, true},
		{"CANCELIMMEDIATE", usage.FamilyNewCommerce, rating.ChargeCancel, true},
		{"cyclecharge", usage.FamilyNewCommerce, rating.ChargeCycle, true},
		{"renew", usage.FamilyNewCommerce, rating.ChargeRenew, true},
		{"addQuantity", usage.FamilyNewCommerce, rating.ChargeAddQuantity, true},
		{"removeQuantity", usage.FamilyNewCommerce, rating.ChargeRemoveQuantity, true},
		{"moveQuantity", usage.FamilyNewCommerce, rating.ChargeMoveQuantity, true},
		{"convert", usage.FamilyNewCommerce, rating.ChargeConvert, true},
		{"changeBillingPlan", usage.FamilyNewCommerce, rating.ChargeChangeBillingPlan, true},
		{"customerCredit", usage.FamilyNewCommerce, rating.ChargeCredit, true},
		{"extendTerm", usage.FamilyNewCommerce, rating.ChargeExtendTerm, true},
		{"surchargeFee", usage.FamilyNewCommerce, "surchargeFee", false},
		{"", usage.FamilyNewCommerce, "", false},
		{"Purchase fee", usage.FamilyLegacyLicence, "Purchase fee", true},
		{"Usage", usage.FamilyCostRow, "Usage", true},
	} {
		got, known := rating.ChargeTypeOf(&usage.Line{ChargeType: c.text, Family: c.family})
		if got != c.want || known != c.known {
			t.Errorf("%q of %s: %s, known %v; want %s, %v", c.text, c.family, got, known, c.want, c.known)
		}
	}
}

func TestOnlyNewCommerceUsageIsMetered(t *testing.T) {
	t.Parallel()
	plan := usage.Line{Family: usage.FamilyNewCommerce, SubscriptionDescription: "Azure plan", ChargeType: "new"}
	credit, legacy, seat := plan, plan, plan
	credit.ChargeType, legacy.Family = "customerCredit", usage.FamilyLegacyUsage
	seat.SubscriptionDescription, seat.TermAndBillingCycle = "", "One-month commitment for monthly billing"
	for name, c := range map[string]struct {
		line usage.Line
		want bool
	}{"a meter": {plan, true}, "a credit": {credit, false}, "legacy usage": {legacy, false}, "a seat": {seat, false}} {
		if got := rating.Metered(&c.line); got != c.want {
			t.Errorf("%s: metered %v, want %v", name, got, c.want)
		}
	}
}

func TestPriceAdjustments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, pec, promotion string
		has                  bool
	}{
		{`["15.0% Partner earned credit for services managed"]`, "15", "0", true},
		{`["100.0% Tier 1 Discount","15.0% Partner earned credit for services managed"]`, "15", "0", true},
		{`["15.0% Partner earned credit for services managed","100.0% Tier 1 Discount"]`, "15", "0", true},
		{`["10.0% partner earned credit"]`, "10", "0", true},
		{`["Partner earned credit for services managed"]`, "15", "0", true},
		{`["100.0% Tier 1 Discount"]`, "0", "0", false},
		{`["10.0% Promotion"]`, "0", "10", false},
		{`["12.5% Microsoft 365 launch promotion"]`, "0", "12.5", false},
		{"", "0", "0", false},
	} {
		l := &usage.Line{PriceAdjustment: c.text}
		if rating.HasPEC(l) != c.has || !rating.StatedPEC(l).Equal(d(c.pec)) || !rating.Promotion(c.text).Equal(d(c.promotion)) {
			t.Errorf("%s: credit %v %s, promotion %s", c.text, rating.HasPEC(l), rating.StatedPEC(l), rating.Promotion(c.text))
		}
	}
}
