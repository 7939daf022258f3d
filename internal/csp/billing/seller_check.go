package billing

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

// Validate reports every setting of the seller that is not in order, with its JSON pointer. What is missing is no
// fault here: ReadyToIssue names it when it is needed.
func (s Seller) Validate() []errs.Field {
	var fields []errs.Field
	unless := func(ok bool, place, format string, args ...any) {
		if !ok {
			fields = append(fields, errs.Field{Place: place, Code: "value", Detail: fmt.Sprintf(format, args...)})
		}
	}
	unless(s.Name != "", "/name", "want the seller's name")
	unless(validCountry(s.Address.Country), "/address/country", "%q: want two letters (ISO 3166-1)", s.Address.Country)
	unless(s.TermsDays >= 0, "/termsDays", "%d is below 0", s.TermsDays)
	unless(slices.Contains([]NegativePolicy{"", NegativeCreditNote, NegativeCarryForward}, s.Negative), "/negativeTotals",
		"%q: want credit-note or carry-forward", s.Negative)
	unless(slices.Contains([]CorrectionPolicy{"", CorrectNextInvoice, CorrectCreditNote}, s.Correction), "/corrections",
		"%q: want next-invoice or credit-note", s.Correction)
	unless(s.InvoiceSeries.Pattern == "" || s.InvoiceSeries.Pattern != s.CreditNoteSeries.Pattern,
		"/creditNoteSeries/pattern", "credit notes need a series of their own")
	fields = append(fields, at("/invoiceSeries", s.InvoiceSeries.Validate())...)
	fields = append(fields, at("/creditNoteSeries", s.CreditNoteSeries.Validate())...)
	fields = append(fields, at("/tax", s.Tax.validate())...)
	for c, limit := range s.Approval.FourEyesAbove {
		unless(c.Valid() && limit.Sign() >= 0, "/approval/fourEyesAbove/"+string(c), "want a currency code and an amount of 0 or more")
	}
	return fields
}

func at(place string, fields []errs.Field) []errs.Field {
	for i := range fields {
		fields[i].Place = place + fields[i].Place
	}
	return fields
}

func validCountry(code string) bool {
	return code == "" || len(code) == 2 && money.Currency(code+"X").Valid()
}

func (p TaxPolicy) validate() []errs.Field {
	var fields []errs.Field
	unless := func(ok bool, place, detail string) {
		if !ok {
			fields = append(fields, errs.Field{Place: place, Code: "value", Detail: detail})
		}
	}
	percent := func(d money.Decimal) bool { return d.Sign() >= 0 && d.Cmp(money.FromInt(100)) <= 0 }
	unless(percent(p.Rate), "/rate", "want 0 to 100 percent")
	for category, rate := range p.Rates {
		unless(percent(rate), "/rates/"+strings.ReplaceAll(category, "/", "~1"), "want 0 to 100 percent")
	}
	for i, c := range p.ReverseCharge {
		unless(len(c) == 2 && validCountry(c), "/reverseCharge/"+strconv.Itoa(i), "want a country's two letters, or EU")
	}
	unless(slices.Contains([]TaxCategory{"", TaxExport, TaxOutOfScope}, p.Export), "/export", "want G or O")
	return fields
}

// maxLogoBytes is the largest logo: it is kept with every document.
const maxLogoBytes = 1 << 20

// DecodeLogo turns the seller's base64 logo into the bytes of a PNG or JPEG; no logo is no bytes. Code: seller.logo.
func DecodeLogo(text string) ([]byte, error) {
	if text == "" {
		return []byte{}, nil
	}
	image, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errs.New(errs.Invalid, "seller.logo", "logo: not base64: %w", err)
	}
	known := strings.HasPrefix(string(image), "\x89PNG\r\n\x1a\n") || strings.HasPrefix(string(image), "\xff\xd8\xff")
	if !known || len(image) > maxLogoBytes {
		return nil, errs.New(errs.Invalid, "seller.logo", "logo: want a PNG or JPEG of at most %d KiB", maxLogoBytes>>10)
	}
	return image, nil
}
