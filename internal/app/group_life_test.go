package app_test

import (
	"fmt"
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// Charges that are rounded together and taxed apart stand on lines of their own, which sum to the group's amount.
func TestAGroupOfSeveralTaxesHasALineForEach(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(s *billing.Seller) { s.Tax.Rates = map[string]decimal{"licence": dec("7")} })
	d.rules(`{"id":"all","base":"cost","operations":[{"percent":"10"}],"rounding":{"mode":"half-up","scale":2,"level":"group","group":["customer","currency"]}}`)
	d.recon("G000000001", mar, acme("licence", "Plan", "1", "10.05"), acme("azure", "VM", "1", "20.05"), acme("azure", "Disk", "1", "0.04"))
	v := d.draft(d.run(mar), "Acme")
	d.totals(v, "33.15", "4.97", "38.12") // 30.14 x 1.1 = 33.154; 22.09 at 19 %, 11.06 at 7 %
	if len(v.Lines) != 2 || v.Lines[0].Category == v.Lines[1].Category {
		t.Errorf("lines: %+v", v.Lines)
	}
	for _, l := range v.Lines {
		if !l.Grouped || l.Category == "Azure plan" && l.SubscriptionID != "" {
			t.Errorf("a line of a group of two subscriptions names %q", l.SubscriptionID)
		}
	}
	for _, tree := range d.trees() {
		d.wants(tree, "of which a part stands here", "the whole group of 3 charges = 33.15 EUR", "unrounded = 33.154")
	}
	d.issue(v.ID)
	d.verifies(mar)
}

// A line of many charges names the first ones and sums the others up.
func TestALongGroupIsExplainedByItsSum(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rules(`{"id":"all","base":"cost","operations":[{"percent":"10"}],"rounding":{"mode":"half-up","scale":2,"level":"document"}}`)
	var rows []charge
	for i := range 40 {
		rows = append(rows, acme("azure", fmt.Sprintf("VM %d", i), "1", fmt.Sprintf("%d.33", i)))
	}
	d.recon("G000000001", mar, rows...)
	v := d.draft(d.run(mar), "Acme")
	d.totals(v, "872.52", "165.78", "1038.30") // 793.20 x 1.1
	for _, tree := range d.trees() {
		d.wants(tree, "872.52 EUR sum", "15 more charges")
	}
	d.issue(v.ID)
	d.verifies(mar)
}

// A seat change after issue joins its group: one correction of the difference, not one line gone and another new.
func TestAChargeThatJoinsAGroupIsOneCorrection(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rules(`{"id":"seats","select":{"productCategory":"licence"},"base":"cost","rounding":{"mode":"half-up","scale":2,"level":"group","group":["customer","currency","productId"]}}`)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"))
	d.issue(d.draft(d.run(mar), "Acme").ID)
	more := acme("licence", "Plan", "1", "5.00")
	more.Type = "addQuantity"
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), more)
	v := d.draft(d.run(mar), "Acme")
	d.lines(v, "Correction: Plan (billed 30.00, now 35.00): 5.00")
	d.issue(v.ID)
	d.verifies(mar)
}
