package reporttest

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
)

var (
	streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shows   = regexp.MustCompile(`(?s)\(((?:\\.|[^\\()])*)\) Tj`)
)

// PDFText is the text that a PDF of ours shows, a line for each piece that was drawn. It knows what our PDFs use:
// compressed page streams, and strings that are big-endian UTF-16.
func PDFText(data []byte) string {
	var out strings.Builder
	for _, s := range streams.FindAllSubmatch(data, -1) {
		r, err := zlib.NewReader(bytes.NewReader(s[1]))
		if err != nil {
			continue // a picture
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			continue
		}
		for _, m := range shows.FindAllSubmatch(plain, -1) {
			out.WriteString(decode(m[1]) + "\n")
		}
	}
	return out.String()
}

// decode undoes the escapes of a PDF string and reads its UTF-16.
func decode(s []byte) string {
	var raw []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			if c = s[i]; c == 'r' {
				c = '\r'
			}
		}
		raw = append(raw, c)
	}
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
