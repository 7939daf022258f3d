package ingest

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func readCSV(in io.Reader) (records [][]string, lines []int64, ends []bool, faults []error) {
	r := newCSVReader(in, ',')
	for {
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return records, lines, ends, faults
		case isRecordFault(err):
			faults = append(faults, err)
		case err != nil:
			return records, lines, ends, append(faults, err)
		default:
			records, lines, ends = append(records, slices.Clone(cells)), append(lines, r.Line), append(ends, r.Ended)
		}
	}
}

func TestCSVReader(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     [][]string
		lines    []int64
		fault    error
	}{
		{"LF", "a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int64{1, 2}, nil},
		{"CRLF", "a,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}, []int64{1, 2}, nil},
		{"no final line end", "a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}, []int64{1, 2}, nil},
		{"quoted cells hold commas and doubled quotes", `"a,""b""",c` + "\n", [][]string{{`a,"b"`, "c"}}, []int64{1}, nil},
		{"quoted cells hold line ends, lines are physical", "\"a\nb\",c\r\nd,e\n", [][]string{{"a\nb", "c"}, {"d", "e"}}, []int64{1, 3}, nil},
		{"blank lines are no rows", "a\n\n\r\nb\n", [][]string{{"a"}, {"b"}}, []int64{1, 4}, nil},
		{"empty cells", ",\n\"\",\"\"\n", [][]string{{"", ""}, {"", ""}}, []int64{1, 2}, nil},
		{"a quote inside a plain cell is text", "5\" disk,b\n", [][]string{{`5" disk`, "b"}}, []int64{1}, nil},
		{"text behind a closing quote", "\"a\"x,b\nc,d\n", [][]string{{"c", "d"}}, []int64{2}, errQuote},
		{"the end inside a quoted cell", "a,b\nc,\"d\ne\n", [][]string{{"a", "b"}}, []int64{1}, errCut},
		{"not UTF-8", "a\xff,b\nc,d\n", [][]string{{"c", "d"}}, []int64{2}, errUTF8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, in := range []io.Reader{strings.NewReader(tt.in), iotest.OneByteReader(strings.NewReader(tt.in))} {
				got, lines, _, faults := readCSV(in)
				if !slices.EqualFunc(got, tt.want, slices.Equal[[]string]) || !slices.Equal(lines, tt.lines) {
					t.Errorf("got %q at %v, want %q at %v", got, lines, tt.want, tt.lines)
				}
				if tt.fault == nil && len(faults) > 0 || tt.fault != nil && (len(faults) != 1 || !errors.Is(faults[0], tt.fault)) {
					t.Errorf("faults %v, want %v", faults, tt.fault)
				}
			}
		})
	}
}

func TestCSVReaderBoundsAnOpenQuote(t *testing.T) {
	t.Parallel()
	in := io.MultiReader(strings.NewReader("a,\""), io.LimitReader(endless{}, 3*MaxRecord))
	_, _, _, faults := readCSV(in)
	if len(faults) == 0 || !errors.Is(faults[0], errRecordLong) {
		t.Fatalf("got %v, want a row that is too long", faults)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// What encoding/csv reads without complaint, this reader reads alike, whatever the buffers.
func FuzzCSVReader(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",\"c\r\nd\"\n", "\"", "a\r\rb\n", "\"a\"\r\n", ",,\n\n,,", "\"a\"b,c\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, lines, _, faults := readCSV(strings.NewReader(s))
		slow, slowLines, _, slowFaults := readCSV(iotest.OneByteReader(strings.NewReader(s)))
		if !slices.EqualFunc(got, slow, slices.Equal[[]string]) || !slices.Equal(lines, slowLines) || len(faults) != len(slowFaults) {
			t.Fatalf("buffers change the result: %q %v, %q %v", got, faults, slow, slowFaults)
		}
		if !slices.IsSorted(lines) {
			t.Fatalf("lines go back: %v", lines)
		}
		std := csv.NewReader(strings.NewReader(s))
		std.FieldsPerRecord = -1
		want, err := std.ReadAll()
		if err != nil || len(faults) > 0 || strings.Contains(s, "\r") {
			return // encoding/csv turns CRLF inside quotes into LF
		}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}
