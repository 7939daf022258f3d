package billing

import (
	"cmp"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Accounts names the ledger accounts of the journal export. Empty fields take the names of DefaultAccounts.
type Accounts struct {
	Receivable string            `json:"receivable,omitempty"`
	Revenue    string            `json:"revenue,omitempty"`
	Revenues   map[string]string `json:"revenues,omitempty"` // by product category, where it differs
	Tax        string            `json:"tax,omitempty"`
	Rounding   string            `json:"rounding,omitempty"`
	Carried    string            `json:"carried,omitempty"` // balances carried forward from earlier periods
	Cost       string            `json:"cost,omitempty"`
	Accrual    string            `json:"accrual,omitempty"`  // what is owed to Microsoft for it
	Deferred   string            `json:"deferred,omitempty"` // revenue of days that are still to come
}

// DefaultAccounts are plain names, for a ledger that maps them.
func DefaultAccounts() Accounts {
	return Accounts{
		Receivable: "accounts-receivable", Revenue: "revenue", Tax: "vat-payable", Rounding: "rounding",
		Carried: "carried-forward", Cost: "cost-of-sales", Accrual: "upstream-accrual",
		Deferred: "deferred-revenue",
	}
}

func (a Accounts) orDefault() Accounts {
	d := DefaultAccounts()
	return Accounts{
		cmp.Or(a.Receivable, d.Receivable), cmp.Or(a.Revenue, d.Revenue), a.Revenues, cmp.Or(a.Tax, d.Tax),
		cmp.Or(a.Rounding, d.Rounding), cmp.Or(a.Carried, d.Carried), cmp.Or(a.Cost, d.Cost), cmp.Or(a.Accrual, d.Accrual),
		cmp.Or(a.Deferred, d.Deferred),
	}
}

// Entry is one posting of a journal. Exactly one of Debit and Credit is above 0, neither is below.
type Entry struct {
	Number   string         `json:"number"` // document
	On       period.Date    `json:"on"`
	Account  string         `json:"account"`
	Words    string         `json:"words"`
	Customer string         `json:"customer_id"`
	Category string         `json:"category,omitempty"` // product category, or tax category and rate
	Debit    money.Decimal  `json:"debit"`
	Credit   money.Decimal  `json:"credit"`
	Currency money.Currency `json:"currency"`
}

// Journal makes the postings of an issued document: receivable against revenue by category, tax by category and rate,
// rounding; and the cost of what was sold against the accrual for Microsoft, in the currency of the cost. What was paid
// for months that end after the day of issue is deferred by day, and released at the end of each of them. Debits equal
// credits in every currency and on every day. Code: journal.not_issued.
func Journal(i Invoice, a Accounts) ([]Entry, error) {
	if i.Number == "" || i.State == StateVoid {
		return nil, errs.New(errs.Precondition, "journal.not_issued", "%s is %s: only issued documents are posted", i.Name(), i.State)
	}
	a = a.orDefault()
	j := journal{of: i, on: i.IssuedOn}
	j.post(a.Receivable, string(i.Type), "", i.Currency, i.Gross)
	now, later := i.earned(a)
	for _, s := range sumBy(now) {
		j.post(s.account, "sale", s.category, i.Currency, s.amount.Neg())
	}
	for _, s := range sumBy(atOnce(later)) {
		j.post(a.Deferred, "deferred sale", s.category, i.Currency, s.amount.Neg())
	}
	for _, t := range i.Taxes {
		j.post(a.Tax, "tax", string(t.Category)+" "+t.Rate.Plain()+" %", i.Currency, t.Amount.Neg())
	}
	for _, s := range sumCosts(i.Lines, i.Currency) {
		s.amount = s.amount.Round(money.HalfUp, s.currency.MinorUnits()) // a row of FOCUS may cost parts of a cent
		j.post(a.Cost, "cost", s.category, s.currency, s.amount)
		j.post(a.Accrual, "cost", s.category, s.currency, s.amount.Neg())
	}
	j.release(later, a)
	return j.entries, nil
}

type journal struct {
	of      Invoice
	on      period.Date
	entries []Entry
}

// post debits a positive amount and credits a negative one; 0 is not posted.
func (j *journal) post(account, words, category string, c money.Currency, amount money.Decimal) {
	if amount.IsZero() {
		return
	}
	e := Entry{
		Number: j.of.Number, On: j.on, Account: account, Words: words, Customer: j.of.CustomerID,
		Category: category, Currency: c,
	}
	e.Debit, e.Credit = exactly(money.Zero, c), exactly(money.Zero, c)
	if amount.Sign() > 0 {
		e.Debit = exactly(amount, c)
	} else {
		e.Credit = exactly(amount.Neg(), c)
	}
	j.entries = append(j.entries, e)
}

// bucket is a sum by account, category, currency and the month in which it is earned; no month is at once.
type bucket struct {
	account, category string
	currency          money.Currency
	month             period.Month
	amount            money.Decimal
}

func sumBy(parts []bucket) []bucket {
	at := map[bucket]int{}
	var list []bucket
	for _, b := range parts {
		key := bucket{account: b.account, category: b.category, currency: b.currency, month: b.month}
		k, ok := at[key]
		if !ok {
			k = len(list)
			at[key], list = k, append(list, key)
		}
		list[k].amount = list[k].amount.Add(b.amount)
	}
	slices.SortFunc(list, func(x, y bucket) int {
		return cmp.Or(x.month.First().Compare(y.month.First()), cmp.Compare(x.account, y.account), cmp.Compare(x.category, y.category), cmp.Compare(x.currency, y.currency))
	})
	return list
}

func sumCosts(lines []Line, c money.Currency) []bucket {
	parts := make([]bucket, len(lines))
	for i := range lines {
		parts[i] = bucket{category: lines[i].Category, currency: cmp.Or(lines[i].CostCurrency, c), amount: lines[i].Cost}
	}
	return sumBy(parts)
}
