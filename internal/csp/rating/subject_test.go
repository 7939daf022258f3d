package rating_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"github.com/google/go-cmp/cmp"
)

var sameDate = cmp.Comparer(func(a, b period.Date) bool { return a == b })

func subjectOf(r rating.Rated) pricing.Subject {
	s := rating.Selling{Who: func(t string) rating.Who { return rating.Who{CustomerID: "cus " + t, Groups: []string{"gold"}} }}
	return s.Subject(&r)
}

func TestTheSubjectOfALicence(t *testing.T) {
	t.Parallel()
	l := seatLine(byMonth, "2026-03-07", "2026-03-08", "2026-04-06", "10.8", "-10.451612903225806", "39", "-407.61")
	l.ID, l.CustomerID, l.ResellerMpnID, l.SubscriptionID = "line", tenant, "6048879", "sub"
	sheet := catalog.NewSheet([]catalog.PriceRow{seats("10.8", "13.5", "P1M", "Monthly", "Education", "2020-01-01")})
	want := pricing.Subject{
		LineID: "line", TenantID: tenant, CustomerID: "cus " + tenant, CustomerGroups: []string{"gold"}, ResellerMpnID: "6048879", SubscriptionID: "sub",
		ProductCategory: "licence", ProductID: "CFQ7TTC0LH18", SkuID: "0001", Segment: "Education", Term: "P1M", BillingPlan: "Monthly", PublisherClass: "microsoft",
		ChargeType: "addQuantity", Currency: "EUR", On: period.MustDate("2026-03-07"), Cost: d("-407.61"), Retail: d("-509.516129032258064516"), HasRetail: true,
		PurchasePrice: d("-509.516129032258064516"), Quantity: d("-39"), Fraction: d("0.967741935483870968"),
	}
	if diff := cmp.Diff(want, subjectOf(rating.Rate(l, nil, sheet)), sameDate); diff != "" {
		t.Error(diff)
	}
}

// A rule on a meter, tag, benefit or Azure subscription prices a line only where all its usage has it.
func TestTheSubjectOfUsageHoldsWhatAllOfItShares(t *testing.T) {
	t.Parallel()
	one := func(g *usage.Group) {
		g.EntitlementID, g.Tags, g.BenefitType = "azure subscription", `{"env":"prod","owner":"a, b"}`, "Charge"
	}
	other := func(g *usage.Group) { g.MeterID, g.MeterCategory = "another meter", "Storage" }
	for _, c := range []struct {
		name   string
		groups []usage.Group
		want   pricing.Subject
	}{
		{
			"one meter",
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "3", "0.5", one), used("006G", "2026-03-02", "2026-03-02", "7", "0.5", one)},
			pricing.Subject{MeterIDs: []string{"meter-006G"}, MeterCategory: "Virtual Machines", EntitlementID: "azure subscription", BenefitType: "Charge", Tags: []string{"env=prod", "owner=a, b"}},
		},
		{
			"two meters",
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "3", "0.5", one), used("006G", "2026-03-01", "2026-03-31", "7", "0.5", other)},
			pricing.Subject{MeterIDs: []string{"meter-006G", "another meter"}},
		},
		{
			"tags that are no object of texts select nothing",
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "10", "0.5", func(g *usage.Group) { g.Tags = `["env"]` })},
			pricing.Subject{MeterIDs: []string{"meter-006G"}, MeterCategory: "Virtual Machines"},
		},
		{"no usage", nil, pricing.Subject{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := subjectOf(rating.Rate(metered("006G", "0.5", "0.5", "10", "5.00"), pointers(rating.List(c.groups, demoSheet())), demoSheet()))
			got := pricing.Subject{MeterIDs: s.MeterIDs, MeterCategory: s.MeterCategory, EntitlementID: s.EntitlementID, BenefitType: s.BenefitType, Tags: s.Tags}
			if diff := cmp.Diff(c.want, got, sameDate); diff != "" {
				t.Error(diff)
			}
			if s.ProductCategory != "Azure plan" || s.Term != "" || s.On != march.First() || s.Fraction.String() != "1" || s.Quantity.String() != "10" {
				t.Errorf("subject %+v", s)
			}
		})
	}
}

func TestACostRowBringsItsOwnMeter(t *testing.T) {
	t.Parallel()
	row := &usage.Line{Family: usage.FamilyCostRow, MeterID: "m", PublisherName: "Oracle", ChargeType: "Usage", Currency: "USD", Subtotal: d("1")}
	s := subjectOf(rating.Rate(row, nil, demoSheet()))
	if len(s.MeterIDs) != 1 || s.MeterIDs[0] != "m" || s.PublisherClass != "third-party" || s.ProductCategory != "third party" || s.HasRetail {
		t.Errorf("subject %+v", s)
	}
}
