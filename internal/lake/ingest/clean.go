package ingest

import (
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// Spaces are what is taken away around ids, in SQL as in Go.
const Spaces = " \t\r\n\v\f\u00a0\ufeff"

func trimSpaces(s string) string { return strings.Trim(s, Spaces) }

// cleanCustomer strips v1's "org:" and lowers the case of a tenant id (billing reference A10).
func cleanCustomer(s string) (string, error) {
	s = strings.ToLower(trimSpaces(s))
	return trimSpaces(strings.TrimPrefix(s, "org:")), nil
}

// cleanReseller empties what means "no reseller" (decision D17).
func cleanReseller(s string) (string, error) {
	s = trimSpaces(s)
	if s == "0" || s == "-1" {
		return "", nil
	}
	return s, nil
}

// cleanSku gives back the leading zeros that spreadsheets eat: digits-only ids have four characters (A2).
func cleanSku(s string) (string, error) {
	s = trimSpaces(s)
	if s == "" || len(s) >= 4 || strings.Trim(s, "0123456789") != "" {
		return s, nil
	}
	return "0000"[len(s):] + s, nil
}

// cleanMarket makes a country's code comparable: it is part of a data set's key.
func cleanMarket(s string) (string, error) { return strings.ToUpper(trimSpaces(s)), nil }

var errCurrency = errors.New("is not a currency code of three letters")

// cleanCurrency wants an ISO 4217 code in any case.
func cleanCurrency(s string) (string, error) {
	s = trimSpaces(s)
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
