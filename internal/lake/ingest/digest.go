package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Digest reads the whole file and fills Bytes, Lines and SHA256, the identity of its content: of the decompressed
// bytes, so that a file and its gzip are one. It is apart from Inspect because the file may be large; it may run
// beside Rows.
func (s *Source) Digest(ctx context.Context) error {
	h, n := sha256.New(), &lineCount{}
	in, err := open(s.Path, io.MultiWriter(h, n))
	if err != nil {
		return s.openError(err)
	}
	defer in.Close() //nolint:errcheck // read only
	if _, err := io.Copy(io.Discard, readerContext{ctx, in}); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("digest %s: %w", s.Name, err)
		}
		return s.openError(err)
	}
	s.Bytes, s.Lines, s.zeros, s.SHA256 = n.bytes, n.count(), n.zeros, hex.EncodeToString(h.Sum(nil))
	return nil
}

// lineCount counts what is written to it.
type lineCount struct {
	bytes, ends int64
	open        bool // behind the last line end there is something
	zeros       bool // there are bytes of 0
}

func (l *lineCount) Write(p []byte) (int, error) {
	if len(p) > 0 {
		l.bytes += int64(len(p))
		l.ends += int64(bytes.Count(p, []byte{'\n'}))
		l.open = p[len(p)-1] != '\n'
		l.zeros = l.zeros || bytes.IndexByte(p, 0) >= 0
	}
	return len(p), nil
}

func (l *lineCount) count() int64 {
	if l.open {
		return l.ends + 1
	}
	return l.ends
}

// readerContext stops reading when its context ends. It lives as long as one call.
type readerContext struct {
	ctx context.Context //nolint:containedctx // one call's reader
	r   io.Reader
}

func (r readerContext) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err //nolint:wrapcheck // the context's own
	}
	return r.r.Read(p) //nolint:wrapcheck // passed through
}
