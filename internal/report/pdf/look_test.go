package pdf_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/pdf"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
)

// TestLook writes the sample documents to the folder in CHANDLER_LOOK, for eyes.
func TestLook(t *testing.T) {
	dir := os.Getenv("CHANDLER_LOOK")
	if dir == "" {
		t.Skip("CHANDLER_LOOK names no folder to write the samples to")
	}
	logoed := reporttest.March()
	logoed.Logo = picture(t)
	for name, inv := range map[string]*billing.Invoice{
		"short": logoed, "long": reporttest.Long(120), "credit": reporttest.Credit(), "abroad": reporttest.Abroad(), "wordy": reporttest.Wordy(), "huge": reporttest.Long(2000),
	} {
		began := time.Now()
		doc, err := pdf.Render(inv, pdf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %d pages, %s, %q", name, len(doc.Bytes), doc.Pages, time.Since(began), doc.Warnings)
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), doc.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
