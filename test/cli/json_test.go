package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// jsonAt checks the document that the last command printed:
//
//	json PATH VALUE        the value is this, as JSON: "text" has quotes
//	json PATH len N        the list has so many elements
//	json PATH match REGEXP the text matches
//
// A path is keys with dots, [N] for an element, [key=value] for the first element that has it.
func jsonAt(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: json PATH VALUE | len N | match REGEXP")
	}
	v := lookup(ts, args[0])
	text, err := compact(v)
	ts.Check(err)
	var ok bool
	switch {
	case len(args) == 3 && args[1] == "len":
		list, isList := v.([]any)
		ok = isList && strconv.Itoa(len(list)) == args[2]
		text = fmt.Sprintf("%d elements", len(list))
	case len(args) == 3 && args[1] == "match":
		s, isText := v.(string)
		ok = isText && regexp.MustCompile(args[2]).MatchString(s)
	case len(args) == 2:
		ok = text == args[1]
	default:
		ts.Fatalf("usage: json PATH VALUE | len N | match REGEXP")
	}
	if ok == neg {
		ts.Fatalf("%s is %s", args[0], text)
	}
}

// keep NAME PATH puts a text of the last document into a variable of the script.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME PATH")
	}
	s, ok := lookup(ts, args[1]).(string)
	if !ok {
		ts.Fatalf("%s is no text", args[1])
	}
	ts.Setenv(args[0], s)
}

// shape PATH KEY:TYPE... wants keys and their types; PATH[] means every element, of which there is at least one.
func shape(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: shape PATH KEY:TYPE...")
	}
	path, every := strings.CutSuffix(args[0], "[]")
	elements := []any{lookup(ts, path)}
	if every {
		list, ok := elements[0].([]any)
		if !ok || len(list) == 0 {
			ts.Fatalf("%s has no element", path)
		}
		elements = list
	}
	for i, e := range elements {
		object, ok := e.(map[string]any)
		if !ok {
			ts.Fatalf("%s, element %d, is no object", path, i)
		}
		for _, want := range args[1:] {
			key, kind, _ := strings.Cut(want, ":")
			v, there := object[key]
			if !there {
				ts.Fatalf("%s, element %d, has no %s", path, i, key)
			}
			if !is(v, kind) {
				ts.Fatalf("%s, element %d: %s is %v, want %s", path, i, key, v, kind)
			}
		}
	}
}

var (
	amount = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	whole  = regexp.MustCompile(`^-?[0-9]+$`)
	day    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	mon    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)
)

func is(v any, kind string) bool {
	if rest, optional := strings.CutSuffix(kind, "?"); optional {
		return v == nil || is(v, rest)
	}
	switch v := v.(type) {
	case nil:
		return kind == "null"
	case string:
		return kind == "text" || kind == "amount" && amount.MatchString(v) || kind == "day" && day.MatchString(v) || kind == "month" && mon.MatchString(v)
	case json.Number:
		return kind == "number" || kind == "count" && whole.MatchString(v.String())
	case bool:
		return kind == "bool"
	case []any:
		return kind == "list"
	default:
		return kind == "object"
	}
}

func compact(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSpace(b.String()), err
}

var step = regexp.MustCompile(`^(?:\.?([A-Za-z0-9_$-]+)|\[([0-9]+)\]|\[([a-z_.]+)=([^\]]*)\])`)

func lookup(ts *testscript.TestScript, path string) any {
	v, err := decodeOne(ts.ReadFile("stdout"))
	ts.Check(err)
	v, err = at(v, path)
	ts.Check(err)
	return v
}

// at follows a path.
func at(v any, path string) (any, error) {
	for rest := strings.TrimPrefix(path, "$"); rest != ""; {
		m := step.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("path %s: cannot read %q", path, rest)
		}
		var err error
		if v, err = follow(v, m[1], m[2], m[3], m[4]); err != nil {
			return nil, fmt.Errorf("path %s: %w", path, err)
		}
		rest = rest[len(m[0]):]
	}
	return v, nil
}

func follow(v any, key, index, name, value string) (any, error) {
	if key != "" {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("no object has %s here", key)
		}
		e, there := object[key]
		if !there {
			return nil, fmt.Errorf("there is no %s", key)
		}
		return e, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("no list is here")
	}
	if index != "" {
		n, err := strconv.Atoi(index)
		if err != nil || n >= len(list) {
			return nil, fmt.Errorf("the list has %d elements", len(list))
		}
		return list[n], nil
	}
	for _, e := range list {
		if got, err := at(e, name); err == nil && fmt.Sprint(got) == value {
			return e, nil
		}
	}
	return nil, fmt.Errorf("no element has %s=%s", name, value)
}
