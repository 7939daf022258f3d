// Package id makes identifiers. It owns their form: a short prefix that names the kind, then 26 characters of
// Crockford base32 over 128 bits, so that ids are sortable by time, typed at sight and safe in URLs.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strconv"
	"time"
)

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New returns prefix_ and a UUIDv7 of the instant.
func New(prefix string, now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // never fails (crypto/rand, Go 1.24)
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(b[:6], ms[2:])
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return prefix + "_" + crockford.EncodeToString(b[:])
}

// Hash returns prefix_ and 128 bits of the SHA-256 over the parts, each length-prefixed: the same parts, the same id.
func Hash(prefix string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return prefix + "_" + crockford.EncodeToString(h.Sum(nil)[:16])
}
