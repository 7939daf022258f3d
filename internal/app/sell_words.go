package app

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

func unitOf(r *rating.Rated) string {
	if r.Category == rating.Licence {
		return "seat"
	}
	return "unit"
}

// groupName is the heading under which an invoice shows a line.
func groupName(r *rating.Rated, rule *pricing.Rule) string {
	switch {
	case rule != nil && rule.DisplayGroup != "":
		return rule.DisplayGroup
	case r.Type == rating.ChargeCredit:
		return "Credits"
	case r.Line.Family == usage.FamilyCostRow:
		return cmp.Or(r.Line.MeterDescription, "Cloud services")
	default:
		return cmp.Or(headings[r.Category], r.Category)
	}
}

// headings are the product categories as an invoice's headings.
var headings = map[string]string{
	rating.AzurePlan: "Azure usage", rating.Licence: "Licences", rating.Reservation: "Reservations", rating.SavingsPlan: "Savings plans",
	rating.Software: "Software subscriptions", rating.Perpetual: "Software", rating.ThirdParty: "Marketplace",
}

// chargeWords say what happened, where the product alone does not.
var chargeWords = map[rating.ChargeType]string{
	rating.ChargeRenew: "renewal", rating.ChargeAddQuantity: "seats added", rating.ChargeRemoveQuantity: "seats removed",
	rating.ChargeMoveQuantity: "seats moved", rating.ChargeCancel: "cancelled", rating.ChargeConvert: "changed product",
	rating.ChargeChangeBillingPlan: "changed billing plan", rating.ChargeExtendTerm: "term extended",
}

// title names what a charge is for; on a reseller's invoice with the customer who used it.
func (s *selling) title(r *rating.Rated, c *rating.Charge, buyer string) string {
	l := r.Line
	name := cmp.Or(l.SkuName, l.ProductName, l.SubscriptionDescription, "Charge")
	if l.ProductName != "" && !strings.Contains(name, l.ProductName) && r.Category == rating.AzurePlan {
		name = l.ProductName + ", " + name
	}
	return s.forBuyer(buyer, c.CustomerID, name)
}

// forBuyer puts the customer before what a reseller is billed for.
func (s *selling) forBuyer(buyer, customerID, text string) string {
	if buyer == customerID {
		return text
	}
	return s.ps.ref(customerID).Name + ": " + text
}

// otherThan is the customer where that is not the buyer.
func (s *selling) otherThan(buyer, customerID string) string {
	if buyer == customerID {
		return ""
	}
	return customerID
}

// eventWords say in brackets what happened and for which part of the cycle; "" where there is nothing to say.
func eventWords(r *rating.Rated) string {
	l := r.Line
	words := chargeWords[r.Type]
	if l.Subtotal.Sign() < 0 && words != "" {
		words += ", refund of the old count"
		if r.Type == rating.ChargeCancel {
			words = "cancelled, refund"
		}
	}
	if r.Type == rating.ChargeCredit {
		words = cmp.Or(l.CreditReasonCode, "credit")
	}
	if r.Up.Share.Days != r.Up.Share.Of {
		words = strings.TrimPrefix(fmt.Sprintf("%s, %d of %d days", words, r.Up.Share.Days, r.Up.Share.Of), ", ")
	}
	if words == "" {
		return ""
	}
	return " (" + words + ")"
}
