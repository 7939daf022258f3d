package ingest

import (
	"compress/flate"
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/period"
)

// Format is how a file writes its rows.
type Format string

// The formats.
const (
	FormatCSV   Format = "csv"
	FormatJSONL Format = "jsonl" // one object a line
	FormatJSON  Format = "json"  // one document: a page of items, an array, a single object
)

// The variants of cost exports. Both tell the same money, amortized spread over what a commitment covers; so they are
// never one data set, and never charged together.
const (
	VariantActual    = "actual"
	VariantAmortized = "amortized"
)

// Source is an input file that was recognised.
type Source struct {
	Path    string // where it lies
	Name    string // the path's last part, used in places
	Kind    Kind
	Format  Format
	Packing Packing
	BOM     bool
	Comma   byte         // CSV: what separates cells: , ; or tab
	View    string       // price sheets: azure_consumption, azure_reservations, updatedlicensebased, software, rate-card
	Variant string       // usage: portal | v1 | graph; cost exports: actual | amortized | ""
	Month   period.Month // price sheets and FX: month of the sheet; unbilled files: billing period; else none
	Invoice string       // invoice that a page's own link names, for items that do not
	Header  []string     // CSV header, or the keys of the first object
	Columns []int        // header position -> schema column, -1 unknown
	Unknown []string     // header names that no column takes
	Notes   []Note       // what Inspect found worth telling
	Sniff   []ColumnHint // for each schema column, from the first rows
	Empty   bool         // a page without items
	Bytes   int64        // decompressed; filled by Digest
	Lines   int64        // of a text file, the last one counted with or without its end; filled by Digest
	SHA256  string       // of the decompressed bytes, hex; filled by Digest

	currency string // of a rate card
	market   string // of a rate card
	unbilled bool   // the first row has no invoice number
	zeros    bool   // it holds bytes of 0, which no text may have

	schema  Schema
	targets []target // beside Header
}

// Gzip says whether the file is gzip.
func (s *Source) Gzip() bool { return s.Packing == PackingGzip }

// Schema is SchemaOf the source's kind.
func (s *Source) Schema() Schema { return s.schema }

// Style is how the cells of a column are written, as far as the first rows tell.
type Style uint8

// The styles. StyleMixed says that one SQL cast does not fit all of them.
const (
	StyleNone  Style = iota // no cell held anything
	StylePlain              // number with a point, or digits alone
	StyleComma              // number with a decimal comma or thousands
	StyleISO                // YYYY-MM-DD, or with T00:00:00 and Z or nothing
	StyleUS                 // M/D/YYYY without a time
	StyleMixed              // anything else
)

// ColumnHint tells bulk SQL how a schema column is fed.
type ColumnHint struct {
	From  int // header position that feeds the column, -1 none
	Style Style
}

// Direct says whether every schema column is fed by at most one header column, as written: without fractions, flags
// or a second spelling. Only then may SQL read the file in place of Rows.
func (s *Source) Direct() bool {
	if s.Format != FormatCSV || s.Packing == PackingZip || s.zeros {
		return false
	}
	fed := make(map[int32]bool)
	for _, t := range s.targets {
		if t.col < 0 {
			continue
		}
		if t.mode != modePlain || fed[t.col] {
			return false
		}
		fed[t.col] = true
	}
	return true
}

// mode is how a cell becomes its column's value.
type mode uint8

const (
	modePlain    mode = iota
	modeFraction      // a rate from 0 to 1 of a percent column
	modeFlag          // a boolean in a percent column's place
)

// target is the schema column that a header name feeds, and how good a spelling of it the name is (0 is the best).
type target struct {
	col  int32
	rank uint8
	mode mode
}

var unknownTarget = target{col: -1}

// normalName makes header spellings comparable: no case, no spaces, no byte order mark.
func normalName(s string) string {
	s = strings.TrimPrefix(s, "\ufeff")
	return strings.ToLower(strings.Join(strings.Fields(s), ""))
}

func isFlate(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}
