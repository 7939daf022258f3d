package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"github.com/chandler-csp/chandler/internal/lake"
)

// month is one billing period's input: the data sets that belong to it, and what was read from them.
type month struct {
	period   period.Month
	snapshot lake.Snapshot // only what the period reads
	estimate bool
	docs     []usage.Document
	lines    []*usage.Line
	listed   []rating.Listed
	sheet    *catalog.Sheet
	rates    map[money.Currency]money.Decimal
	notes    []recon.Note
}

// choose picks the data sets of a period. A billed set belongs to the period of its invoice's document, or of its own
// rows where the document is not here. Unbilled sets count only until the billed ones of their currency are here.
func choose(s lake.Snapshot, docs []usage.Document, p period.Month) lake.Snapshot {
	periods := map[string]period.Month{}
	for _, d := range docs {
		periods[d.Number] = docMonth(d)
	}
	for _, d := range s.Of(lake.TableRecon) { // usage follows its invoice's lines where the document is missing
		if n := invoiceOf(d); n != "" && periods[n].IsZero() {
			periods[n] = d.Period
		}
	}
	billed := map[string]bool{}
	for _, d := range s.Of(lake.TableRecon) {
		if n := invoiceOf(d); n != "" && periods[n] == p {
			for _, amount := range d.Amounts {
				billed[string(amount.Currency)] = true
			}
		}
	}
	return s.Keep(func(d lake.DataSet) bool {
		switch d.Table {
		case lake.TablePrice, lake.TableFX, lake.TableDocument:
			return true
		case lake.TableCharge:
			return false
		case lake.TableCost:
			return d.Period == p && !s.Repeats(d)
		}
		n := invoiceOf(d)
		if n == "" {
			return d.Period == p && !billed[unbilledCurrency(d)]
		}
		if of := periods[n]; !of.IsZero() {
			return of == p
		}
		return d.Period == p
	})
}

func docMonth(d usage.Document) period.Month {
	switch {
	case !d.PeriodStart.IsZero():
		return d.PeriodStart.Month()
	case !d.PeriodEnd.IsZero():
		return d.PeriodEnd.Month()
	case !d.Date.IsZero():
		return d.Date.Month().Add(-1) // an invoice comes in the month after its period (B7)
	default:
		return period.Month{}
	}
}

// invoiceOf is the invoice number in a data set's key, "" for unbilled sets.
func invoiceOf(d lake.DataSet) string {
	_, rest, _ := strings.Cut(d.Key, "|")
	if strings.HasPrefix(rest, "unbilled|") {
		return ""
	}
	return rest
}

func unbilledCurrency(d lake.DataSet) string {
	parts := strings.Split(d.Key, "|")
	if len(parts) == 4 {
		return parts[2]
	}
	return ""
}

// load reads a period from a snapshot.
func (a *App) load(ctx context.Context, s lake.Snapshot, p period.Month) (*month, error) {
	docs, err := a.lake.Documents(ctx, s)
	if err != nil {
		return nil, err
	}
	m := &month{period: p, snapshot: choose(s, docs, p)}
	for _, d := range docs {
		if docMonth(d) == p {
			m.docs = append(m.docs, d)
		}
	}
	if err := a.loadLines(ctx, m); err != nil {
		return nil, err
	}
	if len(m.lines) == 0 && len(m.snapshot.Of(lake.TableUsage)) == 0 {
		return nil, errs.New(errs.NotFound, "period.empty", "nothing of %s was imported: no reconciliation lines, usage or cost rows", p)
	}
	products, err := a.lake.UsageProducts(ctx, m.snapshot)
	if err != nil {
		return nil, err
	}
	if err := a.loadPrices(ctx, m, products); err != nil {
		return nil, err
	}
	if err := a.loadUsage(ctx, m, products); err != nil {
		return nil, err
	}
	m.notices()
	return m, nil
}

// tellEvery is the number of lines after which progress is told.
const tellEvery = 20_000

func (a *App) loadLines(ctx context.Context, m *month) error {
	var total int64
	for _, d := range m.snapshot.Of(lake.TableRecon) {
		total += d.Rows
	}
	for l, err := range a.lake.Lines(ctx, m.snapshot, nil) {
		if err != nil {
			return err
		}
		m.lines = append(m.lines, l)
		if n := int64(len(m.lines)); n%tellEvery == 0 || n == total {
			a.progress("read "+m.period.String(), n, total, "lines")
		}
	}
	reconciled := len(m.lines) > 0
	skipped := 0
	for l, err := range a.lake.CostLines(ctx, m.snapshot, nil) {
		if err != nil {
			return err
		}
		if reconciled && !rating.ThirdPartyPublisher(l.PublisherName) {
			skipped++ // Microsoft's cost rows repeat what reconciliation charges
			continue
		}
		m.lines = append(m.lines, l)
	}
	if skipped > 0 {
		m.notes = append(m.notes, recon.Note{
			Code: "cost-rows-not-charged", Count: skipped,
			Message: fmt.Sprintf("%d cost rows of Microsoft are not charged, since the reconciliation of the month is here", skipped),
		})
	}
	return nil
}

// loadPrices reads the price rows of the products that lines and usage name, and the month's exchange rates.
func (a *App) loadPrices(ctx context.Context, m *month, products []lake.Product) error {
	seen := map[catalog.ProductSKU]bool{}
	var wanted []catalog.ProductSKU
	add := func(k catalog.ProductSKU) {
		if !seen[k] && k.ProductID != "" {
			seen[k] = true
			wanted = append(wanted, k)
		}
	}
	for _, p := range products {
		add(p.ProductSKU)
	}
	for _, l := range m.lines {
		if l.Family != usage.FamilyCostRow {
			add(catalog.ProductSKU{ProductID: l.ProductID, SkuID: l.SkuID})
		}
	}
	rows, err := a.lake.PriceRows(ctx, m.snapshot, wanted)
	if err != nil {
		return err
	}
	m.sheet, m.rates = catalog.NewSheet(rows), map[money.Currency]money.Decimal{}
	fx, err := a.lake.FXRates(ctx, m.snapshot, m.period)
	if err != nil {
		return err
	}
	for _, r := range fx {
		m.rates[r.Currency] = r.USDPerUnit
	}
	return nil
}

// byDay lists the products whose price depends on the day: tiers, a change in the span, or no sheet at all, where the
// rows' own printed price is all there is.
func byDay(sheet *catalog.Sheet, products []lake.Product) []catalog.ProductSKU {
	var out []catalog.ProductSKU
	for _, p := range products {
		if sheet.ByDay(p.ProductSKU, p.First, p.Last) || !sheet.Has(p.ProductSKU) {
			out = append(out, p.ProductSKU)
		}
	}
	return out
}

func (a *App) loadUsage(ctx context.Context, m *month, products []lake.Product) error {
	var groups []usage.Group
	for g, err := range a.lake.Groups(ctx, m.snapshot, lake.GroupPick{ByDay: byDay(m.sheet, products)}) {
		if err != nil {
			return err
		}
		groups = append(groups, g)
	}
	m.listed = rating.List(groups, m.sheet)
	if !slices.ContainsFunc(m.lines, func(l *usage.Line) bool { return l.Family != usage.FamilyCostRow }) && len(groups) > 0 {
		m.estimate = true
		m.lines = append(m.lines, rating.Estimate(m.listed)...)
	}
	for _, l := range m.lines {
		if l.InvoiceNumber == "" && l.Family == usage.FamilyNewCommerce {
			m.estimate = true // unbilled lines change until the invoice is there
		}
	}
	return nil
}

// notices tells what a person should know of the month's input.
func (m *month) notices() {
	if m.estimate {
		m.notes = append(m.notes, recon.Note{Code: "estimate", Message: "an estimate: the month's billed reconciliation is not here"})
	}
	if len(m.rates) == 0 && m.converts() {
		m.notes = append(m.notes, recon.Note{Code: "no-rates", Message: "exchange rates of the month were not imported; lines are held against each other only"})
	}
}

func (m *month) converts() bool {
	return slices.ContainsFunc(m.lines, func(l *usage.Line) bool {
		return l.PricingCurrency != "" && l.PricingCurrency != l.Currency && l.Family == usage.FamilyNewCommerce
	})
}

// prepare joins and rates the month's upstream side.
func (a *App) prepare(ctx context.Context, m *month) *recon.Prepared {
	return recon.Prepare(recon.Input{
		Period: m.period, Estimate: m.estimate, Documents: m.docs, Raw: m.lines, Listed: m.listed, Sheet: m.sheet, Rates: m.rates,
		RowsOf: func(ids []int64) []recon.Evidence { return a.rowsOf(ctx, m.snapshot, ids) },
	})
}

// maxRows is the number of usage rows that one finding or explanation names.
const maxRows = 10

// rowsOf finds where usage groups were read. Not finding them leaves a finding without places, never without itself.
func (a *App) rowsOf(ctx context.Context, s lake.Snapshot, groups []int64) []recon.Evidence {
	if len(groups) > 50 {
		groups = groups[:50]
	}
	rows, err := a.lake.UsageRows(ctx, s, groups, maxRows)
	if err != nil {
		return []recon.Evidence{{Detail: "the rows could not be read: " + err.Error()}}
	}
	out := make([]recon.Evidence, len(rows))
	for i, r := range rows {
		out[i] = recon.Evidence{
			File: r.File, Line: r.Line, Column: "Quantity",
			Detail: fmt.Sprintf("%s %s: %s x %s, rated %s %s", r.Date, r.Meter, r.Quantity.Plain(), r.UnitPrice.Plain(), r.Billed, r.Currency),
		}
	}
	return out
}

// marshal is JSON for records; every type that is kept marshals.
func marshal(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("keep the run: %w", err)
	}
	return b, nil
}
