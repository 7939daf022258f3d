package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
)

// Explanation derives one line of an invoice, the partner's side and Microsoft's.
type Explanation struct {
	Invoice string       `json:"invoice"`
	Line    billing.Line `json:"line"`
	Tree    Node         `json:"tree"`
}

// Explain derives an invoice's line down to usage rows, price rows, rates, rules and rounding steps, all from the
// snapshot that the invoice's run kept.
func (a *App) Explain(ctx context.Context, ref string, n int) (Explanation, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return Explanation{}, err
	}
	i := slices.IndexFunc(inv.Lines, func(l billing.Line) bool { return l.N == n })
	if i < 0 {
		return Explanation{}, errs.New(errs.NotFound, "invoice.no_line", "%s has %d lines, none with number %d", inv.Name(), len(inv.Lines), n)
	}
	e := Explanation{Invoice: inv.Name(), Line: inv.Lines[i]}
	ex, err := a.explaining(ctx, inv.RunID)
	if err != nil {
		return e, err
	}
	title := fmt.Sprintf("%s line %d: %s", inv.Name(), n, e.Line.Description)
	e.Tree, err = ex.line(ctx, title, account{inv.CustomerID, inv.Currency}, e.Line)
	return e, err
}

// account is whose line it is, in which currency.
type account struct {
	customerID string
	currency   money.Currency
}

// explaining derives lines of one run.
type explaining struct {
	a    *App
	s    *stored
	m    *month // snapshot and rates alone
	book *pricing.Book
}

func (a *App) explaining(ctx context.Context, runID string) (*explaining, error) {
	s, err := a.storedRun(ctx, runID)
	if err != nil {
		return nil, err
	}
	ex := &explaining{a: a, s: s, m: &month{period: s.Period, snapshot: s.inputs, rates: map[money.Currency]money.Decimal{}}}
	fx, err := a.lake.FXRates(ctx, s.inputs, s.Period)
	if err != nil {
		return nil, err
	}
	for _, r := range fx {
		ex.m.rates[r.Currency] = r.USDPerUnit
	}
	ex.book = pricing.NewBook(s.rules).WithRates(ex.m.rateSource)
	return ex, nil
}

// line derives a line of a document by its kind.
func (ex *explaining) line(ctx context.Context, title string, of account, l billing.Line) (Node, error) {
	var parts []part
	var err error
	switch {
	case l.CorrectsLine > 0:
		parts, err = ex.credited(ctx, of, l)
	case l.Kind == billing.KindCorrection:
		parts, err = ex.corrected(ctx, of, l)
	case l.Kind == billing.KindCarryForward:
		parts, err = ex.carried(ctx, of, l)
	default:
		parts, err = ex.now(ctx, of, l, l.Net)
	}
	return sumOf(title, l.Net, of.currency, parts), err
}

// now derives what a charge, a minimum fee or a service costs now: net, in the currency of the document.
func (ex *explaining) now(ctx context.Context, of account, l billing.Line, net money.Decimal) ([]part, error) {
	var parts []part
	var err error
	var from money.Currency
	switch {
	case l.ServiceID != "":
		parts, from, err = ex.serviced(ctx, l)
	case l.ChargeType == billing.ChargeMinimumFee:
		parts, from, err = ex.minimum(ctx, cmp.Or(l.CustomerID, of.customerID), of.currency, l)
	default:
		parts, from, err = ex.charges(ctx, of.currency, l.ChargeIDs)
	}
	if err != nil || from == of.currency {
		return parts, err
	}
	return []part{ex.converted(l, from, of.currency, net, parts)}, nil
}

// converted is an amount in the currency of the document, with what it was before.
func (ex *explaining) converted(l billing.Line, from, to money.Currency, net money.Decimal, parts []part) part {
	x := l.Exchange
	if x == nil { // a correction has no conversion of its own; its charges were converted by the rate of their month
		rate, _ := ex.m.rateSource("microsoft", from, to, ex.s.Period.First())
		x = &billing.Exchange{From: from, Rate: rate.Rate, Source: rate.Source, On: rate.On}
	}
	before := total(parts, func(p part) money.Decimal { return p.amount })
	return partOf(fmt.Sprintf("x %s %s per %s (%s, %s), half-up to %d decimals", x.Rate.Plain(), to, from, x.Source, x.On, to.MinorUnits()), net, to,
		sumOf("before conversion", before, from, parts))
}
