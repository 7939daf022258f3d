package synth

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

const byteOrderMark = "\ufeff"

// table is a CSV with quotes only where they are needed.
func table(bom bool, header []string, rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	if bom {
		out.WriteString(byteOrderMark)
	}
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if err := w.Write(header); err != nil {
		return nil, fmt.Errorf("write a table: %w", err)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write a table: %w", err)
	}
	return out.Bytes(), nil
}

// quotedTable is a CSV with quotes around everything, as the older sheets have them.
func quotedTable(header []string, rows [][]string) []byte {
	var out bytes.Buffer
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		out.WriteString("\r\n")
	}
	return out.Bytes()
}
