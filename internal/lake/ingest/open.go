package ingest

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// Packing says how a file is compressed.
type Packing string

// The packings. A zip holds one file, as price sheets come.
const (
	PackingNone Packing = ""
	PackingGzip Packing = "gzip"
	PackingZip  Packing = "zip"
)

// input is an open file: its decompressed bytes without a byte order mark.
type input struct {
	*bufio.Reader
	closers []io.Closer
	packing Packing
	bom     bool
}

func (in *input) Close() error {
	var all []error
	for i := len(in.closers) - 1; i >= 0; i-- {
		all = append(all, in.closers[i].Close())
	}
	return errors.Join(all...)
}

// open opens a file and sees through compression by its magic bytes, never by its name. raw, if any, sees every
// decompressed byte.
func open(path string, raw io.Writer) (*input, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() { // it is read more than once, and a pipe would wait for ever
		return nil, errs.New(errs.Invalid, CodeUnreadable, "is no regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open input: %w", err)
	}
	in := &input{closers: []io.Closer{f}}
	if err := in.unpack(f, raw); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func (in *input) unpack(f *os.File, raw io.Writer) error {
	var magic [4]byte
	if _, err := f.ReadAt(magic[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read input: %w", err)
	}
	var r io.Reader = f
	switch {
	case strings.HasPrefix(string(magic[:]), "\x1f\x8b"):
		in.packing = PackingGzip
		z, err := gzip.NewReader(bufio.NewReaderSize(f, bufferBytes))
		if err != nil {
			return fmt.Errorf("gzip: %w", err)
		}
		in.closers, r = append(in.closers, z), z
	case string(magic[:]) == "PK\x03\x04":
		in.packing = PackingZip
		z, err := unzip(f)
		if err != nil {
			return err
		}
		in.closers, r = append(in.closers, z), z
	}
	if raw != nil {
		r = io.TeeReader(r, raw)
	}
	return in.skipBOM(r)
}

// unzip opens the one file of a zip.
func unzip(f *os.File) (io.ReadCloser, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read input: %w", err)
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("zip: %w", err)
	}
	var files []*zip.File
	for _, m := range z.File {
		if m.Name == "[Content_Types].xml" {
			return nil, errs.New(errs.Invalid, CodeUnknown, "the file is a spreadsheet; save it as CSV in UTF-8")
		}
		if !m.FileInfo().IsDir() {
			files = append(files, m)
		}
	}
	if len(files) != 1 {
		return nil, errs.New(errs.Invalid, CodeUnknown, "the zip holds %d files; unpack it and name those you mean", len(files))
	}
	return files[0].Open() //nolint:wrapcheck // the caller adds the path
}

func (in *input) skipBOM(r io.Reader) error {
	in.Reader = bufio.NewReaderSize(r, bufferBytes)
	head, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read input: %w", err)
	}
	switch {
	case string(head) == "\xef\xbb\xbf":
		in.bom = true
		_, err = in.Discard(3)
		return err //nolint:wrapcheck // three bytes that were peeked
	case strings.HasPrefix(string(head), "\xff\xfe") || strings.HasPrefix(string(head), "\xfe\xff"):
		return errs.New(errs.Invalid, CodeEncoding, "the file is UTF-16; save it as UTF-8")
	}
	return nil
}

// openError turns what compression says into a fault of the file.
func (s *Source) openError(err error) error {
	for _, known := range []error{os.ErrNotExist, os.ErrPermission} {
		if errors.Is(err, known) {
			err = errs.New(errs.Invalid, CodeUnreadable, "cannot be read: %w", known)
		}
	}
	var e *errs.Error
	if errors.As(err, &e) {
		return e.With(errs.Field{Place: s.Name, Code: e.Code, Detail: e.Detail})
	}
	if f := s.streamFault(err, 0); f != nil {
		return errs.New(errs.Invalid, f.Code, "%s cannot be read", s.Name).With(f.Field())
	}
	return fmt.Errorf("read %s: %w", s.Name, err)
}

// streamFault is the fault that a broken stream stands for, nil when the error is not the file's own.
func (s *Source) streamFault(err error, line int64) *Fault {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Fault{File: s.Name, Line: line, Code: CodeCut, Detail: "the file is cut: its data ends early"}
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, zip.ErrFormat),
		errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrAlgorithm), isFlate(err):
		return &Fault{File: s.Name, Line: line, Code: CodeCorrupt, Detail: "the compressed data is damaged"}
	}
	return nil
}
