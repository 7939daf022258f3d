package ingest

import (
	"encoding/json"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// recogniseItem tells the kind of a page by its first item.
func (s *Source) recogniseItem(list string, raw []byte, line int64) error {
	keys, ok := objectKeys(string(raw))
	if !ok {
		return errs.New(errs.Invalid, CodeUnknown, "%s: the list holds no objects", s.Name).With(
			errs.Field{Place: place(s.Name, line), Code: CodeUnknown, Detail: "not a JSON object"})
	}
	s.Header = keys
	if list == "meters" {
		return s.require(KindRateCard, line)
	}
	var typed struct{ Attributes struct{ ObjectType string } }
	_ = json.Unmarshal(raw, &typed) // without it the keys decide
	if k, ok := itemKinds[typed.Attributes.ObjectType]; ok {
		return s.require(k, line)
	}
	if k := kindOfKeys(keys); k != "" {
		return s.require(k, line)
	}
	return s.settle(line)
}

// recogniseObject tells the kind of a document that is one object.
func (s *Source) recogniseObject(members []member, line int64) error {
	if s.Kind != "" {
		return nil
	}
	s.Header = nil
	for _, m := range members {
		s.Header = append(s.Header, m.key)
	}
	if k := kindOfKeys(s.Header); k != "" {
		return s.require(k, line)
	}
	return s.settle(line)
}

// kindOfKeys knows what has no columns to match, and pages that do not say their type.
func kindOfKeys(keys []string) Kind {
	known := make(map[string]bool, len(keys))
	for _, k := range keys {
		known[normalName(k)] = true
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return !known[n] })
	}
	switch {
	case has("blobs", "etag"), has("blobs", "blobcount"), has("resourcelocation", "status"):
		return KindManifest
	case has("id", "totalcharges", "currencycode"):
		return KindDocument
	case has("balanceamount", "accountingdate"), has("link", "period", "title"):
		return KindNone
	case has("durableofferid"):
		return KindLegacyLicence
	case has("overagequantity", "pretaxcharges"):
		return KindLegacyUsage
	case has("consumedquantity", "resourceguid", "usagedate"):
		return KindLegacyDaily
	default:
		return ""
	}
}

// require settles on a kind whose key columns must be there.
func (s *Source) require(k Kind, line int64) error {
	if k == KindNone || k == KindManifest {
		s.Kind, s.schema = k, SchemaOf(k)
		if k == KindNone {
			s.note(NoteNoCharges, "", "recognised, but it carries no charges: nothing to import", line)
		}
		return nil
	}
	f := match(k, s.Header)
	if len(f.missing) > 0 {
		f.hits = max(f.hits, 10+len(f.missing)) // the kind is known for sure
		return s.unfit(f, line)
	}
	s.adopt(f)
	s.Unknown = slices.DeleteFunc(s.Unknown, func(name string) bool { return plumbing[name] })
	return nil
}
