package pricing

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// maxRulesBytes is the largest rule file that is read: some 100,000 rules.
const maxRulesBytes = 64 << 20

// Decode reads price rules: one object, an array of them, or {"items":[...]} as `price rule list --json` prints them.
// Every unknown field, wrong type and bad rule is reported at once with its JSON pointer; on any fault no rule is
// returned. Codes: rule.malformed (not JSON at all), rule.invalid.
func Decode(r io.Reader) ([]Rule, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxRulesBytes+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "rule.unreadable", "read price rules: %w", err)
	}
	if len(text) > maxRulesBytes {
		return nil, errs.New(errs.Invalid, "rule.too_large", "price rules of more than %d MiB", maxRulesBytes>>20)
	}
	items, err := splitItems(text)
	if err != nil {
		return nil, err
	}
	var fields []errs.Field
	rules, seen := make([]Rule, 0, len(items)), map[string]string{}
	for _, it := range items {
		rule, faults := decodeRule(it)
		fields = append(fields, faults...)
		if first, twice := seen[rule.ID]; twice && rule.ID != "" {
			fields = append(fields, errs.Field{Place: it.place + "/id", Code: "duplicate", Detail: "the id of the rule at " + first})
		}
		seen[rule.ID] = it.place
		rules = append(rules, rule)
	}
	if err := errs.Join("rule.invalid", "the price rules are not valid", fields); err != nil {
		return nil, err
	}
	return rules, nil
}

// item is one rule's JSON and where it stands.
type item struct {
	place string
	raw   json.RawMessage
}

// splitItems finds the rules in any of the three forms.
func splitItems(text []byte) ([]item, error) {
	var list []json.RawMessage
	if json.Unmarshal(text, &list) == nil {
		return placed("", list), nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, errs.New(errs.Invalid, "rule.malformed", "price rules: want a JSON object or array: %w", err)
	}
	raw, wrapped := object["items"]
	if !wrapped {
		return []item{{"", text}}, nil
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, errs.New(errs.Invalid, "rule.malformed", "price rules: /items is not an array").
			With(errs.Field{Place: "/items", Code: "type", Detail: "want an array of rules"})
	}
	for key := range object {
		if key != "items" && key != "next_page_token" {
			return nil, errs.New(errs.Invalid, "rule.invalid", "the price rules are not valid").
				With(errs.Field{Place: "/" + escapePointer(key), Code: "unknown", Detail: "unknown field"})
		}
	}
	return placed("/items", list), nil
}

func placed(prefix string, list []json.RawMessage) []item {
	items := make([]item, len(list))
	for i, raw := range list {
		items[i] = item{prefix + "/" + strconv.Itoa(i), raw}
	}
	return items
}

// decodeRule checks the shape, then the meaning; the places of the faults carry the item's own.
func decodeRule(it item) (Rule, []errs.Field) {
	var rule Rule
	if faults := checkShape(it.raw, &rule, it.place); len(faults) > 0 {
		return rule, faults
	}
	if err := json.Unmarshal(it.raw, &rule); err != nil {
		return rule, []errs.Field{{Place: it.place, Code: "type", Detail: err.Error()}}
	}
	faults := rule.Validate()
	for i := range faults {
		faults[i].Place = it.place + faults[i].Place
	}
	return rule, faults
}
