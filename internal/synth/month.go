package synth

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Month is a whole month: what the files say, what the rules are, and what must come of it.
type Month struct {
	Period   period.Month
	Rules    map[string]json.RawMessage // by set, each the text of a rule file
	Expected Expected
	b        *builder
}

// New makes the month of a configuration.
func New(c Config) (*Month, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	b := newBuilder(c)
	b.build()
	p := newRules(c, b.meters)
	texts, err := p.encode()
	if err != nil {
		return nil, err
	}
	return &Month{Period: c.Period, Rules: texts, Expected: b.expect(p), b: b}, nil
}

// Files are the paths of a month's files. Usage stands in them twice, once in each form; a month is imported from one.
type Files struct {
	Shared     []string // price sheets, rates, reconciliation, invoices
	UsageCSV   []string
	UsageJSONL []string
	Manifests  []string // of UsageJSONL
}

// CSV is the month with its usage as the portal gives it.
func (f Files) CSV() []string { return append(append([]string{}, f.Shared...), f.UsageCSV...) }

// JSONL is the month with its usage as the Graph export gives it.
func (f Files) JSONL() []string { return append(append([]string{}, f.Shared...), f.UsageJSONL...) }

// folder writes files and remembers the first error.
type folder struct {
	dir string
	err error
}

func (f *folder) put(name string, content []byte, err error) string {
	path := filepath.Join(f.dir, name)
	if f.err == nil && err != nil {
		f.err = fmt.Errorf("make %s: %w", name, err)
	}
	if f.err == nil {
		f.err = os.WriteFile(path, content, 0o600)
	}
	return path
}

// Write puts the month's files into a folder, which is made if it is not there.
func (m *Month) Write(dir string) (Files, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return Files{}, fmt.Errorf("make a folder for the month: %w", err)
	}
	b, f, out := m.b, &folder{dir: dir}, Files{}
	licences, err := b.licencePrices()
	out.Shared = append(out.Shared,
		f.put("azure_consumption_US.csv", b.consumptionSheet(), nil),
		f.put("azure_reservations_US.csv", b.reservationSheet(), nil),
		f.put("nce_licensebased_DE.csv", licences, err),
		f.put("fxrates_"+compact(b.Period)+".csv", rateSheet(b.rates, b.Period), nil))
	for i, inv := range b.invoices {
		b.writeInvoice(f, inv, uint64(20+i), &out)
	}
	return out, f.err
}

// writeInvoice writes everything of one invoice. The stream decides what is spelled oddly now and then.
func (b *builder) writeInvoice(f *folder, inv *invoice, stream uint64, out *Files) {
	s := speller{inv.spelling, newRandom(b.Seed, stream)}
	for _, d := range inv.documents() {
		text, err := s.reconCSV(d)
		out.Shared = append(out.Shared, f.put(reconName(d.number), text, err))
	}
	text, err := inv.json()
	out.Shared = append(out.Shared, f.put("invoice_"+inv.number+".json", text, err))
	rows := b.rowsOf(inv)
	if len(rows) == 0 {
		return
	}
	name := "daily_rated_usage_" + inv.number
	text, err = s.usageCSV(rows)
	out.UsageCSV = append(out.UsageCSV, f.put(name+".csv", text, err))
	text, err = s.usageJSON(rows)
	out.UsageJSONL = append(out.UsageJSONL, f.put(name+".jsonl.gz", text, err))
	text, err = inv.manifest(s.r, name+".jsonl.gz")
	out.Manifests = append(out.Manifests, f.put("manifest_"+inv.number+".json", text, err))
}

// Validate says what is wrong with a configuration.
func (c Config) Validate() error {
	var fields []errs.Field
	wrong := func(place, detail string) {
		fields = append(fields, errs.Field{Place: place, Code: "synth.config", Detail: detail})
	}
	if c.Period.IsZero() {
		wrong("/Period", "a month needs a period")
	}
	if c.Customers < 2 {
		wrong("/Customers", "a month needs two customers, one for each invoice")
	}
	if _, ok := markets[c.Currencies[1]]; !ok || c.Currencies[0] != "EUR" || c.Currencies[1] == "EUR" {
		wrong("/Currencies", "the currencies are EUR and one of DKK, SEK, NOK, CHF, GBP")
	}
	return errs.Join("synth.config", "no month can be made of this configuration", fields)
}
