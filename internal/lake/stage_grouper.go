package lake

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// grouper finds the usage group of rows that are read in Go, as bulk reading does for its own: by a number made of
// everything that repeats from row to row, the month, and whether the row costs anything.
type grouper struct {
	rows, groups          []int // positions of the columns of rows and of groups
	date, credit, benefit int
	billed                int
	seen                  map[int64]int64 // second numbers by first ones, of all groups of the import
	text                  []byte
}

// group is a row's group: its two numbers, and whether this is its first row.
type group struct {
	first, second int64
	fresh         bool
}

func (im *importing) grouper() *grouper {
	schema := ingest.SchemaOf(ingest.KindUsage)
	if im.groupsSeen == nil {
		im.groupsSeen = map[int64]int64{}
	}
	g := &grouper{
		date: schema.Index("usage_date"), credit: schema.Index("credit_percent"), benefit: schema.Index("benefit_type"),
		billed: schema.Index("billing_pretax_total"), seen: im.groupsSeen,
	}
	for i, c := range schema.Columns {
		if usageRow[c.Name] {
			g.rows = append(g.rows, i)
		} else {
			g.groups = append(g.groups, i)
		}
	}
	return g
}

func (g *grouper) group(row *ingest.Row) (group, error) {
	g.text = append(append(g.text[:0], row.Set...), 0)
	for _, i := range g.groups {
		g.text = appendValue(g.text, &row.Values[i])
	}
	g.text = append(g.text, row.Values[g.date].Date().Month().String()...)
	if g.free(row) {
		g.text = append(g.text, '!')
	}
	sum := sha256.Sum256(g.text)
	found := group{first: number63(sum[:8]), second: number63(sum[8:16])}
	second, known := g.seen[found.first]
	if known && second != found.second {
		return group{}, errMixed
	}
	if !known {
		g.seen[found.first], found.fresh = found.second, true
	}
	return found, nil
}

// free says whether a row costs nothing: freeRow in Go.
func (g *grouper) free(row *ingest.Row) bool {
	switch row.Values[g.benefit].Text() {
	case "SavingsPlan", "Reservation":
		if row.Values[g.billed].Decimal().IsZero() {
			return true
		}
	}
	credit := &row.Values[g.credit]
	return !credit.IsNull() && credit.Decimal().Equal(hundred)
}

var hundred = money.FromInt(100)

// appendValue adds a value so that no two rows of values look alike: texts hold no zero.
func appendValue(to []byte, v *ingest.Value) []byte {
	to = append(to, byte(v.Type()))
	if s := v.Text(); s != "" {
		to = append(to, s...)
	} else {
		to = strconv.AppendInt(to, v.Int(), 36)
	}
	return append(to, 0)
}

func number63(b []byte) int64 { return int64(binary.BigEndian.Uint64(b) >> 1) }
