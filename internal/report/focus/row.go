package focus

import (
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// category is FOCUS's ChargeCategory.
type category string

const (
	categoryUsage      category = "Usage"
	categoryPurchase   category = "Purchase"
	categoryTax        category = "Tax"
	categoryCredit     category = "Credit"
	categoryAdjustment category = "Adjustment"
)

// frequency is FOCUS's ChargeFrequency.
type frequency string

const (
	frequencyOneTime   frequency = "One-Time"
	frequencyRecurring frequency = "Recurring"
	frequencyUsage     frequency = "Usage-Based"
)

// row is one charge in FOCUS's words. Amounts are in currency, except those named pricing. Spans are half-open.
type row struct {
	accountID, accountName string
	subAccountID           string
	invoiceID              string
	issuer                 string
	provider               string
	publisher              string
	currency               money.Currency
	periodStart, periodEnd period.Date
	chargeStart, chargeEnd period.Date
	category               category
	class                  string
	description            string
	frequency              frequency
	service                service
	billed                 money.Decimal
	effective              money.Decimal
	contracted             money.Decimal // and list: to this customer, list is what the partner asks
	pricingCurrency        money.Currency
	pricingEffective       money.Decimal
	price                  *price         // nil for taxes and adjustments
	consumed               *money.Decimal // nil unless Usage
	consumedUnit           string
}

// base fills what all rows of a document share.
func base(inv *billing.Invoice, opt Options) row {
	issuer := words(inv.Seller.Name, inv.Seller.LegalName, "unknown")
	account := words(inv.CustomerID, inv.TenantID, inv.ID)
	return row{
		accountID: account, accountName: words(inv.Buyer.Name, account), invoiceID: words(inv.Number), issuer: issuer,
		provider: words(opt.Provider, issuer), publisher: issuer, currency: inv.Currency, pricingCurrency: inv.Currency,
		periodStart: inv.Period.First(), periodEnd: inv.Period.Add(1).First(),
		chargeStart: inv.Period.First(), chargeEnd: inv.Period.Add(1).First(),
	}
}

func lineRow(inv *billing.Invoice, l *billing.Line, opt Options) row {
	r := base(inv, opt)
	r.category = categoryOf(l)
	r.frequency = frequencyOf(l, r.category)
	r.description = words(l.Description, l.Group, l.Category)
	r.subAccountID = words(l.SubscriptionID)
	r.publisher = publisherOf(l, r.issuer)
	r.service = serviceOf(l)
	if !l.ServiceFrom.IsZero() && !l.ServiceTo.IsZero() {
		r.chargeStart, r.chargeEnd = l.ServiceFrom, l.ServiceTo.AddDays(1)
	}
	if l.CorrectsNumber != "" || l.Kind == billing.KindCorrection && l.CorrectsPeriod.Before(inv.Period) {
		r.class = "Correction" // of a charge that was invoiced before: by an issued document, or in an earlier period
	}
	r.billed, r.contracted, r.effective = l.Net, l.Net, l.Net
	if r.category == categoryPurchase {
		r.effective = money.Zero // it covers charges to come (EffectiveCost-C-005)
	}
	r.pricingEffective = r.effective
	rate := money.FromInt(1)
	if x := l.Exchange; x != nil && x.From.Valid() && x.Rate.Sign() > 0 {
		r.pricingCurrency, rate = x.From, x.Rate
		r.pricingEffective = converted(r.effective, rate)
	}
	if r.category == categoryUsage || r.category == categoryPurchase {
		r.price = priceOf(l, rate)
	}
	if r.category == categoryUsage {
		r.consumed, r.consumedUnit = &l.Quantity, unit(l.Unit)
	}
	return r
}

// taxRow is the tax of one category and rate. What of it is effective follows the effective cost of its lines, as the
// specification asks of charges that are calculated from others.
func taxRow(inv *billing.Invoice, t *billing.TaxSubtotal, opt Options) row {
	r := base(inv, opt)
	r.category, r.frequency, r.service = categoryTax, frequencyRecurring, serviceTax
	r.description = words(t.Reason, fmt.Sprintf("Tax %s %s %%", t.Category, t.Rate.Plain()))
	r.billed, r.contracted, r.effective = t.Amount, t.Amount, t.Amount
	var later money.Decimal
	for i := range inv.Lines {
		if l := &inv.Lines[i]; l.Tax == t.Category && l.TaxRate.Equal(t.Rate) && categoryOf(l) == categoryPurchase {
			later = later.Add(l.Net)
		}
	}
	if !later.IsZero() {
		rate := t.Rate.MulExact(money.New(1, -2))
		r.effective = t.Base.Sub(later).MulExact(rate).Round(money.HalfUp, inv.Currency.MinorUnits())
	}
	r.pricingEffective = r.effective
	return r
}

// words is the first text that says something, without what CSV readers or UTF-8 cannot carry.
func words(texts ...string) string {
	for _, s := range texts {
		if s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")); s != "" {
			return s
		}
	}
	return ""
}

// number is a plain decimal: a point, no exponent, no plus sign.
func number(d money.Decimal) string { return d.Fixed(max(d.Trim().Scale(), 0)) }

// instant is a day's first second in UTC.
func instant(d period.Date) string { return d.Time().UTC().Format("2006-01-02T15:04:05Z") }
