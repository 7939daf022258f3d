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
)

// folderLock is the operating system's lock on a data folder; it ends with the process, however that ends.
type folderLock struct{ f *os.File }

// lockFolder takes the folder, waiting while another process holds it.
func lockFolder(ctx context.Context, dir string, waiting func(holder string)) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	told := false
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) //nolint:gosec // a file descriptor fits an int
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(fmt.Errorf("lock the data folder: %w", err), f.Close())
		}
		if !told && waiting != nil {
			holder, _ := os.ReadFile(f.Name()) // only to tell a person whom they wait for
			waiting(strings.TrimSpace(string(holder)))
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-time.After(50 * time.Millisecond):
		}
	}
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(fmt.Sprintf("process %d (%s)\n", os.Getpid(), strings.Join(os.Args[1:min(len(os.Args), 3)], " "))), 0)
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.f.Close() }
