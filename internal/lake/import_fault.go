package lake

import (
	"errors"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// maxFields bounds the faults that one import lists; each file has its own bound as well.
const maxFields = 2000

// faults gathers what is wrong with the files of one import.
type faults struct {
	fields []errs.Field
	total  int64
}

func (f *faults) none() bool { return f.total == 0 }

func (f *faults) add(fields ...errs.Field) {
	f.total += int64(len(fields))
	f.list(fields...)
}

func (f *faults) list(fields ...errs.Field) {
	if room := maxFields - len(f.fields); len(fields) > room {
		fields = fields[:max(room, 0)]
	}
	f.fields = append(f.fields, fields...)
}

// take gathers an error that the input is at fault for; any other is returned.
func (f *faults) take(err error) error {
	var fault *ingest.Fault
	if errors.As(err, &fault) {
		if fault.Code == ingest.CodeMore { // no fault of its own, but how many there are
			f.list(fault.Field())
		} else {
			f.add(fault.Field())
		}
		return nil
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return err
	}
	if len(e.Fields) == 0 {
		f.add(errs.Field{Code: e.Code, Detail: e.Detail})
	}
	f.add(e.Fields...)
	return nil
}

// count takes in how many faults a file has in all, of which its first ones were taken one by one.
func (f *faults) count(ofFile int64) { f.total += max(0, ofFile-ingest.MaxFaults) }

// refusal ends the import when anything was wrong.
func (f *faults) refusal() error {
	if f.none() {
		return nil
	}
	detail := "the import is refused and nothing of it is kept"
	if f.total > int64(len(f.fields)) {
		detail = fmt.Sprintf("%s: %d faults, of which %d are listed", detail, f.total, len(f.fields))
	}
	return errs.Join("import.refused", detail, f.fields)
}
