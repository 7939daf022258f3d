package pdf

import (
	"bytes"
	"image"
	_ "image/jpeg" // a logo may be a JPEG
	"image/png"

	"codeberg.org/go-pdf/fpdf"
)

// maxLogoPixels bounds what a logo may unpack to.
const maxLogoPixels = 16 << 20

// logo draws the seller's logo within w x h points and says whether there is one. A file that is no picture is a
// warning. A PNG is written anew with 8 bits a channel, as the PDF library takes neither 16 bits nor interlacing.
func (c *canvas) logo(x, y, w, h float64) bool {
	if len(c.inv.Logo) == 0 {
		return false
	}
	data, kind, size, err := readLogo(c.inv.Logo)
	if err != nil || size.X == 0 || size.Y == 0 {
		c.notes = append(c.notes, "the logo is not a PNG or JPEG of at most 16 million pixels; the name is shown instead")
		return false
	}
	opts := fpdf.ImageOptions{ImageType: kind}
	c.pdf.RegisterImageOptionsReader("logo", opts, bytes.NewReader(data))
	if c.pdf.Err() {
		c.pdf.ClearError()
		c.notes = append(c.notes, "the logo cannot be put into a PDF; the name is shown instead")
		return false
	}
	// The wider of the two ratios decides; a logo is never blown up beyond a point a pixel.
	ratio := min(w/float64(size.X), h/float64(size.Y), 1)
	c.pdf.ImageOptions("logo", x, y, float64(size.X)*ratio, float64(size.Y)*ratio, false, opts, 0, "")
	return true
}

func readLogo(data []byte) ([]byte, string, image.Point, error) {
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, "", image.Point{}, err
	}
	size := image.Pt(config.Width, config.Height)
	if config.Width > maxLogoPixels || config.Height > maxLogoPixels || config.Width*config.Height > maxLogoPixels {
		return nil, "", image.Point{}, image.ErrFormat
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, "", image.Point{}, err
	}
	if kind == "jpeg" {
		return data, "jpg", size, nil
	}
	plain := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			plain.Set(x, y, picture.At(picture.Bounds().Min.X+x, picture.Bounds().Min.Y+y))
		}
	}
	var out bytes.Buffer
	err = png.Encode(&out, plain)
	return out.Bytes(), "png", size, err
}
