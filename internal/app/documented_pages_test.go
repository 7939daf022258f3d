package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// pages are the documented pages of Partner Center's API, with what becomes of each: documents by customer, findings by
// level and class, or why there is nothing to bill. Their numbers are made up and need not agree with each other.
var pages = map[string]string{
	"get-a-collection-of-invoices__1":                           "2017-01: period.empty\n2018-02: period.empty",
	"get-invoice-billed-consumption-lineitems__1":               "2018-11 (estimate): finding L6 unbilled-customer",
	"get-invoice-billed-consumption-lineitems__2":               "2018-11 (estimate): finding L4 pec; finding L6 unbilled-customer",
	"get-invoice-by-id__1":                                      "2018-02: period.empty",
	"get-invoice-estimate-links__1":                             "refused: get-invoice-estimate-links__1.json file.no_charges",
	"get-invoice-summaries__1":                                  "refused: get-invoice-summaries__1.json file.no_charges",
	"get-invoice-unbilled-consumption-lineitems__1":             "2019-01 (estimate): finding L6 unbilled-customer",
	"get-invoice-unbilled-consumption-lineitems__2":             "2019-01 (estimate): finding L6 unbilled-customer",
	"get-invoice-unbilled-recon-lineitems__1":                   "2019-02 (estimate): TEST_TEST_GTM1 3418.00 USD; finding L3 pec",
	"get-invoice-unbilled-recon-lineitems__2":                   "2019-02: TEST_TEST_GTM1 2598.00 USD; finding L2 tax",
	"get-invoiceline-items__1":                                  "2017-05: TSTAGIN1CUST190 0.00 USD",
	"get-invoiceline-items__2":                                  "2019-08: 601 tests 0.00 USD; 601 tests 63.33 USD; finding L4 customer",
	"get-invoiceline-items__3":                                  "2019-08: period.empty",
	"get-invoiceline-items__4":                                  "2018-02: finding L2 price; finding L2 price; recipientCustomerName 26.35 USD; recipientCustomerName 431.80 USD",
	"get-invoiceline-items__5":                                  "2018-02: finding L2 price; recipientCustomerName 1447.00 USD",
	"get-prices-for-microsoft-azure-partner-shared-services__1": "2017-01: period.empty",
	"get-prices-for-microsoft-azure__1":                         "2017-01: period.empty",
}

func TestTheDocumentedPagesAreBilled(t *testing.T) {
	t.Parallel()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the documented pages are not here")
	}
	paths, err := filepath.Glob(filepath.Join(root, "data", "partner-center-json", "*.json"))
	if err != nil || len(paths) != len(pages) {
		t.Errorf("%d pages, want %d, %v", len(paths), len(pages), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := newDesk(t).billsPage(path); got != pages[name] {
				t.Errorf("%s:\n%s\nwant:\n%s", name, got, pages[name])
			}
		})
	}
}

// billsPage imports a page and bills its months; every line must be explained, and everything verify.
func (d *desk) billsPage(path string) string {
	d.Helper()
	r, err := d.app.Import(d.Context(), []string{path})
	if err != nil {
		return "refused: " + strings.Join(fieldsOf(err), ", ")
	}
	d.complete()
	var months []month
	for _, s := range r.New {
		if !s.Period.IsZero() && !slices.Contains(months, s.Period) {
			months = append(months, s.Period)
		}
	}
	slices.SortFunc(months, func(a, b month) int { return a.First().Compare(b.First()) })
	var out []string
	for _, m := range months {
		run, err := d.app.BillRun(d.Context(), m)
		if err != nil {
			out = append(out, fmt.Sprintf("%s: %s", m, errs.CodeOf(err)))
			continue
		}
		var words []string
		for _, row := range run.Drafts {
			words = append(words, fmt.Sprintf("%s %s %s", row.Customer.Name, row.Net, row.Currency))
		}
		for _, f := range run.Result.Findings {
			words = append(words, fmt.Sprintf("finding %s %s", f.Level, f.Class))
		}
		slices.Sort(words)
		estimate := ""
		if run.Estimate {
			estimate = " (estimate)"
		}
		out = append(out, fmt.Sprintf("%s%s: %s", m, estimate, strings.Join(words, "; ")))
		d.verifies(m)
	}
	return strings.Join(out, "\n")
}
