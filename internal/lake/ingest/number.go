package ingest

import (
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// Faults of a number.
var (
	errNumber    = errors.New("is not a number")
	errAmbiguous = errors.New("may mean thousands or decimals: one comma with three digits after it and no point")
	errTooLong   = errors.New("has more than 20 digits before the point")
	errTooFine   = errors.New("has more than 18 decimals")
)

// parseNumber reads a number of any accepted spelling (billing reference A10, D19) and returns it in plain digits, at
// most scale of them after the point; rounded tells that digits were lost, half away from zero.
func parseNumber(s string, scale int) (plain string, rounded bool, err error) {
	if whole, frac, ok := plainDigits(s); ok && whole <= MaxIntegerDigits && frac <= scale {
		return s, false, nil
	}
	s = strings.Trim(s, " \t\u00a0")
	if strings.IndexByte(s, ',') >= 0 {
		if s, err = withoutCommas(s); err != nil {
			return "", false, err
		}
	}
	d, err := money.Parse(s)
	if err != nil {
		return "", false, errNumber
	}
	if d.Scale() > int32(scale) { //nolint:gosec // a small constant
		d, rounded = d.Round(money.HalfUp, int32(scale)), true //nolint:gosec // a small constant
	}
	if d.Abs().Cmp(tooLong) >= 0 {
		return "", false, errTooLong
	}
	plain = d.String()
	if strings.IndexByte(plain, '.') >= 0 && len(plain)-strings.IndexByte(plain, '.')-1 > scale {
		plain = d.Plain()
	}
	return plain, rounded, nil
}

var tooLong = money.New(1, MaxIntegerDigits)

// plainDigits is the fast way for what nearly every cell is: -?digits[.digits], without a needless leading zero. It
// counts the digits before and after the point.
func plainDigits(s string) (whole, frac int, ok bool) {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	start := i
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	whole = i - start
	if whole == 0 || whole > 1 && s[start] == '0' {
		return 0, 0, false
	}
	if i == len(s) {
		return whole, 0, start == 0 || s != "-0"
	}
	if s[i] != '.' {
		return 0, 0, false
	}
	point := i
	for i++; i < len(s) && s[i]-'0' <= 9; i++ {
	}
	frac = i - point - 1
	if i < len(s) || frac == 0 {
		return 0, 0, false
	}
	return whole, frac, start == 0 || s[start] != '0' || strings.Trim(s[point+1:], "0") != ""
}

// withoutCommas turns thousands separators and a decimal comma into plain notation, and refuses what may be either.
func withoutCommas(s string) (string, error) {
	commas, points := strings.Count(s, ","), strings.Count(s, ".")
	lastComma, lastPoint := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	switch {
	case points == 0 && commas == 1:
		if digitsAfter(s[lastComma+1:]) == 3 {
			return "", errAmbiguous
		}
		return strings.Replace(s, ",", ".", 1), nil
	case points == 0:
		return grouped(s, ",")
	case lastPoint > lastComma && points == 1: // 1,234.5
		whole, err := grouped(s[:lastPoint], ",")
		return whole + s[lastPoint:], err
	case lastComma > lastPoint && commas == 1: // 1.234,5
		whole, err := grouped(s[:lastComma], ".")
		return whole + "." + s[lastComma+1:], err
	default:
		return "", errNumber
	}
}

// digitsAfter counts the digits up to an exponent.
func digitsAfter(s string) int {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		s = s[:i]
	}
	return len(s)
}

// grouped removes separators that stand between groups of three digits.
func grouped(s, separator string) (string, error) {
	groups := strings.Split(strings.TrimLeft(s, "+-"), separator)
	for i, g := range groups {
		if i == 0 && (g == "" || len(g) > 3) || i > 0 && len(g) != 3 || strings.Trim(g, "0123456789") != "" {
			return "", errNumber
		}
	}
	return strings.ReplaceAll(s, separator, ""), nil
}
