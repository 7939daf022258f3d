// Package arch holds the tests that keep the code in its order: who may import what, how large a file grows, where an
// error code is explained, which modules the program links. It owns no code of the product and is imported by nothing.
// A rule changes here first, together with the picture in docs/ARCHITECTURE.md.
package arch
