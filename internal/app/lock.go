package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// NoWait as Options.Wait means to give up at once when another process holds the data folder.
const NoWait time.Duration = -1

// folderLock is the operating system's lock on a data folder; it ends with the process, however that ends. What the
// file says only tells a person who holds it.
type folderLock struct{ f *os.File }

// lockFolder takes the folder, waiting while another process holds it. Code: data.held.
func lockFolder(ctx context.Context, o Options) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(o.Data, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unusable(o.Data, err)
	}
	if err := hold(ctx, f, o); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(f, "process %d (%s)\n", os.Getpid(), o.As) // a lock without a name is a lock
	}
	return &folderLock{f}, nil
}

// hold waits for the lock as long as the options allow.
func hold(ctx context.Context, f *os.File, o Options) error {
	const pause = 50 * time.Millisecond
	for waited := time.Duration(0); ; waited += pause {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return unusable(o.Data, err)
		}
		if o.Wait < 0 || o.Wait > 0 && waited >= o.Wait {
			return errs.New(errs.Unavailable, "data.held", "%s holds the data folder %s", holder(f), o.Data)
		}
		if waited == 0 && o.Waiting != nil {
			o.Waiting(holder(f))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the data folder: %w", ctx.Err())
		case <-time.After(pause):
		}
	}
}

// holder names the process that holds the lock, as far as it said.
func holder(f *os.File) string {
	text, err := os.ReadFile(f.Name())
	if name := strings.TrimSpace(string(text)); err == nil && name != "" {
		return name
	}
	return "another process"
}

func (l *folderLock) release() error {
	if err := l.f.Close(); err != nil {
		return fmt.Errorf("give the data folder back: %w", err)
	}
	return nil
}

// unusable says that a folder cannot be a data folder, by what the system said of it.
func unusable(dir string, err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return errs.New(errs.Precondition, "data.unusable", "the data folder %s cannot be used: %w", dir, err)
}
