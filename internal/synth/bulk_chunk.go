package synth

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
)

// chunkBytes is when a chunk is handed to the writer.
const chunkBytes = 4 << 20

// chunkWriter writes a file in chunks beside the work that fills them: chunks are compressed at the same time, each a
// gzip member of its own, and written in order. The same chunks give the same bytes on any number of processors.
type chunkWriter struct {
	file   *os.File
	zip    bool
	buffer []byte           // being filled; its owner appends and calls flush
	queue  chan chan []byte // chunks in order, each as soon as it is ready
	free   chan []byte
	done   chan error
}

// chunksAhead bounds the chunks that wait or are being compressed.
const chunksAhead = 4

func newChunkWriter(path string, zip bool) (*chunkWriter, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("make the usage file: %w", err)
	}
	w := &chunkWriter{file: file, zip: zip, queue: make(chan chan []byte, chunksAhead), free: make(chan []byte, chunksAhead+2), done: make(chan error, 1)}
	w.buffer = make([]byte, 0, chunkBytes+64<<10)
	go func() { w.done <- w.drain() }()
	return w, nil
}

// drain writes chunks until the queue ends; after an error it only empties it.
func (w *chunkWriter) drain() error {
	var failed error
	for ready := range w.queue {
		chunk := <-ready
		if failed == nil {
			_, failed = w.file.Write(chunk)
		}
		if !w.zip {
			w.reuse(chunk)
		}
	}
	return failed
}

// reuse keeps a buffer that is written for the next chunk, when there is room.
func (w *chunkWriter) reuse(chunk []byte) {
	select {
	case w.free <- chunk[:0]:
	default:
	}
}

// flush hands the buffer on and gives the owner another.
func (w *chunkWriter) flush() {
	full, ready := w.buffer, make(chan []byte, 1)
	w.queue <- ready
	if w.zip {
		go func() {
			ready <- compress(full)
			w.reuse(full)
		}()
	} else {
		ready <- full
	}
	select {
	case w.buffer = <-w.free:
	default:
		w.buffer = make([]byte, 0, chunkBytes+64<<10)
	}
}

// compress is a gzip member. Writing to memory does not fail.
func compress(chunk []byte) []byte {
	var out bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // the level is a valid one
	_, _ = zip.Write(chunk)
	_ = zip.Close()
	return out.Bytes()
}

// close writes what is left and waits for the writer.
func (w *chunkWriter) close(err error) error {
	if len(w.buffer) > 0 {
		w.flush()
	}
	close(w.queue)
	return errors.Join(err, <-w.done, w.file.Close())
}
