package ingest

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// rowKinds are the kinds whose rows are told by column names, the more particular first: what has a usage date and a
// billing total is usage though it also has a currency.
var rowKinds = []Kind{KindUsage, KindRecon, KindPrice, KindFX, KindFocus, KindCost}

// itemKinds are the kinds of JSON pages by attributes.objectType, where a page says it.
var itemKinds = map[string]Kind{
	"DailyRatedUsageLineItem": KindUsage,
	"OneTimeInvoiceLineItem":  KindRecon,
	"LicenseBasedLineItem":    KindLegacyLicence,
	"UsageBasedLineItem":      KindLegacyUsage,
	"DailyUsageLineItem":      KindLegacyDaily,
	"Invoice":                 KindDocument,
	"InvoiceSummary":          KindNone,
}

// known is a kind's schema with every accepted spelling of its columns.
type known struct {
	schema Schema
	names  map[string]target
}

// knownKinds is the table of them, which every file is held against; nobody changes it.
var knownKinds = sync.OnceValue(func() map[Kind]known {
	m := map[Kind]known{}
	for _, k := range []Kind{KindUsage, KindRecon, KindLegacyLicence, KindLegacyUsage, KindLegacyDaily, KindPrice, KindRateCard, KindFX, KindDocument, KindFocus, KindCost} {
		s := SchemaOf(k)
		m[k] = known{s, s.lookup()}
	}
	return m
})

// lookup maps every accepted spelling of a schema to its column.
func (s Schema) lookup() map[string]target {
	m := make(map[string]target, 2*len(s.Columns))
	add := func(name string, t target) {
		if _, taken := m[normalName(name)]; !taken {
			m[normalName(name)] = t
		}
	}
	for i, c := range s.Columns {
		if c.Derived {
			continue
		}
		names := append([]string{strings.ReplaceAll(c.Name, "_", "")}, c.Aliases...)
		for j, name := range names {
			add(name, target{col: int32(i), rank: uint8(j)})
		}
		add(c.Name, target{col: int32(i)})
		for _, name := range c.Fractions {
			add(name, target{col: int32(i), rank: 100, mode: modeFraction})
		}
		for j, name := range c.Flags {
			add(name, target{col: int32(i), rank: 200 + uint8(j), mode: modeFlag})
		}
	}
	return m
}

// fit is how well a header suits a kind.
type fit struct {
	schema  Schema
	targets []target
	hits    int
	missing []string // key columns, in the schema's words
}

// match maps a header onto a kind's schema.
func match(k Kind, header []string) fit {
	of := knownKinds()[k]
	f := fit{schema: of.schema, targets: make([]target, len(header))}
	names, seen := of.names, make([]bool, len(f.schema.Columns))
	for i, h := range header {
		t, ok := names[normalName(h)]
		if !ok {
			f.targets[i] = unknownTarget
			continue
		}
		f.targets[i] = t
		if !seen[t.col] {
			f.hits++
		}
		seen[t.col] = true
	}
	for i, c := range f.schema.Columns {
		if c.Key && !seen[i] {
			f.missing = append(f.missing, spelling(c))
		}
	}
	return f
}

// spelling is the name that a person would look for in the file.
func spelling(c Column) string {
	if len(c.Aliases) > 0 {
		return c.Aliases[0]
	}
	var b strings.Builder
	for _, part := range strings.Split(c.Name, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// best picks the kind that a header fits: of those without a missing key column the one with most columns known;
// otherwise the nearest, for naming what it lacks.
func best(header []string) (fit, bool) {
	var found, near fit
	for _, k := range rowKinds {
		f := match(k, header)
		if len(f.missing) == 0 && f.hits > found.hits {
			found = f
		}
		if near.schema.Kind == "" || closeness(f) > closeness(near) {
			near = f
		}
	}
	if found.hits > 0 {
		return found, true
	}
	return near, false
}

// closeness orders kinds by known columns less missing keys.
func closeness(f fit) int { return f.hits - 2*len(f.missing) }

// unfit is the refusal of a header that no kind takes, with every missing key column by name.
func (s *Source) unfit(near fit, line int64) error {
	if near.hits <= len(near.missing) || near.hits*3 < len(near.targets) && near.hits < 10 {
		return errs.New(errs.Invalid, CodeUnknown, "%s: the header fits no kind of file that is known", s.Name).With(
			errs.Field{Place: place(s.Name, line), Code: CodeUnknown, Detail: "unknown header: " + head(s.Header)})
	}
	e := errs.New(errs.Invalid, CodeColumns, "%s: looks like %s, but key columns are missing", s.Name, near.schema.Kind)
	for _, m := range near.missing {
		e = e.With(errs.Field{Place: place(s.Name, line) + ":" + m, Code: CodeColumns, Detail: "column " + m + " is missing"})
	}
	return e
}

func place(name string, line int64) string { return fmt.Sprintf("%s:%d", name, line) }

// head is the header's first names, for a message.
func head(header []string) string {
	const most = 6
	if len(header) > most {
		return strings.Join(header[:most], ", ") + ", …"
	}
	return strings.Join(header, ", ")
}

// adopt takes over what a header was matched to.
func (s *Source) adopt(f fit) {
	s.Kind, s.schema, s.targets = f.schema.Kind, f.schema, f.targets
	s.Columns, s.Unknown = make([]int, len(f.targets)), nil
	for i, t := range f.targets {
		s.Columns[i] = int(t.col)
		if t.col < 0 {
			s.Unknown = append(s.Unknown, s.Header[i])
		}
	}
}

// twice refuses two header cells of one name.
func (s *Source) twice(line int64) error {
	seen := make(map[string]bool, len(s.Header))
	var fields []errs.Field
	for _, h := range s.Header {
		n := normalName(h)
		if n != "" && seen[n] {
			fields = append(fields, errs.Field{Place: place(s.Name, line) + ":" + h, Code: CodeTwice, Detail: "column " + h + " stands twice"})
		}
		seen[n] = true
	}
	return errs.Join(CodeTwice, s.Name+": two columns have one name", fields)
}
