package report_test

import (
	"archive/zip"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
)

// complete is an invoice that every format takes, with the partner's secrets on each line.
func complete() billing.Invoice {
	inv := *reporttest.March()
	inv.Seller.EndpointID, inv.Seller.EndpointScheme = "DE811111111", "9930"
	inv.Buyer.EndpointID, inv.Buyer.EndpointScheme = "DE822222222", "9930"
	inv.RunID = "run_secret"
	for i := range inv.Lines {
		l := &inv.Lines[i]
		l.Cost, l.CostCurrency, l.Retail = money.MustParse("7171.71"), "USD", money.MustParse("8282.82")
		l.RuleID, l.RuleVersion, l.Rounding = "rul_secret", 3, "secret rounding"
		l.ChargeIDs, l.ServiceID = []string{"chg_secret"}, "svc_1"
		l.Exchange = &billing.Exchange{From: "USD", Amount: money.MustParse("6161.61"), Rate: money.MustParse("0.92"), Source: "Microsoft"}
	}
	return inv
}

// TestNoCustomerFileHoldsThePartnersOwn searches every customer format, unpacked, for cost, retail, rules and charges.
func TestNoCustomerFileHoldsThePartnersOwn(t *testing.T) {
	t.Parallel()
	inv := complete()
	secrets := []string{"7171", "7,171", "8282", "8,282", "6161", "6,161", "secret"}
	for _, format := range report.Formats() {
		data, err := report.Render(format, inv)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		text := plain(t, format, data)
		if !strings.Contains(text, "Microsoft 365 Business Premium") {
			t.Errorf("%s: the search does not see the file's words", format)
		}
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s shows the customer %q", format, s)
			}
		}
	}
	staff, err := report.Render(report.StaffJSON, inv)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"7171.71", "8282.82", "rul_secret", "chg_secret", "run_secret"} {
		if !bytes.Contains(staff, []byte(s)) {
			t.Errorf("staff do not see %q", s)
		}
	}
}

// plain is all the text of a file.
func plain(t *testing.T, format report.Format, data []byte) string {
	t.Helper()
	switch format {
	case report.PDF:
		return strings.ReplaceAll(reporttest.PDFText(data), "\n", " ")
	case report.XLSX:
		r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, f := range r.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(&all, in); err != nil {
				t.Fatal(err)
			}
		}
		return all.String()
	default:
		return string(data)
	}
}

func TestTheSameInvoiceGivesTheSameBytesInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, format := range append(report.Formats(), report.StaffJSON) {
		first, err := report.Render(format, complete())
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		for range 3 {
			if again, err := report.Render(format, complete()); err != nil || !bytes.Equal(first, again) {
				t.Errorf("%s: two files differ (%v)", format, err)
			}
		}
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, f := range append(report.Formats(), report.StaffJSON) {
		if f.MediaType() == "" || len(f.Extension()) < 2 {
			t.Errorf("%s: media type %q, extension %q", f, f.MediaType(), f.Extension())
		}
	}
	_, err := report.Render("docx", complete())
	if errs.CodeOf(err) != "report.unknown_format" || !strings.Contains(err.Error(), "pdf, ubl, csv, xlsx, json") {
		t.Errorf("unknown format: %v", err)
	}
}

func TestAFontFileThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	opts := report.Options{FontFiles: []string{filepath.Join(t.TempDir(), "none.ttf")}}
	if _, err := report.RenderWith(report.PDF, complete(), opts); errs.CodeOf(err) != "font.unreadable" {
		t.Errorf("%v, want font.unreadable", err)
	}
}
