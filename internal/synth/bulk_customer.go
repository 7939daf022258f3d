package synth

import (
	"context"
	"fmt"
)

// How many customers a bulk month has, and how many meters they use.
const (
	rowsPerCustomer = 5_000
	mostCustomers   = 2_000
	fewCustomers    = 3
	leastMeters     = 6 // that a customer uses; more the more rows it has
	rowsPerMeter    = 400
)

// shares gives each customer its number of rows: the n-th in size has 1/n of the largest (Zipf), at least one row. The
// customers come in no order of size.
func (b *bulk) shares() []int64 {
	n := min(mostCustomers, max(fewCustomers, b.cfg.Rows/rowsPerCustomer), b.cfg.Rows)
	var sum, given int64
	const unit = 1_000_000
	for i := range n {
		sum += unit / (i + 1)
	}
	shares := make([]int64, n)
	for i := range n {
		shares[i] = max(1, (b.cfg.Rows-n)/sum*(unit/(i+1))+(b.cfg.Rows-n)%sum*(unit/(i+1))/sum)
		given += shares[i]
	}
	for i := int64(0); given != b.cfg.Rows; i = (i + 1) % n {
		step := int64(1)
		if given > b.cfg.Rows {
			step = -1
		}
		if shares[i]+step >= 1 {
			shares[i] += step
			given += step
		}
	}
	b.r.Shuffle(len(shares), func(i, j int) { shares[i], shares[j] = shares[j], shares[i] })
	return shares
}

var (
	firstHalves  = []string{"Alder", "Birken", "Castel", "Dorn", "Elms", "Falken", "Gruben", "Halm", "Iser", "Korn", "Linden", "Mars", "Nord", "Ober", "Pinien", "Quell", "Rosen", "Silber", "Tannen", "Ufer", "Veld", "Weiden", "Zinn", "Brück", "Støv"}
	secondHalves = []string{"hof", "bach", "berg", "feld", "grund", "heim", "kamp", "moor", "ried", "stein", "tal", "wald", "werk", "see", "garten", "brunn"}
	legalForms   = []string{" GmbH", " AG", " B.V.", " S.r.l.", " SARL", " & Co. KG", ", Lda.", " Oy"}
	countries    = []string{"DE", "AT", "NL", "IT", "FR", "DE", "PT", "FI"}
)

// bulkName is the n-th invented customer, and its domain's first part.
func bulkName(n int) (name, domain, country string) {
	first, second := firstHalves[n%len(firstHalves)], secondHalves[n/len(firstHalves)%len(secondHalves)]
	form := n / (len(firstHalves) * len(secondHalves)) % len(legalForms)
	form = (form + n) % len(legalForms)
	return first + second + legalForms[form], fmt.Sprintf("customer%04d", n), countries[form]
}

// bulkCustomer is a customer of a bulk month with what it used.
type bulkCustomer struct {
	*customer
	plan         *plan
	months       [2][]byte // columns 1 to 9 and, after the meter's, 18 to 20: of the period, and of the month before
	front        []byte
	entitlements [][]byte // columns 48 and 49
	resources    []bulkResource
	uses         []int    // indexes of the meters that its resources use
	used         []uint64 // of each meter with tiers, this month
	sums         []bulkSum
	covered      uint64 // quantity that the savings plan paid for
	savings      *savingsPlan
}

// customer writes a customer's rows, then its lines.
func (b *bulk) customer(ctx context.Context, n int, rows int64) error {
	k := b.newCustomer(n)
	k.uses = b.r.Perm(len(b.meters))[:min(int64(len(b.meters)), leastMeters+rows/rowsPerMeter)]
	b.runs(k, rows)
	if err := b.lateRows(k); err != nil {
		return err
	}
	for day := 1; day <= b.days; day++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("make a bulk month: %w", err)
		}
		if err := b.day(k, day); err != nil {
			return err
		}
	}
	return b.customerLines(k)
}

func (b *bulk) newCustomer(n int) *bulkCustomer {
	name, domain, country := bulkName(n)
	who := &customer{id: b.ids.guid(), name: name, domain: domain + ".onmicrosoft.com", country: country, segment: commercial, reseller: pick(b.r, direct)}
	if b.r.chance(30) {
		who.reseller = pick(b.r, resellers)
	}
	c := Config{Period: b.cfg.Period}
	if b.r.chance(30) {
		c.Features = PECChanges
	}
	k := &bulkCustomer{customer: who, plan: newPlan(b.r, c, who, b.inv), used: make([]uint64, len(b.meters)), sums: make([]bulkSum, 4*len(b.meters))}
	k.plan.reseller = who.reseller
	if n == 0 || b.r.chance(20) {
		k.savings = &savingsPlan{orderID: b.ids.guid(), benefitID: "sp-" + b.ids.token(), subscriptionID: b.ids.guid()}
	}
	k.front = appendFields(nil, larkspur.id, larkspur.name, who.id, who.name, who.domain, who.country, larkspur.mpn, who.reseller, b.inv.number)
	for i, month := range []int{0, -1} {
		m := b.cfg.Period.Add(month)
		k.months[i] = appendFields(nil, k.plan.id, instant(m.First()), instant(m.Add(1).First()))
	}
	for _, e := range k.plan.entitlements {
		k.entitlements = append(k.entitlements, appendFields(nil, e.id, e.name))
	}
	return k
}
