package synth

import "github.com/chandler-csp/chandler/internal/core/money"

// credits grants what Microsoft gives back: on the invoice itself, and on a credit note of its own (B8, D07). One of
// them is larger than what its customer bought, so that a customer's month may be negative.
func (b *builder) credits() {
	for i, inv := range b.invoices {
		plans := b.plansOf(inv)
		if len(plans) == 0 {
			continue
		}
		if b.has(Credits) {
			b.credit(pick(b.seats, plans), b.euros(inv, 3, 40), "SLA credit")
			if last := plans[len(plans)-1]; i == 0 && b.seats.chance(60) {
				b.credit(last, b.boughtBy(last.customer, inv).Add(b.euros(inv, 10, 60)), "Azure Credit Offer")
			}
		}
		if inv.note != "" {
			p := pick(b.seats, plans)
			for range b.seats.between(1, 3) {
				b.credit(p, b.euros(inv, 2, 30), "Billing adjustment").note = true
			}
		}
	}
	for _, inv := range b.invoices {
		if inv.note != "" && len(b.plansOf(inv)) == 0 {
			inv.note = "" // a note needs a line
		}
	}
}

func (b *builder) plansOf(inv *invoice) []*plan {
	var list []*plan
	for _, p := range b.plans {
		if p.invoice == inv {
			list = append(list, p)
		}
	}
	return list
}

// boughtBy is what a customer's lines of an invoice sum to.
func (b *builder) boughtBy(k *customer, inv *invoice) money.Decimal {
	var sum money.Decimal
	for _, l := range inv.lines {
		if l.customer == k {
			sum = sum.Add(l.subtotal)
		}
	}
	return money.Max(sum, money.Zero)
}

// credit writes a customerCredit line of that much.
func (b *builder) credit(p *plan, amount money.Decimal, reason string) *line {
	l := b.newLine(p.invoice, p.customer, p.reseller, b.seats.day(b.Period, 4, 28))
	l.kind, l.chargeType, l.publisher, l.creditReason = kindCredit, "customerCredit", microsoft, reason
	l.productName, l.skuName, l.productCategory = "Azure credit", "Azure credit", "Azure"
	l.subscriptionDescription, l.subscriptionID = kindAzure, p.id
	l.chargeStart, l.chargeEnd = b.Period.First(), b.Period.Last()
	l.single(amount.Trim().Neg())
	return l
}
