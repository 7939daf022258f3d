package ingest

// Kind says what a file holds; it decides aliases and key columns, and is the first part of a data set's key.
type Kind string

// The kinds. Those without a table carry no charges.
const (
	KindUsage         Kind = "usage"                // daily-rated usage (A4)
	KindRecon         Kind = "recon"                // new-commerce reconciliation lines (A5)
	KindLegacyLicence Kind = "recon-legacy-licence" // LicenseBasedLineItem (A5b)
	KindLegacyUsage   Kind = "recon-legacy-usage"   // UsageBasedLineItem (A5b)
	KindLegacyDaily   Kind = "recon-legacy-daily"   // DailyUsageLineItem, quantities without prices (A5b)
	KindPrice         Kind = "price"                // price sheets of all views (A1, A2, A3)
	KindRateCard      Kind = "price-rate-card"      // legacy RateCard JSON, in the price table (A1)
	KindFX            Kind = "fx"                   // exchange rates of a month (A7)
	KindDocument      Kind = "document"             // invoices, their amendments flattened (A6)
	KindFocus         Kind = "focus"                // FOCUS 1.0 to 1.2 (A8), in the cost table
	KindCost          Kind = "cost"                 // Azure Cost Management exports (A9), in the cost table
	KindManifest      Kind = "manifest"             // names the blobs of an export; no rows
	KindNone          Kind = "none"                 // recognised, carries no charges: summaries, estimate links; no rows
)

// The lake's tables.
const (
	TableUsage    = "usage"
	TableRecon    = "recon_line"
	TablePrice    = "price"
	TableFX       = "fx"
	TableDocument = "document"
	TableCost     = "cost"
)

// FamilyLegacyDaily marks lines of legacy daily usage: quantities without prices, detail only, never charged.
const FamilyLegacyDaily = "legacy-daily"

// Type is the type of a column and of a value.
type Type uint8

// The types. Null is the type of an empty value only.
const (
	Null      Type = iota
	Text           // UTF-8
	Decimal        // plain digits, at most 20 before and 18 after the point
	Date           // calendar day, UTC
	Timestamp      // instant in microseconds, UTC
	Int            // 64-bit integer
	Bool
)

// Column is one column of a table and how the files of a kind spell it.
type Column struct {
	Name      string   // canonical snake_case
	Type      Type     //
	Aliases   []string // other accepted header spellings, best first; case and spaces do not count
	Fractions []string // spellings whose number is a fraction (0..1) of the column's percent
	Flags     []string // spellings whose boolean stands for the column when no number does
	Key       bool     // a file without the column is refused
	Required  bool     // an empty cell is a fault
	Derived   bool     // filled by the package from other columns, never read
	Lenient   bool     // mends what spec-clean files do not have: currency signs, two-digit years, literal NULL
	Clean     func(string) (string, error)
}

// Schema is a table as the files of one kind fill it. All kinds of one table have the same columns in the same order.
type Schema struct {
	Kind    Kind
	Table   string
	Columns []Column
}

// Index is the position of a column, -1 when there is none.
func (s Schema) Index(name string) int {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// SchemaOf returns the schema of a kind; kinds without rows have no columns.
func SchemaOf(k Kind) Schema {
	switch k {
	case KindUsage:
		return Schema{k, TableUsage, usageColumns()}
	case KindRecon:
		return Schema{k, TableRecon, reconColumns()}
	case KindLegacyLicence:
		return Schema{k, TableRecon, legacyColumns(legacyLicence)}
	case KindLegacyUsage:
		return Schema{k, TableRecon, legacyColumns(legacyUsage)}
	case KindLegacyDaily:
		return Schema{k, TableRecon, legacyColumns(legacyDaily)}
	case KindPrice:
		return Schema{k, TablePrice, priceColumns()}
	case KindRateCard:
		return Schema{k, TablePrice, rateCardColumns()}
	case KindFX:
		return Schema{k, TableFX, fxColumns()}
	case KindDocument:
		return Schema{k, TableDocument, documentColumns()}
	case KindFocus:
		return Schema{k, TableCost, focusColumns()}
	case KindCost:
		return Schema{k, TableCost, costColumns()}
	default:
		return Schema{Kind: k}
	}
}

// Tables lists a kind for each table, for making tables before any file is seen.
func Tables() []Schema {
	return []Schema{
		SchemaOf(KindUsage), SchemaOf(KindRecon), SchemaOf(KindPrice), SchemaOf(KindFX),
		SchemaOf(KindDocument), SchemaOf(KindFocus),
	}
}
