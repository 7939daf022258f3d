package pdf

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// Lengths in points on A4 paper.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	left       = 45.0
	right      = pageWidth - 45
	wide       = right - left
	top        = 44.0
	bottom     = pageHeight - 62 // the footer stands below
)

// rgb is a colour.
type rgb struct{ r, g, b int }

// The palette: one ink, one accent, greys.
var (
	ink    = rgb{28, 36, 48}
	grey   = rgb{98, 108, 122}
	accent = rgb{24, 72, 120}
	red    = rgb{170, 40, 40}
	rule   = rgb{208, 214, 222}
	hair   = rgb{228, 232, 238}
	tint   = rgb{243, 246, 250}
	ghost  = rgb{240, 242, 246}
)

// style is how text looks.
type style struct {
	size  float64
	bold  bool
	color rgb
}

// The type scale.
var (
	display = style{22, true, accent}
	figures = style{16, true, ink}
	name    = style{10, true, ink}
	body    = style{8.5, false, ink}
	strong  = style{8.5, true, ink}
	quiet   = style{8.5, false, grey}
	small   = style{7, false, grey}
	caption = style{6.8, true, grey}
)

// canvas is a document being drawn: y is where the next thing goes.
type canvas struct {
	pdf      *fpdf.Fpdf
	faces    *faces
	inv      *billing.Invoice
	currency money.Currency
	y        float64
	header   func() // drawn at the top of every further page, such as a table's head
	added    map[*face]bool
	now      *face   // font selected on this page
	nowSize  float64 // and its size
	notes    []string
}

func newCanvas(f *faces, inv *billing.Invoice) *canvas {
	c := &canvas{pdf: newPDF(inv), faces: f, inv: inv, currency: inv.Currency, added: map[*face]bool{}}
	c.addPage()
	return c
}

// addPage begins a page; every page after the first says whose it is.
func (c *canvas) addPage() {
	c.pdf.AddPage()
	c.now = nil
	c.watermark()
	c.y = top
	if c.pdf.PageCount() == 1 {
		return
	}
	c.text(left, top, strings.TrimSpace(title(c.inv)+" "+c.inv.Number), caption)
	c.right(right, top, c.clip(c.inv.Buyer.Name, caption, wide/2), caption)
	c.line(left, top+6, right, top+6, rule)
	c.y = top + 24
	if c.header != nil {
		c.header()
	}
}

// need begins a new page unless h points are left on this one.
func (c *canvas) need(h float64) {
	if c.y+h > bottom {
		c.addPage()
	}
}

// text draws clean text with its baseline at y.
func (c *canvas) text(x, y float64, s string, st style) {
	c.pdf.SetTextColor(st.color.r, st.color.g, st.color.b)
	for _, r := range c.faces.runs(visual(clean(s)), st.bold) {
		c.use(r.face, st.size)
		c.pdf.Text(x, y, r.text)
		x += float64(r.width) * st.size / 1000
	}
}

// use selects a font, adding it to the file when it is first needed.
func (c *canvas) use(f *face, size float64) {
	if !c.added[f] {
		// The library pads tables in place when it cuts the font down, so it gets a copy of the shared bytes.
		c.pdf.AddUTF8FontFromBytes(f.name, "", bytes.Clone(f.data))
		c.added[f] = true
	}
	if c.now != f || c.nowSize != size {
		c.pdf.SetFont(f.name, "", size)
		c.now, c.nowSize = f, size
	}
}

// right draws text that ends at x.
func (c *canvas) right(x, y float64, s string, st style) {
	s = clean(s)
	c.text(x-c.width(s, st), y, s, st)
}

// number draws a figure that ends at x, smaller when it is wider than room: a figure is never cut.
func (c *canvas) number(x, y float64, s string, st style, room float64) {
	if w := c.width(s, st); w > room {
		st.size = max(2, st.size*room/w)
	}
	c.right(x, y, s, st)
}

// block draws lines of text from y down and returns the baseline after the last.
func (c *canvas) block(x, y float64, lines []string, st style, leading float64) float64 {
	for _, l := range lines {
		c.text(x, y, l, st)
		y += leading
	}
	return y
}

func (c *canvas) line(x1, y1, x2, y2 float64, color rgb) {
	c.pdf.SetDrawColor(color.r, color.g, color.b)
	c.pdf.SetLineWidth(0.5)
	c.pdf.Line(x1, y1, x2, y2)
}

func (c *canvas) fill(x, y, w, h float64, color rgb) {
	c.pdf.SetFillColor(color.r, color.g, color.b)
	c.pdf.Rect(x, y, w, h, "F")
}

// money is an amount without its currency, as table cells show it.
func (c *canvas) money(a money.Decimal) string { return figure.Grouped(a, c.currency) }

// footers numbers the pages once their count is known.
func (c *canvas) footers() {
	pages := c.pdf.PageCount()
	who := []string{c.seller()}
	if id := c.inv.Seller.VATID; id != "" {
		who = append(who, "VAT ID "+id)
	}
	if id := c.inv.Seller.CompanyID; id != "" {
		who = append(who, "Reg. no. "+id)
	}
	for n := 1; n <= pages; n++ {
		c.pdf.SetPage(n)
		c.now = nil
		c.line(left, pageHeight-46, right, pageHeight-46, rule)
		c.text(left, pageHeight-34, c.clip(strings.Join(who, "  ·  "), small, wide-110), small)
		c.right(right, pageHeight-34, fmt.Sprintf("Page %d of %d", n, pages), small)
	}
}

// seller is the seller's name in law.
func (c *canvas) seller() string {
	if c.inv.Seller.LegalName != "" {
		return c.inv.Seller.LegalName
	}
	return c.inv.Seller.Name
}

// warnings are what could not be shown, characters in order of their codes.
func (c *canvas) warnings() []string {
	missing := slices.Sorted(maps.Keys(c.faces.missing))
	out := slices.Clone(c.notes)
	for _, r := range missing {
		out = append(out, fmt.Sprintf("no font has the character %q (%U); give a TrueType font that does", r, r))
	}
	return out
}
