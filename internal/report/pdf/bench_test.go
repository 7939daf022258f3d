package pdf_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/report/pdf"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
)

// BenchmarkRender2000 draws an invoice of 2,000 lines with as many rows of usage.
func BenchmarkRender2000(b *testing.B) {
	inv := reporttest.Long(2000)
	for b.Loop() {
		doc, err := pdf.Render(inv, pdf.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(doc.Bytes)), "bytes")
		b.ReportMetric(float64(doc.Pages), "pages")
	}
}
