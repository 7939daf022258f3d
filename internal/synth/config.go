package synth

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Feature is something that a month may hold.
type Feature uint32

// The features. Everything that Microsoft's files may hold beyond plain usage and plain licences is one.
const (
	PECChanges     Feature = 1 << iota // partner earned credit lost and gained in the month
	Tiers                              // graduated meters, one of them with free first units
	PriceChange                        // a meter whose price changes in the month
	SavingsPlan                        // usage covered by a savings plan, and its commitment
	Reservation                        // usage covered by a reservation, and its purchase
	Credits                            // fully credited usage and customerCredit lines
	CreditNote                         // credits on a document of their own
	ThirdParty                         // spot, third-party and marketplace meters, which earn no credit
	LateUsage                          // usage of the month before, on lines of its own
	TinyUsage                          // meters that truncate to 0.00, rows of quantity 0, equal rows
	SeatChanges                        // seats added and removed: refund and recharge
	Cancels                            // licences cancelled in the window
	Conversions                        // trials converted, upgrades, moved seats, changed billing plans
	Promotions                         // licences below list
	OneTime                            // perpetual software, a software subscription, a marketplace subscription
	Resellers                          // indirect resellers
	SecondCurrency                     // a customer that is on both invoices
	RareCases                          // what is allowed and seldom: usage within the free units, vast quantities, years changed late
	RoughSpelling                      // what files from other places look like: decimal commas, US dates, odd cases
	everything                         // one more than the last
	AllFeatures    = everything - 1
	CleanFeatures  = AllFeatures &^ (RareCases | RoughSpelling)
)

// Config says what a month holds. Its zero value is not a month; Demo and Random make useful ones.
type Config struct {
	Seed       uint64
	Period     period.Month
	Customers  int               // at least 2
	Meters     int               // meters that an Azure plan uses beside those that a feature asks for
	Licences   int               // licence subscriptions of a customer, at most
	Currencies [2]money.Currency // of the two invoices; the first must be EUR
	Features   Feature
}

// Demo is the month of the demonstration: all that is usual, a dozen customers, some thousand usage rows.
func Demo() Config {
	return Config{
		Seed: 20260301, Period: period.Month{Year: 2026, Month: time.March}, Customers: 12, Meters: 7, Licences: 5,
		Currencies: [2]money.Currency{"EUR", "DKK"}, Features: CleanFeatures,
	}
}

// Random is a month whose every choice follows from the seed: size, period, currencies, features.
func Random(seed uint64) Config {
	r := newRandom(seed, 1)
	c := Config{
		Seed: seed, Period: period.Month{Year: r.between(2024, 2027), Month: time.Month(r.between(1, 12))},
		Customers: r.between(2, 6), Meters: r.between(0, 3), Licences: r.between(1, 4),
		Currencies: [2]money.Currency{"EUR", pick(r, []money.Currency{"DKK", "SEK", "NOK", "CHF", "GBP"})},
	}
	for f := Feature(1); f < everything; f <<= 1 {
		if r.chance(70) {
			c.Features |= f
		}
	}
	return c
}

func (c Config) has(f Feature) bool { return c.Features&f == f }
