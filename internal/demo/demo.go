// Package demo holds the demonstration: an invented partner, its prices, and a generated month of Microsoft's files. It
// owns no rule and no command; the command line bills it as it bills everything. Invariant: the same files every time.
package demo

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/synth"
)

//go:embed data
var data embed.FS

// Clock is the demonstration's own: the day after Microsoft's invoices of March came.
func Clock() time.Time { return time.Date(2026, 4, 9, 9, 0, 0, 0, time.UTC) }

// Month is the generated month.
const Month = "2026-03"

// Files are the demonstration's inputs, as paths.
type Files struct {
	Microsoft []string // what a partner downloads for a month
	Seller    string
	Rules     string
}

// Write puts all inputs into a folder.
func Write(dir string) (Files, error) {
	m, err := synth.New(synth.Demo())
	if err != nil {
		return Files{}, fmt.Errorf("make the month: %w", err)
	}
	month, err := m.Write(filepath.Join(dir, Month))
	if err != nil {
		return Files{}, fmt.Errorf("write the month: %w", err)
	}
	f := Files{Microsoft: month.CSV(), Seller: filepath.Join(dir, "seller.json"), Rules: filepath.Join(dir, "rules.json")}
	for _, name := range []string{"seller.json", "rules.json", "logo.png"} {
		content, err := data.ReadFile("data/" + name)
		if err != nil {
			return f, fmt.Errorf("read %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return f, fmt.Errorf("write %s: %w", name, err)
		}
	}
	return f, nil
}

// addresses are an invented one a country, with the scheme of its VAT ids as electronic addresses (EAS code). A # is the
// check digit.
var addresses = map[string]struct {
	billing.Address
	vat, scheme string
}{
	"DE": {billing.Address{Street: "Lindenallee 8", City: "Bremen", PostalCode: "28195"}, "DE2718%05d", "9930"},
	"AT": {billing.Address{Street: "Praterstraße 41", City: "Wien", PostalCode: "1020"}, "ATU648%05d", "9914"},
	"NL": {billing.Address{Street: "Keizersgracht 212", City: "Amsterdam", PostalCode: "1016 DX"}, "NL8530%05dB01", "9944"},
	"IE": {billing.Address{Street: "14 Harbour Row", City: "Cork", PostalCode: "T12 XY76"}, "IE34%05dFA", "9935"},
	"FR": {billing.Address{Street: "6 rue des Quais", City: "Nantes", PostalCode: "44000"}, "FR4081%05d22", "9957"},
	"DK": {billing.Address{Street: "Havnegade 23", City: "Aarhus", PostalCode: "8000"}, "DK277%05d", "0184"},
	"BE": {billing.Address{Street: "Kaai 30", City: "Antwerpen", PostalCode: "2000"}, "BE08%05d22", "9925"},
	"IT": {billing.Address{Street: "Via del Molo 5", City: "Genova", PostalCode: "16126"}, "IT03180%05d#", "0211"},
	"GR": {billing.Address{Street: "Akti Miaouli 77", City: "Piraeus", PostalCode: "185 38"}, "EL0945%05d", "9933"},
	"SE": {billing.Address{Street: "Skeppsbron 12", City: "Göteborg", PostalCode: "411 18"}, "SE5566%05d#01", "0007"},
	"GB": {billing.Address{Street: "3 Wharf Lane", City: "Bristol", PostalCode: "BS1 4RB"}, "GB284%05d1", "9932"},
}

// Address completes a customer that was made from the files, as a person would; n tells them apart. Countries that the
// table does not know get an address without an electronic one.
func Address(c customer.Customer, n int) customer.Customer {
	a, known := addresses[c.Country]
	if !known {
		a.Address = billing.Address{Street: "Main Street 1", City: "Capital"}
	}
	c.Party.Address = a.Address
	c.Party.Address.Country = c.Country
	if known {
		c.Party.VATID = checked(fmt.Sprintf(a.vat, 10007*(n+1)))
		c.Party.EndpointID, c.Party.EndpointScheme = c.Party.VATID, a.scheme
		if a.scheme == "0007" { // Sweden's is the organisation's number, which the VAT id holds
			c.Party.EndpointID = c.Party.VATID[2:12]
		}
	}
	c.BuyerReference = fmt.Sprintf("PO-2026-%03d", 100+n)
	return c
}

// checked puts the check digit (Luhn) of the digits before it in the place of #.
func checked(id string) string {
	before, after, ok := strings.Cut(id, "#")
	if !ok {
		return id
	}
	sum := 0
	for i := range len(before) - 2 { // a country's letters stand first
		n := int(before[len(before)-1-i] - '0')
		if i%2 == 0 {
			n = n*2/10 + n*2%10
		}
		sum += n
	}
	return fmt.Sprintf("%s%d%s", before, (10-sum%10)%10, after)
}
