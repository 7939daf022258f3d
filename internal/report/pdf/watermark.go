package pdf

import (
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// watermark writes the document's labels large and pale behind the page. The letters are drawn as shapes, so that they
// do not stand between the words when a reader copies the text.
func (c *canvas) watermark() {
	text := strings.Join(labels(c.inv), " ")
	if text == "" {
		return
	}
	st := style{size: 120, bold: true}
	if w := c.width(text, st); w > 640 {
		st.size *= 640 / w
	}
	c.pdf.SetFillColor(ghost.r, ghost.g, ghost.b)
	c.pdf.TransformBegin()
	c.pdf.TransformRotate(52, pageWidth/2, pageHeight/2)
	x := (pageWidth - c.width(text, st)) / 2
	for _, r := range text {
		x += c.shape(c.faces.bold[0], r, x, pageHeight/2+st.size/3, st.size)
	}
	c.pdf.TransformEnd()
}

// shape fills a letter's outline with its baseline at y and returns how far the pen moves.
func (c *canvas) shape(f *face, r rune, x, y, size float64) float64 {
	glyph, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return 0
	}
	segments, err := f.font.LoadGlyph(&f.buf, glyph, fixed.I(1000), nil)
	if err != nil {
		return 0
	}
	at := func(p fixed.Point26_6) (float64, float64) {
		return x + float64(p.X)/64000*size, y + float64(p.Y)/64000*size
	}
	for _, s := range segments {
		x0, y0 := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			c.pdf.MoveTo(x0, y0)
		case sfnt.SegmentOpLineTo:
			c.pdf.LineTo(x0, y0)
		case sfnt.SegmentOpQuadTo:
			x1, y1 := at(s.Args[1])
			c.pdf.CurveTo(x0, y0, x1, y1)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := at(s.Args[1])
			x2, y2 := at(s.Args[2])
			c.pdf.CurveBezierCubicTo(x0, y0, x1, y1, x2, y2)
		}
	}
	if len(segments) > 0 {
		c.pdf.DrawPath("f")
	}
	return float64(f.width(r)) * size / 1000
}
