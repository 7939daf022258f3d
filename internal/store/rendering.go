package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// PutRendering keeps the hash and size of an issued document in a format; the same again changes nothing. Codes:
// invoice.unknown, rendering.not_issued, rendering.differs (other bytes were kept: what a customer got stays).
func (s *Store) PutRendering(ctx context.Context, invoiceID, format, sha256 string, bytes int64) error {
	err := s.inTx(ctx, func(t *tx) error {
		number, err := t.q.InvoiceNumber(ctx, toText(invoiceID))
		if err != nil {
			return unknownInvoice(err, invoiceID)
		}
		if number == "" {
			return errs.New(errs.Precondition, "rendering.not_issued", "%s is not issued", invoiceID)
		}
		n, err := t.q.AddRendering(ctx, dbq.AddRenderingParams{
			InvoiceID: toText(invoiceID), Format: toText(format), SHA256: sha256, Bytes: bytes, RenderedAt: toMicros(t.now),
		})
		if err != nil || n > 0 {
			return err
		}
		kept, err := t.Renderings(ctx, invoiceID)
		if err == nil && kept[toText(format)] != sha256 {
			err = errs.New(errs.Conflict, "rendering.differs", "%s of %s has other bytes than those kept", format, number)
		}
		return err
	})
	return doing(err, "keep %s of %s", format, invoiceID)
}

// Renderings are the hashes of an issued document by format; none for one that is not issued.
func (r reads) Renderings(ctx context.Context, invoiceID string) (map[string]string, error) {
	rows, err := r.q.Renderings(ctx, toText(invoiceID))
	if err != nil {
		return nil, doing(err, "list renderings of %s", invoiceID)
	}
	all := make(map[string]string, len(rows))
	for _, row := range rows {
		all[row.Format] = row.SHA256
	}
	return all, nil
}
