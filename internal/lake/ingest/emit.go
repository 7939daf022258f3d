package ingest

import (
	"context"
	"errors"
	"fmt"
)

// emitter hands rows and faults to the caller, and knows when to stop.
type emitter struct {
	d       *decoder
	ctx     context.Context //nolint:containedctx // one stream's
	yield   func(Row, error) bool
	seen    int64 // rows and faults
	faults  int64
	stopped bool
}

// emit finishes the row that was put into the decoder. Its number is its line, but where rows share one.
func (e *emitter) emit(line, number int64) {
	row, ok := e.d.row(line)
	row.Line = number
	for _, f := range e.d.faults {
		e.fault(f)
	}
	e.d.faults = e.d.faults[:0]
	if !ok || e.stopped {
		return
	}
	if e.d.report != nil {
		e.d.report.Rows++
	}
	if !e.yield(row, nil) {
		e.stopped = true
	}
	e.tick()
}

// tick ends the stream when its context has ended; it looks only now and then.
func (e *emitter) tick() {
	if e.seen++; e.seen%checkEvery == 0 && e.ctx.Err() != nil {
		e.fail(e.ctx.Err(), 0)
	}
}

// fault tells a fault, or only counts it once MaxFaults were told.
func (e *emitter) fault(f *Fault) {
	if e.stopped {
		return
	}
	e.faults++
	if e.d.report != nil {
		e.d.report.Faults++
	}
	if e.faults <= MaxFaults && !e.yield(Row{}, f) {
		e.stopped = true
	}
	e.tick()
}

// end tells how many faults the file has when not all of them were told.
func (e *emitter) end() {
	if e.stopped || e.faults <= MaxFaults {
		return
	}
	_ = e.yield(Row{}, &Fault{
		File: e.d.src.Name, Code: CodeMore,
		Detail: fmt.Sprintf("%d faults in all; the first %d are listed", e.faults, MaxFaults),
	})
	e.stopped = true
}

func (e *emitter) bad(line int64, err error) {
	code := CodeRow
	switch {
	case errors.Is(err, errCut):
		code = CodeCut
	case errors.Is(err, errRecordLong):
		code = CodeLong
	case errors.Is(err, errUTF8):
		code = CodeEncoding
	}
	e.fault(&Fault{File: e.d.src.Name, Line: line, Code: code, Detail: err.Error()})
}

// fail ends the stream: with a fault where the file itself is broken.
func (e *emitter) fail(err error, line int64) {
	if e.stopped {
		return
	}
	if f := e.d.src.streamFault(err, line); f != nil {
		e.fault(f)
		e.end()
	} else {
		_ = e.yield(Row{}, fmt.Errorf("read %s: %w", e.d.src.Name, err))
	}
	e.stopped = true
}
