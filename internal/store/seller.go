package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Seller is the partner's own legal entity as it was set last. Code: seller.unknown (none was set).
func (r reads) Seller(ctx context.Context) (billing.Seller, error) {
	row, err := r.q.Seller(ctx)
	if err != nil {
		return billing.Seller{}, unknown(err, "seller.unknown", "the seller was not set yet: `chandler seller set --file`")
	}
	return fromRowSeller(row)
}

// PutSeller sets the seller and returns it with its version; what was set before is kept. A version that is given must
// be that of the seller as it is (code seller.changed); 0 takes any. The same again makes no new version.
func (s *Store) PutSeller(ctx context.Context, v billing.Seller) (billing.Seller, error) {
	given := v.Version
	err := s.inTx(ctx, func(t *tx) error {
		v.Version = 0
		body, err := toBody(v)
		if err != nil {
			return err
		}
		last, err := t.q.Seller(ctx)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if given != 0 && given != last.Version {
			return changed(nil, "seller", v.Name)
		}
		v.Version = last.Version
		if body == last.Body {
			return nil
		}
		v.Version++
		return t.q.AddSeller(ctx, dbq.AddSellerParams{Version: v.Version, SetAt: toMicros(t.now), Body: body})
	})
	if isUnique(err) { // somebody else set it in the same moment
		err = changed(nil, "seller", v.Name)
	}
	return v, doing(err, "set the seller")
}

func fromRowSeller(row dbq.SellerRow) (billing.Seller, error) {
	var v billing.Seller
	err := fromBody(row.Body, &v)
	v.Version = row.Version
	return v, err
}
