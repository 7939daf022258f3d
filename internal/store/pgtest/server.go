package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// lifeline is the supervisor's standard input; it stays open as long as this process lives.
var lifeline io.WriteCloser

// patience is how long the server may take to be ready.
const patience = time.Minute

// supervisor starts the server, waits until its standard input ends, which it does when the test process does, however
// that ends, and then stops the server and removes its folder. The data is worth nothing, so it stops at once.
const supervisor = `"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=300 -c shared_buffers=32MB \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off </dev/null >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$2"`

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
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), //nolint:gosec // a program of PostgreSQL's
		"-D", filepath.Join(dir, "data"), "-U", "chandler", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(dir))
	}
	server := exec.Command("sh", "-c", supervisor, "sh", bin, dir) //nolint:gosec,noctx // it ends with this process
	server.SysProcAttr, server.Dir = attr, dir
	if lifeline, err = server.StdinPipe(); err != nil {
		return "", fmt.Errorf("start the server: %w", err)
	}
	if err := server.Start(); err != nil {
		return "", errors.Join(fmt.Errorf("start the server: %w", err), os.RemoveAll(dir))
	}
	dsn := "host=" + dir + " port=5432 user=chandler dbname=postgres sslmode=disable"
	return dsn, ready(ctx, dsn, filepath.Join(dir, "log"))
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
	if err := errors.Join(e1, e2, os.Chown(dir, int(uid), int(gid))); err != nil { //nolint:gosec // 32 bits
		return nil, fmt.Errorf("give the server's folder to %s: %w", u.Username, err)
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, nil
}

// ready waits until the server answers.
func ready(ctx context.Context, dsn, log string) error {
	for {
		c, err := pgx.Connect(ctx, dsn)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			text, _ := os.ReadFile(log) //nolint:gosec // our own file; none tells nothing
			return fmt.Errorf("the server did not start: %w: %s", err, text)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
