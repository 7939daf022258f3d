package rating

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// The product categories (billing reference B10), the words that price rules select on.
const (
	AzurePlan   = "Azure plan"
	Licence     = "licence"
	Reservation = "reservation"
	SavingsPlan = "savings plan"
	Software    = "software"
	Perpetual   = "perpetual"
	ThirdParty  = "third party"
)

// Category derives what a line is for from its own texts; Microsoft's ProductCategory column is mostly empty and has
// other words. A line described "Azure plan" is Azure plan whoever publishes the product (correction 5).
func Category(l *usage.Line) string {
	term := strings.ToLower(l.TermAndBillingCycle)
	switch {
	case strings.EqualFold(l.SubscriptionDescription, AzurePlan), l.Family == usage.FamilyLegacyUsage:
		return AzurePlan
	case l.Family == usage.FamilyLegacyLicence:
		return Licence
	case l.Family == usage.FamilyCostRow:
		return costRowCategory(l)
	case ThirdPartyPublisher(l.PublisherName) && l.PublisherID != "":
		return ThirdParty
	case strings.Contains(term, "reservation"):
		return Reservation
	case strings.Contains(term, "savings plan"):
		return SavingsPlan
	case strings.Contains(term, "subscription"):
		return Software
	case TermOf(l.TermAndBillingCycle).Duration != "":
		return Licence
	case term == "" && l.ChargeEnd.IsZero():
		return Perpetual
	default:
		return AzurePlan
	}
}

// costRowCategory uses the words that the importer left in ProductCategory for rows that stand for themselves.
func costRowCategory(l *usage.Line) string {
	switch c := strings.ToLower(l.ProductCategory); {
	case strings.Contains(c, "reservation"):
		return Reservation
	case strings.Contains(c, "savings"):
		return SavingsPlan
	case ThirdPartyPublisher(l.PublisherName):
		return ThirdParty
	default:
		return AzurePlan
	}
}

// ThirdPartyPublisher says whether a publisher is named and is not Microsoft.
func ThirdPartyPublisher(name string) bool {
	n := strings.ToLower(strings.TrimSpace(name))
	return n != "" && !strings.HasPrefix(n, "microsoft")
}

// PublisherClass is what rules select on: microsoft or third-party.
func PublisherClass(name string) string {
	if ThirdPartyPublisher(name) {
		return "third-party"
	}
	return "microsoft"
}

// ChargeType is a charge type of billing reference B4 in its canonical spelling.
type ChargeType string

// The charge types.
const (
	ChargeNew               ChargeType = "new"
	ChargeRenew             ChargeType = "renew"
	ChargeCycle             ChargeType = "cycleCharge"
	ChargeAddQuantity       ChargeType = "addQuantity"
	ChargeRemoveQuantity    ChargeType = "removeQuantity"
	ChargeMoveQuantity      ChargeType = "moveQuantity"
	ChargeCancel            ChargeType = "cancelImmediate"
	ChargeConvert           ChargeType = "convert"
	ChargeChangeBillingPlan ChargeType = "changeBillingPlan"
	ChargeCredit            ChargeType = "customerCredit"
	ChargeExtendTerm        ChargeType = "extendTerm"
)

var chargeTypes = map[string]ChargeType{
	"new": ChargeNew, "renew": ChargeRenew, "cyclecharge": ChargeCycle, "addquantity": ChargeAddQuantity,
	"removequantity": ChargeRemoveQuantity, "movequantity": ChargeMoveQuantity, "cancelimmediate": ChargeCancel,
	"convert": ChargeConvert, "changebillingplan": ChargeChangeBillingPlan, "customercredit": ChargeCredit,
	"extendterm": ChargeExtendTerm,
	// The first version of the API used these two words.
	"purchase": ChargeNew, "refund": ChargeCancel, "cancel": ChargeCancel,
}

// ChargeTypeOf gives the canonical spelling, and false for a type that Microsoft has not documented; the text is then
// kept as it is. Legacy and cost rows have vocabularies of their own and are never unknown.
func ChargeTypeOf(l *usage.Line) (ChargeType, bool) {
	if t, ok := chargeTypes[strings.ToLower(strings.TrimSpace(l.ChargeType))]; ok {
		return t, true
	}
	return ChargeType(l.ChargeType), l.Family != usage.FamilyNewCommerce
}

// Metered says whether a line charges usage: its amount follows from a quantity that daily-rated usage repeats.
func Metered(l *usage.Line) bool {
	t, _ := ChargeTypeOf(l)
	return l.Family == usage.FamilyNewCommerce && t != ChargeCredit && Category(l) == AzurePlan
}

// TermOf reads "One-year commitment for monthly billing" and its spellings; the vocabulary is not fixed, so it looks
// for the words (B10, correction 5: without regard to case).
func TermOf(text string) catalog.Term {
	t := strings.ToLower(text)
	head, tail, _ := strings.Cut(t, " for ")
	var term catalog.Term
	switch {
	case hasAny(head, "one-month", "1 month", "1-month"):
		term.Duration = "P1M"
	case hasAny(head, "one-year", "1 year", "1-year"):
		term.Duration = "P1Y"
	case hasAny(head, "three-year", "3 year", "3-year"):
		term.Duration = "P3Y"
	case hasAny(head, "five-year", "5 year", "5-year"):
		term.Duration = "P5Y"
	}
	switch {
	case hasAny(tail, "monthly") || hasAny(head, "monthly billing"):
		term.Plan = "Monthly"
	case hasAny(tail, "one-time", "upfront", "up-front"):
		term.Plan = wholeTerm[term.Duration]
	case hasAny(tail, "trienn", "three-year", "3-year"):
		term.Plan = "Triennial"
	case hasAny(tail, "yearly", "annual"):
		term.Plan = "Annual"
	}
	return term
}

// wholeTerm is the plan that pays a term at once.
var wholeTerm = map[string]string{"P1M": "Monthly", "P1Y": "Annual", "P3Y": "Triennial"}

// LineTerm is a line's term; where its text names no plan, BillingFrequency does (billing reference A5).
func LineTerm(l *usage.Line) catalog.Term {
	term := TermOf(l.TermAndBillingCycle)
	if term.Plan != "" || term.Duration == "" {
		return term
	}
	switch strings.ToLower(l.BillingFrequency) {
	case "monthly":
		term.Plan = "Monthly"
	case "annual", "yearly":
		term.Plan = "Annual"
	case "triennial":
		term.Plan = "Triennial"
	}
	return term
}

func hasAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
