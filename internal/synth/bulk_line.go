package synth

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// lineWriter writes reconciliation lines as they come.
type lineWriter struct {
	file   *os.File
	buffer *bufio.Writer
	csv    *csv.Writer
	number string
}

func newLineWriter(path, number string) (*lineWriter, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("make the reconciliation: %w", err)
	}
	w := &lineWriter{file: file, buffer: bufio.NewWriterSize(file, 1<<20), number: number}
	w.csv = csv.NewWriter(w.buffer)
	w.csv.UseCRLF = true
	return w, w.csv.Write(reconColumns) //nolint:wrapcheck // close tells
}

func (w *lineWriter) put(l *line) error {
	row, err := speller{}.reconRow(w.number, l)
	if err != nil {
		return err
	}
	if err := w.csv.Write(row); err != nil {
		return fmt.Errorf("write the reconciliation: %w", err)
	}
	return nil
}

func (w *lineWriter) close(err error) error {
	w.csv.Flush()
	return errors.Join(err, w.csv.Error(), w.buffer.Flush(), w.file.Close())
}

// customerLines writes the lines of a customer's sums (B1, D05, D06) and of its savings plan.
func (b *bulk) customerLines(k *bulkCustomer) error {
	for at := range b.meters {
		for i := range 4 {
			if s := &k.sums[4*at+i]; s.rows > 0 {
				if err := b.keep(b.meteredBulkLine(k, b.meters[at], s, i >= 2, i%2 == 1)); err != nil {
					return err
				}
				b.result.Billed = b.result.Billed.Add(s.billed.decimal(billingScale))
			}
		}
	}
	if k.covered == 0 {
		return nil
	}
	return b.keep(b.bulkSavingsPlan(k))
}

// keep writes a line and counts it.
func (b *bulk) keep(l *line) error {
	r := &b.result
	r.Lines++
	r.Cost = r.Cost.Add(l.subtotal)
	r.Retail, r.PECCredit, r.Sell = r.Retail.Add(l.list()), r.PECCredit.Add(l.pecCredit), r.Sell.Add(finish(l.list()))
	r.ByCustomer[l.customer.id] = r.ByCustomer[l.customer.id].Add(l.subtotal)
	return b.lines.put(l)
}

func (b *bulk) bulkLine(k *bulkCustomer) *line {
	l := &line{invoice: b.inv, customer: k.customer, reseller: k.reseller, orderID: b.ids.token(), alternateID: b.ids.token(), mode: ModeEither}
	l.inDollars(b.inv)
	l.publisher, l.chargeStart, l.chargeEnd = microsoft, b.cfg.Period.First(), b.cfg.Period.Last()
	return l
}

func (b *bulk) meteredBulkLine(k *bulkCustomer, m *bulkMeter, s *bulkSum, pec, late bool) *line {
	l := b.bulkLine(k)
	quantity, list, net := s.exact()
	l.kind, l.mode, l.chargeType, l.orderDate = kindAzure, ModeUsage, "new", b.cfg.Period.Last().AddDays(3)
	l.productID, l.skuID, l.availabilityID = m.productID, m.skuID, m.availabilityID
	l.productName, l.skuName, l.meter, l.unit = m.category, m.sku, m.sku, m.unit
	l.publisher, l.publisherID = m.publisher, m.publisherID
	l.subscriptionDescription, l.subscriptionID = kindAzure, k.plan.id
	if late {
		before := b.cfg.Period.Add(-1)
		l.chargeStart, l.chargeEnd = before.First(), before.Last()
	}
	if pec {
		l.adjustments = []string{pecText}
	}
	l.unitPrice, l.quantity, l.billable = millionths(s.price), one, quantity
	l.settle(net, list, list.Sub(net))
	return l
}

// bulkSavingsPlan is the month's price of what the plan paid for.
func (b *bulk) bulkSavingsPlan(k *bulkCustomer) *line {
	l := b.bulkLine(k)
	l.kind, l.chargeType, l.orderDate = kindSavingsPlan, "cycleCharge", b.cfg.Period.First()
	l.productID, l.skuID, l.productName, l.skuName = "DZH318Z0SAVP", "0001", "Azure savings plan", "Compute savings plan"
	l.subscriptionDescription, l.subscriptionID, l.reservationOrderID = "Azure savings plan", k.savings.subscriptionID, k.savings.orderID
	l.term, l.frequency = "1 Year Savings Plan, monthly billing", "Monthly"
	rate := money.MustParse("0.1412") // of an hour under the plan
	l.single(halfUp(wide{low: k.covered}.decimal(quantityScale).MulExact(rate)))
	return l
}
