package pricing

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/google/go-cmp/cmp"
)

const oneRule = `{"id":"C2","select":{"meterId":"5f7eb538"},"base":"fixed","fixedPrice":{"EUR":"0.4633","DKK":"3.2500"},
 "validFrom":"2026-01-01","validTo":"2026-12-31","priority":3,
 "rounding":{"mode":"half-up","scale":2,"level":"group","group":["customer","currency"]}}`

func TestRulesAreReadInThreeForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{oneRule, "[" + oneRule + "]", `{"items":[` + oneRule + "]}"} {
		rules, err := Decode(strings.NewReader(text))
		if err != nil || len(rules) != 1 {
			t.Fatalf("%d rules, %v", len(rules), err)
		}
		r := rules[0]
		if r.ID != "C2" || r.FixedPrice["EUR"].String() != "0.4633" || r.Rounding.Scale != 2 || len(r.Rounding.Group) != 2 ||
			r.ValidTo.String() != "2026-12-31" || r.Priority != 3 || r.Select.MeterID != "5f7eb538" {
			t.Errorf("rule %+v", r)
		}
	}
}

func TestRulesSurviveWritingAndReading(t *testing.T) {
	t.Parallel()
	rules, err := Decode(strings.NewReader(`[` + oneRule + `,{"id":"M","select":{},"base":"cost","operations":[{"percent":"10"},
	 {"graduated":{"EUR":[{"upTo":"10","price":"1"},{"price":"0.5"}]}},{"floor":"cost"}],"minimumFee":{"EUR":"5"},"prorate":true,
	 "per":["customer"],"currency":"CHF","fx":{"source":"fixed","rate":"0.94"},"chargeOnZeroCost":true}]`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"items": rules})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Decode(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	second, _ := json.Marshal(map[string]any{"items": again})
	if diff := cmp.Diff(string(text), string(second)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFaultOfARuleFileIsReported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"unknown fields", `[{"id":"a","base":"cost","markup":"3"},{"id":"b","base":"cost","select":{"colour":"red"}}]`, "/0/markup /1/select/colour"},
		{"wrong types", `{"items":[{"id":7,"base":"cost","priority":"high","operations":[{"percent":10}],"validFrom":"1 May"}]}`, "/items/0/id /items/0/operations/0/percent /items/0/priority /items/0/validFrom"},
		{"a null and a bad amount", `{"id":null,"base":"fixed","fixedPrice":{"EUR":"1,5"}}`, "/fixedPrice/EUR /id"},
		{"an escaped name", `{"id":"a","base":"cost","a/b~c":1}`, "/a~1b~0c"},
		{"no base", `{"id":"a"}`, "/base"},
		{"unknown base", `{"id":"a","base":"list"}`, "/base"},
		{"fixed without price", `{"id":"a","base":"fixed"}`, "/fixedPrice"},
		{"price without fixed", `{"id":"a","base":"cost","fixedPrice":{"EUR":"1"}}`, "/fixedPrice"},
		{"operations", `{"id":"a","base":"cost","operations":[{},{"percent":"1","discount":"2"},{"marginOfSell":"100"},{"percent":"-101"},{"discount":"101"},{"floor":"retail"},{"min":{"eur":"-1"}}]}`, "/operations/0 /operations/1 /operations/2/marginOfSell /operations/3/percent /operations/4/discount /operations/5/floor /operations/6/min/eur /operations/6/min/eur"},
		{"tiers", `{"id":"a","base":"cost","operations":[{"volume":{"EUR":[{"upTo":"10","price":"-1"},{"upTo":"5","price":"1"},{"upTo":"20","price":"1"}]}},{"graduated":{"EUR":[{"price":"1"},{"price":"1"}]}}]}`, "/operations/0/volume/EUR/0/price /operations/0/volume/EUR/1/upTo /operations/0/volume/EUR/2/upTo /operations/1/graduated/EUR/0/upTo"},
		{"share of credit", `{"id":"a","base":"cost","pecSharePercent":"101"}`, "/pecSharePercent /pecSharePercent"},
		{"validity", `{"id":"a","base":"cost","validFrom":"2026-02-01","validTo":"2026-01-31"}`, "/validTo"},
		{"selector", `{"id":"a","base":"cost","select":{"productCategory":"azure","publisherClass":"me","currency":"€","tag":"=x"}}`, "/select/productCategory /select/publisherClass /select/currency /select/tag"},
		{"minimum", `{"id":"a","minimumFee":{"EUR":"-1"},"per":["week"]}`, "/minimumFee/EUR /per/0"},
		{"no minimum", `{"id":"a","base":"cost","per":["month"],"prorate":true}`, "/per /prorate"},
		{"currency", `{"id":"a","base":"cost","fx":{"source":"guess","rate":"0"}}`, "/currency /fx/source /fx/rate"},
		{"fixed rate", `{"id":"a","base":"cost","currency":"CHF","fx":{"source":"fixed"}}`, "/fx/rate"},
		{"rounding", `{"id":"a","base":"cost","rounding":{"mode":"near","scale":13,"level":"page","group":["x"]}}`, "/rounding/mode /rounding/level /rounding/scale /rounding/group /rounding/group/0"},
		{"group without keys", `{"id":"a","base":"cost","rounding":{"mode":"down","scale":2,"level":"group"}}`, "/rounding/group"},
		{"bundle", `{"id":"a","base":"cost","bundle":{"sku":"","title":"x","price":{},"components":[{"productId":"","weight":"0"}]}}`, "/base /bundle/sku /bundle/price /bundle/components/0/productId /bundle/components/0/weight"},
		{"a number that is too long", `{"id":"a","base":"cost","operations":[{"percent":"0.1234567890123456789"},{"marginOfSell":"1e20"}]}`, "/operations/0/percent /operations/1/marginOfSell"},
		{"an id twice", `[{"id":"a","base":"cost"},{"id":"a","base":"cost"}]`, "/1/id"},
		{"items is no array", `{"items":{}}`, "/items"},
		{"a field beside items", `{"items":[],"rules":[]}`, "/rules"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rules, err := Decode(strings.NewReader(c.text))
			var e *errs.Error
			if !errors.As(err, &e) || rules != nil || !errors.Is(err, errs.Invalid) {
				t.Fatalf("rules %v, error %v", rules, err)
			}
			var places []string
			for _, f := range e.Fields {
				places = append(places, f.Place)
			}
			if got := strings.Join(places, " "); got != c.want {
				t.Errorf("faults\n%s\nwant\n%s\n%v", got, c.want, err)
			}
		})
	}
	for _, text := range []string{"", "7", `"x"`, `{"id":"a"`, `[{"id":"a","base":"cost"}] x`} {
		if _, err := Decode(strings.NewReader(text)); !errors.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(oneRule)
	f.Add(`{"items":[{"id":"a","base":"cost","operations":[{"percent":"1e400"}]}]}`)
	f.Add(`[null]`)
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := Decode(strings.NewReader(text))
		if err != nil {
			if rules != nil || !errors.Is(err, errs.Invalid) {
				t.Fatalf("%d rules with %v", len(rules), err)
			}
			return
		}
		book := NewBook(rules)
		for _, r := range book.Rules() {
			if r.Bundle == nil && r.Prices() && book.inapplicable(r, &Subject{Currency: "EUR"}) == "" {
				book.Price(line("82.37", "96.91"), r)
			}
		}
	})
}
