package synth

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// BulkConfig says what a bulk month is: one invoice of so many rows of daily-rated usage.
type BulkConfig struct {
	Rows     int64
	Seed     uint64
	Period   period.Month
	Dir      string
	Gzip     bool                    // compress the usage file
	Progress func(done, total int64) // rows; nil: not told
}

// BulkResult is what was made and what a product must find in it.
type BulkResult struct {
	Files     []string // everything, for an import
	Usage     string   // the usage file among them
	Rows      int64
	Lines     int64 // of reconciliation
	Customers int
	Currency  money.Currency

	Cost       money.Decimal            // sum of Subtotal, which is the invoice's total: there is no tax
	Billed     money.Decimal            // sum of the rows' BillingPreTaxTotal
	Retail     money.Decimal            // exact
	PECCredit  money.Decimal            // exact
	Sell       money.Decimal            // every line at retail or, without one, at cost, rounded half-up
	ByCustomer map[string]money.Decimal // cost by tenant
	ByEnv      map[string]money.Decimal // Billed by the tag "env", "" for rows without it
}

// bulk is a bulk month in the making. Memory holds one customer's resources and sums at a time.
type bulk struct {
	cfg          BulkConfig
	r            *random
	inv          *invoice
	meters       []*bulkMeter
	days         int
	rate         uint64 // rateScale
	rows         *chunkWriter
	lines        *lineWriter
	result       BulkResult
	envs         map[string]*wide
	coveredMeter int // index of a meter that savings plans cover
	written      int64
	ids          *random
	taggings     []tagging
	tail45       []byte // columns 46 and 47, which all rows share
	dates        [][]byte
}

const bulkCurrency = money.Currency("EUR")

// Bulk makes a bulk month: usage, matching reconciliation, price sheet, rates and invoice.
func Bulk(ctx context.Context, cfg BulkConfig) (BulkResult, error) {
	if err := cfg.validate(); err != nil {
		return BulkResult{}, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o750); err != nil {
		return BulkResult{}, fmt.Errorf("make a folder for the month: %w", err)
	}
	b := newBulk(cfg)
	if err := b.write(ctx); err != nil {
		return BulkResult{}, err
	}
	return b.result, nil
}

func (c BulkConfig) validate() error {
	var fields []errs.Field
	wrong := func(place, detail string) {
		fields = append(fields, errs.Field{Place: place, Code: "synth.config", Detail: detail})
	}
	if c.Rows < 1 {
		wrong("/Rows", "a bulk month needs a row")
	}
	if c.Period.IsZero() {
		wrong("/Period", "a bulk month needs a period")
	}
	if c.Dir == "" {
		wrong("/Dir", "a bulk month needs a folder")
	}
	return errs.Join("synth.config", "no bulk month can be made of this configuration", fields)
}

func newBulk(cfg BulkConfig) *bulk {
	b := &bulk{cfg: cfg, r: newRandom(cfg.Seed, 31), ids: newRandom(cfg.Seed, 32), meters: bulkMeters(), taggings: newTaggings(), days: cfg.Period.Days(), envs: map[string]*wide{}}
	rate := newRates(newRandom(cfg.Seed, 33))[bulkCurrency]
	b.rate = toScaled(rate, rateScale)
	b.inv = &invoice{
		number: invoiceNumber(b.ids), currency: bulkCurrency, market: markets[bulkCurrency], rate: rate,
		rateDate: cfg.Period.Last(), period: cfg.Period,
	}
	b.tail45 = append(appendScaled([]byte{','}, b.rate, rateScale), ',')
	b.tail45 = append(append(b.tail45, instant(b.inv.rateDate)...), ',')
	for day := range b.days {
		b.dates = append(b.dates, []byte(instant(cfg.Period.First().AddDays(day))+","))
	}
	b.result = BulkResult{Currency: bulkCurrency, ByCustomer: map[string]money.Decimal{}, ByEnv: map[string]money.Decimal{}}
	b.coveredMeter = slices.IndexFunc(b.meters, func(m *bulkMeter) bool { return m.special == covered })
	return b
}

// toScaled is a number that is not negative, as a whole number of 10^-scale.
func toScaled(d money.Decimal, scale int32) uint64 {
	n, err := strconv.ParseUint(strings.ReplaceAll(d.Fixed(scale), ".", ""), 10, 64)
	if err != nil {
		return 0 // rates are positive and small
	}
	return n
}

// write makes all files; the small ones come last, when the totals are known.
func (b *bulk) write(ctx context.Context) (err error) {
	name := "daily_rated_usage_" + b.inv.number + ".csv"
	if b.cfg.Gzip {
		name += ".gz"
	}
	b.result.Usage = filepath.Join(b.cfg.Dir, name)
	if b.rows, err = newChunkWriter(b.result.Usage, b.cfg.Gzip); err != nil {
		return err
	}
	defer func() { err = b.rows.close(err) }()
	recon := filepath.Join(b.cfg.Dir, reconName(b.inv.number))
	if b.lines, err = newLineWriter(recon, b.inv.number); err != nil {
		return err
	}
	defer func() { err = b.lines.close(err) }()
	b.rows.buffer = appendHeader(b.rows.buffer, usageColumns)
	shares := b.shares()
	b.result.Customers = len(shares)
	for n, rows := range shares {
		if err := b.customer(ctx, n, rows); err != nil {
			return err
		}
	}
	return b.finish(recon)
}

func appendHeader(buf []byte, columns []string) []byte {
	buf = appendFields(buf, columns...)
	return append(buf[:len(buf)-1], '\r', '\n')
}

// finish writes the sheets and the invoice and works out the totals.
func (b *bulk) finish(recon string) error {
	f := &folder{dir: b.cfg.Dir}
	b.inv.lines = []*line{{subtotal: b.result.Cost}} // the sum stands for its lines
	text, err := b.inv.json()
	rates := newRates(newRandom(b.cfg.Seed, 33))
	b.result.Files = []string{
		f.put("azure_consumption_US.csv", b.sheet(), nil),
		f.put("fxrates_"+compact(b.cfg.Period)+".csv", rateSheet(rates, b.cfg.Period), nil),
		f.put("invoice_"+b.inv.number+".json", text, err), recon, b.result.Usage,
	}
	b.result.Rows = b.written
	for env, sum := range b.envs {
		b.result.ByEnv[env] = sum.decimal(billingScale)
	}
	return f.err
}

// sheet is the price sheet of the bulk meters.
func (b *bulk) sheet() []byte {
	var rows [][]string
	for _, m := range b.meters {
		tags := "Azure"
		if m.special == thirdParty {
			tags = "Azure,Third party"
		}
		row := func(price uint64, from, to string, start, end period.Date) {
			rows = append(rows, []string{
				m.category, m.productID, m.skuID, m.sku, m.publisher, m.sku, m.unit, "payG-1", "US", "USD",
				millionths(price).Plain(), from, to, sheetStart(start), sheetEnd(end), m.id, m.unit, tags,
			})
		}
		start := always
		if m.change > 0 {
			start = b.cfg.Period.First().AddDays(m.change - 1)
			row(m.old, "", "", always, start.AddDays(-1))
		}
		for i, t := range m.tiers {
			from, to := "", ""
			if m.steps != nil {
				from, to = m.steps[i].from, m.steps[i].to
			}
			row(t.price, from, to, start, period.Date{})
		}
	}
	return quotedTable(azureColumns, rows)
}
