package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

var errNoPostgres = errors.New("PostgreSQL is not installed")

// patience is how long the server may take to be ready.
const patience = time.Minute

// supervisor makes and starts the server, waits until its standard input ends, which it does when the test process does,
// however that ends, and then stops the server and removes its folder. The data is worth nothing, so the server stops at
// once; it is told again where it was too young to hear.
const supervisor = `bin=$1 dir=$2
if "$bin/initdb" -D "$dir/data" -U chandler -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 </dev/null; then
  "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=300 -c shared_buffers=32MB \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >>"$dir/log" 2>&1 </dev/null &
  server=$!
  cat >/dev/null
  while sleep 1; do kill -QUIT $server; done 2>/dev/null &
  again=$!
  kill -QUIT $server
  wait $server
  kill $again
fi
cat "$dir/log" >&2
rm -rf "$dir"`

// ownServer starts a server in a folder of its own that listens on a socket there, and waits until it is ready.
func ownServer() (string, error) {
	bin, err := programs()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "chandler-pg-")
	if err != nil {
		return "", fmt.Errorf("make a folder for the server: %w", err)
	}
	attr, err := unprivileged(dir)
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	var log bytes.Buffer
	server := exec.Command("sh", "-c", supervisor, "sh", bin, dir) //nolint:noctx // it ends with this process
	server.SysProcAttr, server.Dir, server.Stderr = attr, dir, &log
	if shared.lifeline, err = server.StdinPipe(); err != nil {
		return "", errors.Join(fmt.Errorf("start the server: %w", err), os.RemoveAll(dir))
	}
	if err := server.Start(); err != nil {
		return "", errors.Join(fmt.Errorf("start the server: %w", err), os.RemoveAll(dir))
	}
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(server.Wait(), errors.New(log.String())) }() // it lives as long as this process
	dsn := "host=" + dir + " port=5432 user=chandler dbname=postgres sslmode=disable"
	return dsn, ready(dsn, ended)
}

// programs finds the newest PostgreSQL on this machine.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well formed
	if len(found) == 0 {
		return "", errNoPostgres
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // not a number: last
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

// unprivileged says how to start the server: in a group of its own, so that an interrupt at the terminal ends the tests
// first; and as another user when we are root, whom PostgreSQL refuses. The folder becomes that user's.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("root may not run PostgreSQL, and there is no other user: %w", err)
	}
	uid, e1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, e2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(e1, e2, os.Chown(dir, int(uid), int(gid))); err != nil {
		return nil, fmt.Errorf("give the server's folder to %s: %w", u.Username, err)
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, nil
}

// ready waits until the server answers.
func ready(dsn string, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, dsn)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case log := <-ended:
			return fmt.Errorf("the server did not start: %w", log)
		case <-ctx.Done():
			return fmt.Errorf("the server is not ready after %s: %w", patience, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
