package synth

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// market is where customers are billed in a currency.
type market struct {
	country string        // of the partner's documents in this currency
	symbol  string        // as the invoice prints it
	rate    money.Decimal // about so many units for a US dollar
	tax     money.Decimal // percent that Microsoft charges the partner
	seats   money.Decimal // licence prices are about so many units for a euro
	parties []party
}

// party is an invented company. Some names hold what breaks careless readers: commas, quotes, other alphabets.
type party struct{ name, domain, country, segment string }

// markets are the currencies that a month can have. The rates are near those of a real month and vary by the seed.
var markets = map[money.Currency]market{
	"EUR": {"DE", "€", money.MustParse("0.842386466"), money.Zero, one, []party{
		{"Aldermoor Logistik GmbH", "aldermoor", "DE", commercial},
		{"Maison Lumerive, SARL", "maisonlumerive", "FR", commercial},
		{"Zilverduin Zorg B.V.", "zilverduinzorg", "NL", charity},
		{"Officine Ponteverde \"Antica\" S.r.l.", "ponteverde", "IT", commercial},
		{"Brennhof & Söhne Maschinenbau KG", "brennhof", "DE", commercial},
		{"Schola Brabantia VZW", "scholabrabantia", "BE", education},
		{"Αιγιαλός Ναυτιλιακή ΑΕ", "aigialos", "GR", commercial},
		{"Tarnbridge Dental Ltd", "tarnbridge", "IE", commercial},
		{"Castelmar Viagens, Lda.", "castelmar", "PT", commercial},
		{"Korsholm Puu Oy", "korsholmpuu", "FI", commercial},
		{"Hallerstadt Stadtwerke AG", "hallerstadt", "AT", government},
		{"Vega Azul Energía, S.L.", "vegaazul", "ES", commercial},
		{"Žalgirio Kelias UAB", "zalgiriokelias", "LT", commercial},
	}},
	"DKK": {"DK", "DKK", money.MustParse("6.289153238"), money.FromInt(25), money.MustParse("7.46"), []party{
		{"Nordlys Havvind A/S", "nordlyshavvind", "DK", commercial},
		{"Kvist & Bølge ApS", "kvistogboelge", "DK", commercial},
		{"Tangvej Tandlæger I/S", "tangvej", "DK", commercial},
		{"Hedebo Møbler A/S", "hedebomoebler", "DK", commercial},
		{"Sundby Fjernvarme a.m.b.a.", "sundbyfjernvarme", "DK", commercial},
	}},
	"SEK": {"SE", "SEK", money.MustParse("9.215873301"), money.FromInt(25), money.MustParse("11.2"), []party{
		{"Björkvik Åkeri AB", "bjorkvik", "SE", commercial},
		{"Tallholmen Teknik AB", "tallholmen", "SE", commercial},
		{"Måsö & Döttrar Handelsbolag", "maso", "SE", commercial},
		{"Norrsken Vård AB", "norrskenvard", "SE", charity},
	}},
	"NOK": {"NO", "NOK", money.MustParse("9.871204416"), money.FromInt(25), money.MustParse("11.6"), []party{
		{"Fjellro Bygg AS", "fjellro", "NO", commercial},
		{"Ytterøy Sjømat AS", "ytteroy", "NO", commercial},
		{"Lysvang & Co. AS", "lysvang", "NO", commercial},
		{"Bjørndal Regnskap AS", "bjorndal", "NO", commercial},
	}},
	"CHF": {"CH", "CHF", money.MustParse("0.793115082"), money.MustParse("8.1"), money.MustParse("0.95"), []party{
		{"Alpstein Treuhand AG", "alpstein", "CH", commercial},
		{"Lac Clair Horlogerie SA", "lacclair", "CH", commercial},
		{"Grubenmatt Holzbau GmbH", "grubenmatt", "CH", commercial},
		{"Banca Valmora SA", "valmora", "CH", commercial},
	}},
	"GBP": {"GB", "£", money.MustParse("0.742721639"), money.FromInt(20), money.MustParse("0.86"), []party{
		{"Thornley Quay Architects Ltd", "thornleyquay", "GB", commercial},
		{"Marlpit Foods plc", "marlpit", "GB", commercial},
		{"O'Dell & Wren \"Chambers\" LLP", "odellwren", "GB", commercial},
		{"Saltmarsh Ferries Ltd", "saltmarsh", "GB", commercial},
	}},
}

// The segments of the licence sheet.
const (
	commercial = "Commercial"
	education  = "Education"
	charity    = "Charity"
	government = "Government"
)

// partner is who buys from Microsoft.
type partner struct{ id, name, mpn string }

var larkspur = partner{fixedGUID("partner"), "Larkspur Cloud Services", "6112087"}

// resellers are the indirect resellers of record; direct is how Microsoft writes that there is none (D17).
var (
	resellers = []string{"7104418", "7209935"}
	direct    = []string{"", "0", "-1", larkspur.mpn}
)

// customer is one of the partner's customers.
type customer struct {
	id, name, domain, country, segment string
	home                               int    // index of the invoice in its own currency
	reseller                           string // as Microsoft writes it
}

// newCustomer makes the n-th customer of a currency. Beyond the list the names get numbers.
func newCustomer(r *random, c Config, home, n int) *customer {
	list := markets[c.Currencies[home]].parties
	p := list[n%len(list)]
	if round := n / len(list); round > 0 {
		p.name, p.domain = fmt.Sprintf("%s %d", p.name, round+1), fmt.Sprintf("%s%d", p.domain, round+1)
	}
	k := &customer{
		id: r.guid(), name: p.name, domain: p.domain + ".onmicrosoft.com", country: p.country, segment: p.segment,
		home: home, reseller: pick(r, direct),
	}
	if c.has(Resellers) && r.chance(50) {
		k.reseller = pick(r, resellers)
	}
	return k
}

// noReseller says whether the text names no reseller, or the partner itself (D17).
func noReseller(text string) bool {
	return text == "" || text == "0" || text == "-1" || text == larkspur.mpn
}
