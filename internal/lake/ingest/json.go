package ingest

import (
	"encoding/json"
	"errors"
	"strings"
)

// Faults of JSON text.
var (
	errJSON   = errors.New("the row is not a JSON object")
	errSyntax = errors.New("what follows is not JSON")
	errList   = errors.New("items, value or meters is not a list")
)

// scanObject reads a JSON object of one level and calls emit for each member with its text; nested values come as
// they are written, null and empty ones as "". It keeps the digits of numbers and allocates only for escaped strings. rest is what follows.
func scanObject(s string, emit func(key, cell string, at int) error) (rest int, err error) {
	i := space(s, 0)
	if i >= len(s) || s[i] != '{' {
		return i, errJSON
	}
	i = space(s, i+1)
	if i < len(s) && s[i] == '}' {
		return i + 1, nil
	}
	for {
		key, next, ok := scanString(s, i)
		if !ok {
			return i, errJSON
		}
		i = space(s, next)
		if i >= len(s) || s[i] != ':' {
			return i, errJSON
		}
		i = space(s, i+1)
		cell, next, ok := scanValue(s, i)
		if !ok {
			return i, errJSON
		}
		if err := emit(key, cell, i); err != nil {
			return i, err
		}
		i = space(s, next)
		if i < len(s) && s[i] == '}' {
			return i + 1, nil
		}
		if i >= len(s) || s[i] != ',' {
			return i, errJSON
		}
		i = space(s, i+1)
	}
}

func space(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r') {
		i++
	}
	return i
}

// scanString reads a JSON string at s[i].
func scanString(s string, i int) (value string, next int, ok bool) {
	if i >= len(s) || s[i] != '"' {
		return "", i, false
	}
	escaped := false
	for j := i + 1; j < len(s); j++ {
		switch c := s[j]; {
		case c == '\\':
			escaped = true
			j++
		case c == '"' && !escaped:
			return s[i+1 : j], j + 1, true
		case c == '"':
			v, ok := unescape(s[i : j+1])
			return v, j + 1, ok
		case c < ' ':
			return "", i, false
		}
	}
	return "", i, false
}

// unescape reads a quoted JSON string that holds escapes; the common ones without the decoder.
func unescape(s string) (string, bool) {
	if strings.Contains(s, `\u`) {
		var v string
		err := json.Unmarshal([]byte(s), &v)
		return v, err == nil
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 1; i < len(s)-1; i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		const from, to = `"\/nrtbf`, "\"\\/\n\r\t\b\f"
		k := strings.IndexByte(from, s[i])
		if k < 0 {
			return "", false
		}
		b.WriteByte(to[k])
	}
	return b.String(), true
}

// scanValue reads any JSON value at s[i].
func scanValue(s string, i int) (cell string, next int, ok bool) {
	if i >= len(s) {
		return "", i, false
	}
	switch s[i] {
	case '"':
		return scanString(s, i)
	case '{', '[':
		next, ok = skipNested(s, i)
		if !ok || !json.Valid([]byte(s[i:next])) {
			return "", i, false
		}
		cell = s[i:next]
		if inner := space(cell, 1); inner == len(cell)-1 {
			cell = "" // {} and [] hold nothing
		}
		return cell, next, true
	default:
		return scanLiteral(s, i)
	}
}

// scanLiteral reads a number, true, false or null.
func scanLiteral(s string, i int) (string, int, bool) {
	j := i
	for j < len(s) && strings.IndexByte(" \t\r\n,}]", s[j]) < 0 {
		j++
	}
	switch word := s[i:j]; word {
	case "null":
		return "", j, true
	case "true", "false":
		return word, j, true
	default:
		return word, j, numberSyntax(word)
	}
}

// numberSyntax says whether s is a number by JSON's grammar.
func numberSyntax(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if strings.HasPrefix(s, ".") {
		n := digits(s[1:])
		if n == 0 {
			return false
		}
		s = s[1+n:]
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n]-'0' <= 9 {
		n++
	}
	return n
}

// skipNested finds the end of an array or object.
func skipNested(s string, i int) (int, bool) {
	depth, inString := 0, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return i, false
}
