package pdf_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-fonts/liberation/liberationmonoregular"
	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/pdf"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
)

func picture(t *testing.T) []byte {
	t.Helper()
	b, err := reporttest.Logo()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func render(t *testing.T, inv *billing.Invoice) pdf.Document {
	t.Helper()
	doc, err := pdf.Render(inv, pdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheSameInvoiceGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, inv := range map[string]func() *billing.Invoice{
		"short": reporttest.March, "credit": reporttest.Credit, "abroad": reporttest.Abroad, "wordy": reporttest.Wordy,
		"long": func() *billing.Invoice { return reporttest.Long(120) },
		"logo": func() *billing.Invoice { inv := reporttest.March(); inv.Logo = picture(t); return inv },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 3 {
				if !bytes.Equal(render(t, inv()).Bytes, render(t, inv()).Bytes) {
					t.Fatal("two renderings differ")
				}
			}
		})
	}
}

// TestWhatIsShown lists what each sample must say, and must not.
func TestWhatIsShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		inv   *billing.Invoice
		pages int
		shows []string
		hides []string
	}{
		{"an invoice with its lines, totals and payment", reporttest.March(), 2, []string{
			"Invoice", "INV-2026-00042", "Müller, Söhne & Co. KG", "Nordlicht Cloud Services GmbH", "VAT ID DE822222222", "Germany",
			"3 Apr 2026", "3 May 2026", "1–31 Mar 2026", "March 2026", "04011000-12345-34", "PO-4711", "MPN 4847383",
			"Azure plan", "177.62", "Licences", "473.80", "1,024.55", "0.2134", "-41.20", "19%", "651.42", "123.77", "775.19", "775.19 EUR",
			"DE89 3704 0044 0532 0130 00", "COBADEFFXXX", "Payable within 30 days, net.", "Usage by service", "D4s v5", "Page 1 of 2", "Page 2 of 2",
		}, []string{"DRAFT", "ESTIMATE", "-0.00"}},
		{"a credit note with what it corrects, and no demand to pay", reporttest.Credit(), 1, []string{
			"Credit note", "CN-2026-00003", "Credits invoice INV-2026-00042 of 3 Apr 2026. Reason: Late usage correction from Microsoft for March 2026.",
			"CREDITED TO YOU", "1,378.94 EUR", "-1,158.77", "-220.17", "-1,378.94", "-744",
		}, []string{"DE89", "AMOUNT DUE", "DUE DATE", "Terms"}},
		{"a draft estimate abroad in a currency of three decimals", reporttest.Abroad(), 2, []string{
			"Łódź Sp. z o.o., oddział II", "Ελληνική Εταιρεία ΑΕ", "株式会社サンプル", "No number yet", "DRAFT", "ESTIMATE", "ESTIMATED AMOUNT",
			"651.420 KWD", "AE 0%", "Reverse charge (AE)", "1 line with a zero amount not shown.", "1 USD = 0.30712 KWD (Microsoft, 1 Mar 2026)",
			"1 EUR = 0.3345 KWD (Microsoft, 1 Mar 2026)", "This is an estimate. Please do not pay before the invoice arrives.",
		}, []string{"Free trial", "AMOUNT DUE", "DE89", "987.654321"}},
		{"amounts too wide for their column, whole", reporttest.Wordy(), 3, []string{
			"123,456,789.0123456789", "0.0000000042", "123,456,789,012.34", "9,259,259,175.93", "Paid", "-100.00", "675.19 EUR", "7.5%",
		}, []string{"DRAFT"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := render(t, c.inv)
			if doc.Pages != c.pages || len(doc.Warnings) != 0 {
				t.Errorf("%d pages and warnings %q, want %d and none", doc.Pages, doc.Warnings, c.pages)
			}
			shown := reporttest.PDFText(doc.Bytes)
			for _, s := range c.shows {
				if !strings.Contains(shown, s) {
					t.Errorf("does not show %q", s)
				}
			}
			for _, s := range c.hides {
				if strings.Contains(shown, s) {
					t.Errorf("shows %q", s)
				}
			}
		})
	}
}

func TestALongInvoiceRepeatsItsHeadOnEachPage(t *testing.T) {
	t.Parallel()
	inv := reporttest.Long(120)
	inv.Usage = nil
	doc := render(t, inv)
	shown := reporttest.PDFText(doc.Bytes)
	if heads := strings.Count(shown, "DESCRIPTION\n"); doc.Pages < 5 || heads < doc.Pages-1 {
		t.Errorf("%d heads on %d pages", heads, doc.Pages)
	}
	if n := strings.Count(shown, "Storage (continued)"); n != 1 {
		t.Errorf("the group over a page's end is continued %d times, want once", n)
	}
	if !strings.Contains(shown, "Licences: meter 120") {
		t.Error("the last line is missing")
	}
}

func TestVoidIsSaid(t *testing.T) {
	t.Parallel()
	inv := reporttest.March()
	inv.State = billing.StateVoid
	if shown := reporttest.PDFText(render(t, inv).Bytes); !strings.Contains(shown, "VOID") {
		t.Error("a void invoice looks valid")
	}
}

func TestUsageIsSortedByAmount(t *testing.T) {
	t.Parallel()
	inv := reporttest.March()
	inv.Lines = nil
	inv.Usage = append(inv.Usage, billing.UsageSummary{Service: "Credits", Meter: "Goodwill", Amount: money.MustParse("-12.5")})
	shown := reporttest.PDFText(render(t, inv).Bytes)
	vm, storage, credits := strings.Index(shown, "Virtual Machines"), strings.Index(shown, "Storage"), strings.Index(shown, "Credits")
	if vm < 0 || storage < vm || credits < storage {
		t.Errorf("order of services: %d, %d, %d", vm, storage, credits)
	}
	if !strings.Contains(shown, "165.12") { // 158.77 + 18.85 - 12.50
		t.Error("the total of the usage is missing")
	}
}

func TestACharacterThatNoFontHasIsAWarning(t *testing.T) {
	t.Parallel()
	inv := reporttest.March()
	inv.Buyer.Name = "Acme 한 GmbH 🙂"
	doc := render(t, inv)
	want := []string{
		"no font has the character '한' (U+D55C); give a TrueType font that does",
		"no font has the character '🙂' (U+1F642); give a TrueType font that does",
	}
	if strings.Join(doc.Warnings, "\n") != strings.Join(want, "\n") {
		t.Errorf("warnings %q", doc.Warnings)
	}
	if !strings.Contains(reporttest.PDFText(doc.Bytes), "Acme ? GmbH ?") {
		t.Error("the characters that are there are lost")
	}
}

func TestTextIsComposedAndRightToLeftIsTurned(t *testing.T) {
	t.Parallel()
	inv := reporttest.March()
	inv.Buyer.Name, inv.Buyer.LegalName = "Mu\u0308ller\u200b\tKG", "שלום AG"
	shown := reporttest.PDFText(render(t, inv).Bytes)
	if !strings.Contains(shown, "Müller KG") {
		t.Error("a decomposed umlaut is not composed")
	}
	if !strings.Contains(shown, "םולש AG") {
		t.Error("Hebrew is not drawn from the right")
	}
}

func TestTheSellersOwnFont(t *testing.T) {
	t.Parallel()
	if _, err := pdf.Render(reporttest.March(), pdf.Options{Fonts: [][]byte{liberationmonoregular.TTF}}); err != nil {
		t.Errorf("a TrueType font is refused: %v", err)
	}
	for name, data := range map[string][]byte{
		"PostScript outlines": []byte("OTTO and more"), "nothing": nil, "a cut file": liberationmonoregular.TTF[:2000],
	} {
		if _, err := pdf.Render(reporttest.March(), pdf.Options{Fonts: [][]byte{data}}); errs.CodeOf(err) != "font.unreadable" {
			t.Errorf("%s: %v, want font.unreadable", name, err)
		}
	}
}

func TestALogoThatIsNoPictureIsAWarning(t *testing.T) {
	t.Parallel()
	inv := reporttest.March()
	inv.Logo = []byte("not a picture")
	doc := render(t, inv)
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "logo") {
		t.Errorf("warnings %q", doc.Warnings)
	}
	inv.Logo = picture(t)
	if doc = render(t, inv); len(doc.Warnings) != 0 || !bytes.Contains(doc.Bytes, []byte("/Subtype /Image")) {
		t.Errorf("a PNG is not drawn: %q", doc.Warnings)
	}
}

func TestAJPEGLogoIsDrawnAsItIs(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 32)), nil); err != nil {
		t.Fatal(err)
	}
	inv := reporttest.March()
	inv.Logo = b.Bytes()
	if doc := render(t, inv); len(doc.Warnings) != 0 || !bytes.Contains(doc.Bytes, b.Bytes()) {
		t.Errorf("the JPEG is not in the file: %q", doc.Warnings)
	}
}

func TestADescriptionLongerThanAPageIsShownWhole(t *testing.T) {
	t.Parallel()
	inv := reporttest.March()
	inv.Usage = nil
	inv.Lines[0].Description = strings.Repeat("resource group and tag ", 400) + "the end"
	doc := render(t, inv)
	shown := reporttest.PDFText(doc.Bytes)
	if doc.Pages < 4 || !strings.Contains(shown, "the end") || !strings.Contains(shown, "Azure plan (continued)") {
		t.Errorf("%d pages, end shown: %v", doc.Pages, strings.Contains(shown, "the end"))
	}
	if n := strings.Count(shown, "158.77"); n != 1 {
		t.Errorf("the line's net is shown %d times, want once", n)
	}
}

// TestAnotherReaderFindsTheNames asks Poppler, where it is installed.
func TestAnotherReaderFindsTheNames(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (package poppler-utils) is not installed")
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, render(t, reporttest.Abroad()).Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"Łódź Sp. z o.o., oddział II", "Ελληνική Εταιρεία ΑΕ", "株式会社サンプル", "651.420 KWD"} {
		if !strings.Contains(string(out), s) {
			t.Errorf("pdftotext does not find %q", s)
		}
	}
}

func TestAnyInvoiceIsDrawn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := reporttest.Random(t)
		doc, err := pdf.Render(inv, pdf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if shown := reporttest.PDFText(doc.Bytes); !strings.Contains(shown, "Page 1 of ") {
			t.Fatal("no page number")
		}
	})
}

func FuzzDescription(f *testing.F) {
	for _, s := range []string{"", "plain", "株式会社", "\x00\\(", "a\u0301\u202eb", strings.Repeat("long ", 5000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		inv := reporttest.March()
		inv.Lines[0].Description, inv.Buyer.Name = s, s
		if _, err := pdf.Render(inv, pdf.Options{}); err != nil {
			t.Fatal(err)
		}
	})
}
