package ingest

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func members(s string) (map[string]string, bool) {
	m := make(map[string]string)
	rest, err := scanObject(s, func(key, cell string, _ int) error {
		m[key] = cell
		return nil
	})
	return m, err == nil && space(s, rest) == len(s)
}

func TestScanObject(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     map[string]string
		ok       bool
	}{
		{"numbers keep their digits", `{"a":0.10,"b":-1E-07,"c":"1,5"}`, map[string]string{"a": "0.10", "b": "-1E-07", "c": "1,5"}, true},
		{"null and empty are nothing", `{"a":null,"b":"","c":{},"d":[ ]}`, map[string]string{"a": "", "b": "", "c": "", "d": ""}, true},
		{"booleans", `{ "a" : true , "b" : false }`, map[string]string{"a": "true", "b": "false"}, true},
		{"nested text comes as written", `{"a":{"b":[1, "}"]},"c":1}`, map[string]string{"a": `{"b":[1, "}"]}`, "c": "1"}, true},
		{"escapes", `{"a":"q\"\\\/\n\u00e9\ud83d\ude00"}`, map[string]string{"a": "q\"\\/\né😀"}, true},
		{"an empty object", `{}`, map[string]string{}, true},
		{"a leading zero is no number", `{"a":01}`, nil, false},
		{"NaN is no number", `{"a":NaN}`, nil, false},
		{"a bare word", `{"a":yes}`, nil, false},
		{"a trailing comma", `{"a":1,}`, nil, false},
		{"cut in a string", `{"a":"b`, nil, false},
		{"cut behind a member", `{"a":1`, nil, false},
		{"a control character in a string", "{\"a\":\"\n\"}", nil, false},
		{"text behind", `{"a":1}x`, nil, false},
		{"an array", `[1]`, nil, false},
		{"broken nested value", `{"a":{"b":}}`, nil, false},
		{"an unknown escape", `{"a":"\q"}`, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := members(tt.in)
			if ok != tt.ok {
				t.Fatalf("ok is %v, want %v", ok, tt.ok)
			}
			if ok {
				has(t, got, tt.want)
			}
		})
	}
}

// The scanner takes what encoding/json takes, and reads the same texts.
func FuzzScanObject(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":"\u0041","b":[{}],"c":null}`, `{"a":-0.0e+1}`, `{"":""}`, `{"a":"\ud800"}`, ` { } `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // refused before it is scanned
		}
		got, ok := members(s)
		valid := json.Valid([]byte(s)) && strings.HasPrefix(strings.TrimLeft(s, " \t\r\n"), "{")
		if ok != valid {
			t.Fatalf("scanner says %v of %q, encoding/json says %v", ok, s, valid)
		}
		var want map[string]any
		if !ok || json.Unmarshal([]byte(s), &want) != nil {
			return
		}
		for k, v := range want {
			text, isText := v.(string)
			if isText && got[k] != text && !strings.ContainsRune(text, '\ufffd') {
				t.Fatalf("%q is %q, want %q", k, got[k], text)
			}
		}
	})
}
