package ingest

import (
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// cleanCustomer strips v1's "org:" and lowers the case of a tenant id (billing reference A10).
func cleanCustomer(s string) (string, error) {
	if len(s) > 4 && strings.EqualFold(s[:4], "org:") {
		s = s[4:]
	}
	return strings.ToLower(strings.TrimSpace(s)), nil
}

// cleanReseller empties what means "no reseller" (decision D17).
func cleanReseller(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "0" || s == "-1" {
		return "", nil
	}
	return s, nil
}

// cleanSku gives back the leading zeros that spreadsheets eat: digits-only ids have four characters (A2).
func cleanSku(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) >= 4 || strings.Trim(s, "0123456789") != "" {
		return s, nil
	}
	return "0000"[len(s):] + s, nil
}

var errCurrency = errors.New("is not a currency code of three letters")

// cleanCurrency wants an ISO 4217 code in any case.
func cleanCurrency(s string) (string, error) {
	s = strings.TrimSpace(s)
	if money.Currency(s).Valid() {
		return s, nil
	}
	s = strings.ToUpper(s)
	if !money.Currency(s).Valid() {
		return "", errCurrency
	}
	return s, nil
}

// cleanPrice checks a number that has more decimals than a decimal column keeps, such as an effective unit price;
// what is behind the 24th decimal is rounded away.
func cleanPrice(s string) (string, error) {
	plain, _, err := parseNumber(s, MaxPriceScale)
	return plain, err
}
