package pricing

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

// checkShape holds JSON against the Go type that target points to and reports every unknown field and wrong type with
// its JSON pointer. The standard decoder stops at the first fault and does not say where it is.
func checkShape(raw json.RawMessage, target any, place string) []errs.Field {
	var value any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		return []errs.Field{{Place: place, Code: "syntax", Detail: err.Error()}}
	}
	var s shape
	s.check(value, reflect.TypeOf(target).Elem(), place)
	return s.faults
}

type shape struct{ faults []errs.Field }

func (s *shape) fault(place, code, format string, args ...any) {
	s.faults = append(s.faults, errs.Field{Place: place, Code: errs.Code(code), Detail: fmt.Sprintf(format, args...)})
}

func (s *shape) check(value any, t reflect.Type, place string) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if value == nil {
		s.fault(place, "type", "null: leave the field out instead")
		return
	}
	if reflect.PointerTo(t).Implements(textType) {
		s.text(value, t, place)
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		s.object(value, t, place)
	case reflect.Map:
		s.entries(value, t, place)
	case reflect.Slice:
		s.list(value, t, place)
	default:
		s.scalar(value, t, place)
	}
}

func (s *shape) text(value any, t reflect.Type, place string) {
	word, ok := value.(string)
	if !ok {
		s.fault(place, "type", "%v: want a text in quotes, amounts too", value)
		return
	}
	v := reflect.New(t).Interface().(encoding.TextUnmarshaler) //nolint:forcetypeassert // checked by the caller
	if err := v.UnmarshalText([]byte(word)); err != nil {
		s.fault(place, "value", "%v", err)
	} else if d, ok := v.(*money.Decimal); ok && !storable(*d) {
		s.fault(place, "range", "%s: want at most 20 digits before the point and 18 after it", word)
	}
}

// storable says whether a number fits DECIMAL(38,18), in which all amounts are worked out.
func storable(d money.Decimal) bool {
	return d.Scale() <= money.WorkScale && d.Abs().Less(money.New(1, 38-money.WorkScale))
}

func (s *shape) object(value any, t reflect.Type, place string) {
	members, ok := value.(map[string]any)
	if !ok {
		s.fault(place, "type", "want an object")
		return
	}
	known := jsonFields(t)
	for _, name := range sortedKeys(members) {
		at := place + "/" + escapePointer(name)
		if ft, ok := known[name]; ok {
			s.check(members[name], ft, at)
		} else {
			s.fault(at, "unknown", "unknown field")
		}
	}
}

func (s *shape) entries(value any, t reflect.Type, place string) {
	members, ok := value.(map[string]any)
	if !ok {
		s.fault(place, "type", "want an object of currency and amount")
		return
	}
	for _, name := range sortedKeys(members) {
		s.check(members[name], t.Elem(), place+"/"+escapePointer(name))
	}
}

func (s *shape) list(value any, t reflect.Type, place string) {
	elements, ok := value.([]any)
	if !ok {
		s.fault(place, "type", "want an array")
		return
	}
	for i, e := range elements {
		s.check(e, t.Elem(), place+"/"+strconv.Itoa(i))
	}
}

func (s *shape) scalar(value any, t reflect.Type, place string) {
	ok, want := false, t.Kind().String()
	switch t.Kind() { //nolint:exhaustive // the kinds that rules are made of
	case reflect.String:
		_, ok = value.(string)
		want = "a text"
	case reflect.Bool:
		_, ok = value.(bool)
		want = "true or false"
	case reflect.Int, reflect.Int32, reflect.Int64:
		n, isNumber := value.(json.Number)
		_, err := strconv.ParseInt(n.String(), 10, t.Bits())
		ok, want = isNumber && err == nil, "a whole number"
	}
	if !ok {
		s.fault(place, "type", "%v: want %s", value, want)
	}
}

// jsonFields lists a struct's JSON names, with those of embedded structs.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	for f := range t.Fields() {
		if f.Anonymous {
			for name, ft := range jsonFields(f.Type) {
				known[name] = ft
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		known[name] = f.Type
	}
	return known
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// escapePointer writes a name as a token of a JSON pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
