package xlsx

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// maxCell is how many UTF-16 units a cell may hold (Excel's own limit).
const maxCell = 32767

// book is a workbook being built. The first fault is kept and ends everything after it.
type book struct {
	file   *excelize.File
	inv    *billing.Invoice
	err    error
	amount int // cell styles
	number int
	whole  int
	head   int
	bold   int
	sum    int
	title  int
	wrap   int
}

func (b *book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) properties() {
	at := stamp(b.inv)
	b.keep(b.file.SetDocProps(&excelize.DocProperties{
		Creator: legal(b.inv.Seller.Name), LastModifiedBy: legal(b.inv.Seller.Name), Created: at, Modified: at,
		Title: legal(title(b.inv) + " " + b.inv.Number), Identifier: "xlsx",
	}))
}

// amountFormat shows thousands and the currency's decimals: "#,##0.00".
func amountFormat(c money.Currency) string {
	f := "#,##0"
	if n := c.MinorUnits(); n > 0 {
		f += "." + strings.Repeat("0", int(n))
	}
	return f
}

func (b *book) styles() {
	amount := amountFormat(b.inv.Currency)
	number := "#,##0.##########"
	whole := "#,##0"
	top := &excelize.Alignment{Vertical: "top"}
	rule := []excelize.Border{{Type: "top", Style: 1, Color: "1C2430"}}
	b.amount = b.style(&excelize.Style{CustomNumFmt: &amount, Alignment: top})
	b.whole = b.style(&excelize.Style{CustomNumFmt: &whole, Alignment: top})
	b.number = b.style(&excelize.Style{CustomNumFmt: &number, Alignment: top})
	b.head = b.style(&excelize.Style{
		Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"184878"}},
		Alignment: &excelize.Alignment{Vertical: "center"},
	})
	b.bold = b.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: top})
	b.sum = b.style(&excelize.Style{Font: &excelize.Font{Bold: true}, CustomNumFmt: &amount, Border: rule})
	b.title = b.style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 16, Color: "184878"}})
	b.wrap = b.style(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
}

func (b *book) style(s *excelize.Style) int {
	id, err := b.file.NewStyle(s)
	b.keep(err)
	return id
}

// text writes a text; it is never a formula, as its cell's type says string.
func (b *book) text(sheet string, col, row int, s string, style int) {
	cell, err := excelize.CoordinatesToCellName(col, row)
	b.keep(err)
	if s != "" {
		b.keep(b.file.SetCellStr(sheet, cell, legal(s)))
	}
	b.dress(sheet, cell, style)
}

// digits writes a number by its decimal text, so that no digit passes through a float here.
func (b *book) digits(sheet string, col, row int, s string, style int) {
	cell, err := excelize.CoordinatesToCellName(col, row)
	b.keep(err)
	b.keep(b.file.SetCellDefault(sheet, cell, s))
	b.dress(sheet, cell, style)
}

// figure writes a quantity or a rate. The format with optional decimals shows the point of a whole number too, so a
// whole number has one of its own.
func (b *book) figure(sheet string, col, row int, d money.Decimal) {
	style := b.number
	if d.Scale() == 0 {
		style = b.whole
	}
	b.digits(sheet, col, row, d.Plain(), style)
}

// price writes a unit price, which may have more decimals than the currency.
func (b *book) price(sheet string, col, row int, p money.Decimal) {
	style := b.number
	if p.Scale() <= b.inv.Currency.MinorUnits() {
		style = b.amount
	}
	b.digits(sheet, col, row, figure.Amount(p, b.inv.Currency), style)
}

func (b *book) money(sheet string, col, row int, a money.Decimal, style int) {
	b.digits(sheet, col, row, figure.Amount(a, b.inv.Currency), style)
}

func (b *book) dress(sheet, cell string, style int) {
	if style != 0 {
		b.keep(b.file.SetCellStyle(sheet, cell, cell, style))
	}
}

// column is a column of a table: its name and its width in characters.
type column struct {
	name  string
	width float64
}

// table makes a sheet with a header row that stays in sight.
func (b *book) table(sheet string, columns []column) {
	if _, err := b.file.NewSheet(sheet); err != nil {
		b.keep(err)
	}
	for i, c := range columns {
		b.text(sheet, i+1, 1, c.name, b.head)
		letter, err := excelize.ColumnNumberToName(i + 1)
		b.keep(err)
		b.keep(b.file.SetColWidth(sheet, letter, letter, c.width))
	}
	b.keep(b.file.SetPanes(sheet, &excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A2", ActiveCell: "A2", Pane: "bottomLeft"}},
	}))
}

// filter lets a reader filter the rows of a table, without its row of totals.
func (b *book) filter(sheet string, columns, rows int) {
	last, err := excelize.CoordinatesToCellName(columns, max(2, rows+1))
	b.keep(err)
	b.keep(b.file.AutoFilter(sheet, "A1:"+last, nil))
}

// legal drops what XML cannot hold and shortens to what a cell can.
func legal(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == 0xFFFE || r == 0xFFFF || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	units := 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units > maxCell {
			return s[:i]
		}
	}
	return s
}
