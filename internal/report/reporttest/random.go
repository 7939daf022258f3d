package reporttest

import (
	"time"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// Random draws any invoice at all, however little sense it makes: text of every script and length, amounts of every
// size and sign, missing days, unknown states.
func Random(t *rapid.T) *billing.Invoice {
	inv := &billing.Invoice{
		ID: text(t), Number: text(t), Type: rapid.SampledFrom([]billing.Type{billing.TypeInvoice, billing.TypeCreditNote, "", "x"}).Draw(t, "type"),
		State:    billing.State(rapid.SampledFrom([]string{"draft", "issued", "void", "paid", "", "x"}).Draw(t, "state")),
		Period:   period.Month{Year: rapid.IntRange(0, 9999).Draw(t, "year"), Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month"))},
		Estimate: rapid.Bool().Draw(t, "estimate"), HideZeroLines: rapid.Bool().Draw(t, "hide"), CustomerID: text(t), TenantID: text(t),
		ResellerMpnID: text(t), Seller: party(t), Buyer: party(t), Bank: billing.Bank{AccountName: text(t), IBAN: text(t), BIC: text(t)},
		Logo: rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "logo"), BuyerReference: text(t), OrderReference: text(t),
		Currency: money.Currency(rapid.SampledFrom([]string{"EUR", "JPY", "KWD", "", "??"}).Draw(t, "currency")),
		IssuedOn: day(t), DueOn: day(t), Terms: text(t), ServiceFrom: day(t), ServiceTo: day(t),
		Net: amount(t), Tax: amount(t), Gross: amount(t), Paid: amount(t), Reason: text(t),
		Notes: rapid.SliceOfN(rapid.Custom(text), 0, 3).Draw(t, "notes"), ContentHash: text(t), RunID: text(t),
	}
	for range rapid.IntRange(0, 12).Draw(t, "lines") {
		inv.Lines = append(inv.Lines, randomLine(t))
	}
	for range rapid.IntRange(0, 3).Draw(t, "taxes") {
		inv.Taxes = append(inv.Taxes, billing.TaxSubtotal{
			Category: category(t), Rate: amount(t), Base: amount(t), Amount: amount(t), Reason: text(t), Code: text(t),
		})
	}
	for range rapid.IntRange(0, 20).Draw(t, "usage") {
		inv.Usage = append(inv.Usage, billing.UsageSummary{Service: text(t), Meter: text(t), Unit: text(t), Quantity: amount(t), Amount: amount(t)})
	}
	if rapid.Bool().Draw(t, "corrects") {
		inv.Corrects = &billing.Reference{Number: text(t), IssuedOn: day(t)}
	}
	return inv
}

func randomLine(t *rapid.T) billing.Line {
	l := billing.Line{
		N: rapid.Int().Draw(t, "n"), Kind: billing.Kind(text(t)), Category: text(t), Group: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "group"),
		Description: text(t), ServiceFrom: day(t), ServiceTo: day(t), Quantity: amount(t), Unit: text(t), UnitPrice: amount(t), Net: amount(t),
		Cost: amount(t), Retail: amount(t), Tax: category(t), TaxRate: amount(t), SubscriptionID: text(t), RuleID: text(t),
	}
	if rapid.Bool().Draw(t, "exchange") {
		l.Exchange = &billing.Exchange{From: "USD", Amount: amount(t), Rate: amount(t), Source: text(t), On: day(t)}
	}
	return l
}

func text(t *rapid.T) string {
	return rapid.OneOf(
		rapid.Just(""), rapid.String(), rapid.StringN(0, 150, 600), rapid.StringMatching(`[A-Za-zäöüŁ \-/]{0,300}`),
		rapid.SampledFrom([]string{"=1+1", "株式会社サンプル", "שלום 12", "\x00\xff\n", "<&>\"'", "\\)(", "🙂"}),
	).Draw(t, "text")
}

func amount(t *rapid.T) money.Decimal {
	return money.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-30, 12).Draw(t, "exponent"))
}

func day(t *rapid.T) period.Date {
	if rapid.Bool().Draw(t, "no day") {
		return period.Date{}
	}
	return period.FromUnixDays(rapid.Int32Range(-100000, 200000).Draw(t, "day"))
}

func category(t *rapid.T) billing.TaxCategory {
	return rapid.SampledFrom([]billing.TaxCategory{"S", "Z", "E", "AE", "G", "O", "K", "", "x"}).Draw(t, "category")
}

func party(t *rapid.T) billing.Party {
	return billing.Party{
		Name: text(t), LegalName: text(t), VATID: text(t), CompanyID: text(t),
		Address: billing.Address{Street: text(t), City: text(t), PostalCode: text(t), Region: text(t), Country: text(t)},
		Contact: billing.Contact{Name: text(t), Phone: text(t), Email: text(t)},
	}
}
