package ingest

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
		err            error
	}{
		{"a plain number", "1234.5", "1234.5", nil},
		{"zero", "0", "0", nil},
		{"minus zero is zero", "-0", "0", nil},
		{"minus zero with decimals is zero", "-0.00", "0.00", nil},
		{"trailing zeros stay", "38.80", "38.80", nil},
		{"a leading point", ".5", "0.5", nil},
		{"a plus sign", "+3", "3", nil},
		{"leading zeros go", "007", "7", nil},
		{"spaces around", " 12 ", "12", nil},
		{"thousands and a point", "1,234.5", "1234.5", nil},
		{"millions and a point", "-1,234,567.25", "-1234567.25", nil},
		{"two groups without a point", "1,234,567", "1234567", nil},
		{"decimal comma with four digits", "0,0870", "0.0870", nil},
		{"decimal comma with two digits", "-48,50", "-48.50", nil},
		{"decimal comma with one digit", "-9,7", "-9.7", nil},
		{"points and a decimal comma", "1.234.567,89", "1234567.89", nil},
		{"one point and a decimal comma", "1.234,567", "1234.567", nil},
		{"E notation", "8E-7", "0.0000008", nil},
		{"E notation without decimals", "1.5E+3", "1500", nil},
		{"18 decimals", "0.123456789012345678", "0.123456789012345678", nil},
		{"more than 18 decimals round half up", "0.0000000000000000015", "0.000000000000000002", nil},
		{"zeros behind the 18th decimal are no decimals", "0.5000000000000000000000", "0.5", nil},
		{"20 digits before the point", "12345678901234567890", "12345678901234567890", nil},
		{"one comma and three digits", "1,234", "", errAmbiguous},
		{"one comma and three digits behind a zero", "0,087", "", errAmbiguous},
		{"one comma and three digits behind many", "123456,789", "", errAmbiguous},
		{"negative and ambiguous", "-1,234", "", errAmbiguous},
		{"ambiguous with an exponent", "1,234E2", "", errAmbiguous},
		{"21 digits before the point", "123456789012345678901", "", errTooLong},
		{"a huge exponent", "1E30", "", errTooLong},
		{"a group of two", "1,23,456.7", "", errNumber},
		{"a group that is empty", ",123,456", "", errNumber},
		{"commas behind the point", "1.5,5,5", "", errNumber},
		{"two points", "1.2.3", "", errNumber},
		{"a word", "NaN", "", errNumber},
		{"infinity", "Infinity", "", errNumber},
		{"a currency sign", "$5", "", errNumber},
		{"only a sign", "-", "", errNumber},
		{"only a point", ".", "", errNumber},
		{"a point at the end", "5.", "5", nil},
		{"a percent sign", "15%", "", errNumber},
		{"digits of another script", "١٢", "", errNumber},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := parseNumber(tt.in, MaxScale)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("parseNumber(%q) = %q, %v; want %q, %v", tt.in, got, err, tt.want, tt.err)
			}
		})
	}
}

func TestEffectiveUnitPriceKeeps24Decimals(t *testing.T) {
	t.Parallel()
	got, err := cleanPrice("0.1999968000511991808131")
	if got != "0.1999968000511991808131" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// Every spelling of one number reads as that number.
func TestNumberSpellings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.StringMatching(`[1-9][0-9]{0,11}`).Draw(t, "whole")
		frac := rapid.StringMatching(`[0-9]{1,12}`).Draw(t, "frac")
		sign := rapid.SampledFrom([]string{"", "-"}).Draw(t, "sign")
		plain := sign + whole + "." + frac
		spellings := []string{plain, sign + group(whole, ",") + "." + frac, plain + "E0"}
		if len(frac) != 3 {
			spellings = append(spellings, sign+whole+","+frac)
		}
		if len(whole) > 3 {
			spellings = append(spellings, sign+group(whole, ".")+","+frac)
		}
		for _, s := range spellings {
			got, _, err := parseNumber(s, MaxScale)
			if err != nil || !money.MustParse(got).Equal(money.MustParse(plain)) {
				t.Fatalf("%q is read as %q, %v; want %s", s, got, err, plain)
			}
		}
	})
}

// group writes separators between groups of three digits.
func group(s, separator string) string {
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), separator)
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1", "-0.5", "1,234", "1,234.5", "1.234,5", "8E-7", "1e999999999", "0x10", "1_000", "--1", "1,,2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain, rounded, err := parseNumber(s, MaxScale)
		if err != nil {
			return
		}
		whole, frac, _ := plainDigits(strings.TrimSuffix(plain, ".0"))
		if strings.ContainsAny(plain, ",eE +") || whole > MaxIntegerDigits || frac > MaxScale {
			t.Fatalf("%q gave %q, which no decimal column takes", s, plain)
		}
		d, err := money.Parse(plain)
		if err != nil {
			t.Fatalf("%q gave %q: %v", s, plain, err)
		}
		if exact, err := money.Parse(s); err == nil && !rounded && !exact.Equal(d) {
			t.Fatalf("%q changed to %q", s, plain)
		}
	})
}
