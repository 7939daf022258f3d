package billing

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
)

func TestSellerReportsEverySettingAtFault(t *testing.T) {
	t.Parallel()
	if faults := testSeller().Validate(); len(faults) != 0 {
		t.Fatalf("a good seller has faults: %v", faults)
	}
	s := Seller{
		TermsDays: -1, Negative: "keep", Correction: "never",
		InvoiceSeries: NumberSeries{Pattern: "R{year}"}, CreditNoteSeries: NumberSeries{Pattern: "R{year}"},
		Tax:      TaxPolicy{Rate: dec("119"), ReverseCharge: []string{"Austria"}, Export: "X"},
		Approval: ApprovalPolicy{FourEyesAbove: map[money.Currency]money.Decimal{"euro": dec("1")}},
	}
	s.Address.Country = "Germany"
	var places []string
	for _, f := range s.Validate() {
		places = append(places, f.Place)
	}
	want := "/name /address/country /termsDays /negativeTotals /corrections /creditNoteSeries/pattern " +
		"/invoiceSeries/pattern /creditNoteSeries/pattern /tax/rate /tax/reverseCharge/0 /tax/export /approval/fourEyesAbove/euro"

	got := strings.Join(places, " ")
	for _, place := range strings.Fields(want) {
		if !strings.Contains(got, place) {
			t.Errorf("%s is not among %s", place, got)
		}
	}
}

func TestLogoIsAnImage(t *testing.T) {
	t.Parallel()
	png := "\x89PNG\r\n\x1a\nrest"
	image, err := DecodeLogo(base64.StdEncoding.EncodeToString([]byte(png)))
	if err != nil || string(image) != png {
		t.Errorf("png: %q %v", image, err)
	}
	for _, bad := range []string{"not base64!", base64.StdEncoding.EncodeToString([]byte("<svg/>"))} {
		_, err := DecodeLogo(bad)
		wantCode(t, err, "seller.logo")
	}
}
