package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// Fingerprints are a document's as it was kept with it, and as its bytes give it now. They differ when anything of the
// document was changed behind the store's back. Code: invoice.unknown.
func (r reads) Fingerprints(ctx context.Context, invoiceID string) (kept, now string, err error) {
	err = r.snapshot(ctx, func(r reads) error {
		row, err := r.q.InvoiceBody(ctx, toText(invoiceID))
		if err != nil {
			return unknownInvoice(err, invoiceID)
		}
		parts, err := r.q.Lines(ctx, toText(invoiceID))
		if err != nil {
			return err
		}
		logo, err := r.asset(ctx, row.LogoSHA256)
		if err != nil {
			return err
		}
		kept, now = row.Fingerprint, sealed(parts, row.Body, logo)
		return nil
	})
	return kept, now, doing(err, "check %s", invoiceID)
}

// sealed is the fingerprint of a document's parts, as toDocument makes it.
func sealed(lines []string, body string, logo []byte) string {
	hash := sha256.New()
	for _, part := range lines {
		hash.Write([]byte(part + "\n"))
	}
	logoSHA256 := ""
	if len(logo) > 0 {
		sum := sha256.Sum256(logo)
		logoSHA256 = hex.EncodeToString(sum[:])
	}
	hash.Write([]byte(body + "\n" + logoSHA256))
	return hex.EncodeToString(hash.Sum(nil))
}
