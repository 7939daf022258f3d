package billing

import (
	"cmp"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// earned splits the document's lines into what is earned on the day of issue and what is still to be earned, month by
// month. Balances and roundings are no revenue and have accounts of their own.
func (i *Invoice) earned(a Accounts) (now, later []bucket) {
	for k := range i.Lines {
		l := &i.Lines[k]
		b := bucket{account: cmp.Or(a.Revenues[l.Category], a.Revenue), category: l.Category, currency: i.Currency, amount: l.Net}
		switch l.Kind {
		case KindRounding:
			b.account = a.Rounding
			now = append(now, b)
		case KindCarryForward:
			b.account = a.Carried
			now = append(now, b)
		default:
			at, after := l.spread(b, i.IssuedOn)
			now, later = append(now, at), append(later, after...)
		}
	}
	return now, later
}

// spread allocates a line's net by days to the months of its service period. Those that end on the day of issue or
// before it are earned by then.
func (l *Line) spread(b bucket, issued period.Date) (now bucket, later []bucket) {
	if !l.ServiceTo.After(issued) || l.ServiceTo.Before(l.ServiceFrom) {
		return b, nil
	}
	var months []period.Month
	var days []money.Decimal
	for m := l.ServiceFrom.Month(); !m.First().After(l.ServiceTo); m = m.Add(1) {
		from, to := m.First(), m.Last()
		if from.Before(l.ServiceFrom) {
			from = l.ServiceFrom
		}
		if to.After(l.ServiceTo) {
			to = l.ServiceTo
		}
		months, days = append(months, m), append(days, money.FromInt(int64(from.DaysThrough(to))))
	}
	now, now.amount = b, money.Zero
	for k, amount := range money.Allocate(b.amount, days, b.currency.MinorUnits()) {
		part := b
		part.amount, part.month = amount, months[k]
		if months[k].Last().After(issued) {
			later = append(later, part)
		} else {
			now.amount = now.amount.Add(amount)
		}
	}
	return now, later
}

// release posts what was deferred to revenue, at the end of each month.
func (j *journal) release(later []bucket, a Accounts) {
	for _, s := range sumBy(later) {
		j.on = s.month.Last()
		j.post(a.Deferred, "earned in "+s.month.String(), s.category, s.currency, s.amount)
		j.post(s.account, "earned in "+s.month.String(), s.category, s.currency, s.amount.Neg())
	}
	j.on = j.of.IssuedOn
}

// atOnce are the parts without their months.
func atOnce(parts []bucket) []bucket {
	out := make([]bucket, len(parts))
	for i, p := range parts {
		out[i] = bucket{category: p.category, currency: p.currency, amount: p.amount}
	}
	return out
}
