package recon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// duplicateChecks finds lines that are equal in every field. Equal lines are legal; they are a finding where the
// invoice or the usage shows that one of them is too many.
func (c *checker) duplicateChecks() {
	seen := map[string]*usage.Line{}
	for _, l := range c.in.Raw {
		if l.Family == usage.FamilyCostRow {
			continue
		}
		k := roughly(l)
		first := seen[k]
		if first == nil {
			seen[k] = l
			continue
		}
		if content(first) != content(l) {
			continue
		}
		f := lineFault("L1", Duplicate, l, amount(l.Total), place(l, "", "the same line as %s:%d", first.Place.File, first.Place.Line),
			"a line of "+name(l)+" stands twice", l.Total.Neg())
		f.tentative, c.twice[l] = true, f
		c.add(l.InvoiceNumber, f)
	}
}

// roughly is a cheap key that equal lines share.
func roughly(l *usage.Line) string {
	return strings.Join([]string{
		l.InvoiceNumber, l.SubscriptionID, l.ProductID, l.SkuID, l.AvailabilityID, l.AlternateID,
		l.OrderID, l.ReferenceID, l.ChargeType, l.Subtotal.Plain(), l.BillableQuantity.Plain(), l.ChargeStart.String(),
	}, "|")
}

// content is a line without what differs by its place.
func content(l *usage.Line) string {
	copied := *l
	copied.ID, copied.DataSet, copied.Place = "", "", usage.Place{}
	return fmt.Sprintf("%+v", copied)
}

// tenantChecks: all lines of a subscription name one tenant.
func (c *checker) tenantChecks() {
	tenants := map[string]map[string]int{}
	for _, l := range c.in.Raw {
		if l.SubscriptionID != "" && l.CustomerID != "" && l.Family != usage.FamilyCostRow {
			if tenants[l.SubscriptionID] == nil {
				tenants[l.SubscriptionID] = map[string]int{}
			}
			tenants[l.SubscriptionID][l.CustomerID]++
		}
	}
	for _, l := range c.in.Raw {
		of := tenants[l.SubscriptionID]
		if len(of) < 2 || c.blamed[l] || l.Family == usage.FamilyCostRow {
			continue
		}
		most := slices.MaxFunc(slices.Sorted(maps.Keys(of)), func(a, b string) int {
			return cmp.Or(cmp.Compare(of[a], of[b]), cmp.Compare(c.linesOf(a), c.linesOf(b)))
		})
		if l.CustomerID == most || l.CustomerID == "" {
			continue
		}
		c.blamed[l] = true
		f := lineFault("L4", Customer, l, amount(l.Subtotal), place(l, "CustomerId", "%s", l.CustomerID),
			fmt.Sprintf("a line of subscription %s names tenant %s, the others %s", l.SubscriptionID, l.CustomerID, most))
		f.group = l.CustomerID + " for " + most
		c.add(l.InvoiceNumber, f)
	}
}

// linesOf counts a tenant's lines: of two tenants that a subscription names as often, the one with more lines is its own.
func (c *checker) linesOf(tenant string) int {
	n := 0
	for _, l := range c.in.Raw {
		if l.CustomerID == tenant {
			n++
		}
	}
	return n
}
