package synth

import "strings"

// appendField writes a CSV cell, in quotes where it needs them.
func appendField(b []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

func appendFields(b []byte, fields ...string) []byte {
	for _, s := range fields {
		b = append(appendField(b, s), ',')
	}
	return b
}
