package store

import (
	"context"
	"encoding/base64"

	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// PutMetaOnce keeps a value under a name unless there is one, and returns what is kept: of several processes that start
// at once all get the same.
func (s *Store) PutMetaOnce(ctx context.Context, name string, value []byte) ([]byte, error) {
	var kept []byte
	err := s.inTx(ctx, func(t *tx) error {
		if _, err := t.q.AddMeta(ctx, dbq.AddMetaParams{Name: toText(name), Value: base64.StdEncoding.EncodeToString(value)}); err != nil {
			return err
		}
		text, err := t.q.Meta(ctx, toText(name))
		if err == nil {
			kept, err = base64.StdEncoding.DecodeString(text)
		}
		return err
	})
	return kept, doing(err, "keep %s", name)
}
