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
	Accrual    string            `json:"accrual,omitempty"` // what is owed to Microsoft for it
}

// DefaultAccounts are plain names, for a ledger that maps them.
func DefaultAccounts() Accounts {
	return Accounts{
		Receivable: "accounts-receivable", Revenue: "revenue", Tax: "vat-payable", Rounding: "rounding",
		Carried: "carried-forward", Cost: "cost-of-sales", Accrual: "upstream-accrual",
	}
}

func (a Accounts) orDefault() Accounts {
	d := DefaultAccounts()
	return Accounts{
		cmp.Or(a.Receivable, d.Receivable), cmp.Or(a.Revenue, d.Revenue), a.Revenues, cmp.Or(a.Tax, d.Tax),
		cmp.Or(a.Rounding, d.Rounding), cmp.Or(a.Carried, d.Carried), cmp.Or(a.Cost, d.Cost), cmp.Or(a.Accrual, d.Accrual),
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
// rounding; and the cost of what was sold against the accrual for Microsoft, in the currency of the cost. Debits equal
// credits in every currency. Code: journal.not_issued.
func Journal(i Invoice, a Accounts) ([]Entry, error) {
	if i.Number == "" || i.State == StateVoid {
		return nil, errs.New(errs.Precondition, "journal.not_issued", "%s is %s: only issued documents are posted", i.Name(), i.State)
	}
	a = a.orDefault()
	j := journal{of: i}
	j.post(a.Receivable, string(i.Type), "", i.Currency, i.Gross)
	for _, s := range sumLines(i.Lines, a, i.Currency) {
		j.post(s.account, "sale", s.category, i.Currency, s.amount.Neg())
	}
	for _, t := range i.Taxes {
		j.post(a.Tax, "tax", string(t.Category)+" "+t.Rate.Plain()+" %", i.Currency, t.Amount.Neg())
	}
	for _, s := range sumCosts(i.Lines, i.Currency) {
		j.post(a.Cost, "cost", s.category, s.currency, s.amount)
		j.post(a.Accrual, "cost", s.category, s.currency, s.amount.Neg())
	}
	return j.entries, nil
}

type journal struct {
	of      Invoice
	entries []Entry
}

// post debits a positive amount and credits a negative one; 0 is not posted.
func (j *journal) post(account, words, category string, c money.Currency, amount money.Decimal) {
	if amount.IsZero() {
		return
	}
	e := Entry{
		Number: j.of.Number, On: j.of.IssuedOn, Account: account, Words: words, Customer: j.of.CustomerID,
		Category: category, Currency: c,
	}
	if amount.Sign() > 0 {
		e.Debit = amount
	} else {
		e.Credit = amount.Neg()
	}
	j.entries = append(j.entries, e)
}

// bucket is a sum by account, category and currency.
type bucket struct {
	account, category string
	currency          money.Currency
	amount            money.Decimal
}

func sumBy(lines []Line, of func(*Line) bucket) []bucket {
	at := map[bucket]int{}
	var list []bucket
	for i := range lines {
		b := of(&lines[i])
		key := bucket{account: b.account, category: b.category, currency: b.currency}
		k, ok := at[key]
		if !ok {
			k = len(list)
			at[key], list = k, append(list, key)
		}
		list[k].amount = list[k].amount.Add(b.amount)
	}
	slices.SortFunc(list, func(x, y bucket) int {
		return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.category, y.category), cmp.Compare(x.currency, y.currency))
	})
	return list
}

func sumLines(lines []Line, a Accounts, c money.Currency) []bucket {
	return sumBy(lines, func(l *Line) bucket {
		account := cmp.Or(a.Revenues[l.Category], a.Revenue)
		switch l.Kind { //nolint:exhaustive // all others are revenue
		case KindRounding:
			account = a.Rounding
		case KindCarryForward:
			account = a.Carried
		}
		return bucket{account, l.Category, c, l.Net}
	})
}

func sumCosts(lines []Line, c money.Currency) []bucket {
	return sumBy(lines, func(l *Line) bucket {
		return bucket{"", l.Category, cmp.Or(l.CostCurrency, c), l.Cost}
	})
}
