package pgtest_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/chandler-csp/chandler/internal/store/pgtest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	first, second := connect(t, pgtest.New(t)), connect(t, pgtest.New(t))
	if _, err := first.Exec(t.Context(), "CREATE TABLE here (n BIGINT)"); err != nil {
		t.Fatal(err)
	}
	var tables int
	if err := second.QueryRow(t.Context(), "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'here'").Scan(&tables); err != nil {
		t.Fatal(err)
	}
	if tables != 0 {
		t.Error("the second database has the first one's table")
	}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(t.Context()) })
	return c
}

// childVariable makes this test program the process that is killed.
const childVariable = "CHANDLER_PGTEST_CHILD"

func TestTheServerEndsWithAKilledTestProcess(t *testing.T) {
	t.Parallel()
	if os.Getenv("CHANDLER_TEST_POSTGRES") != "" {
		t.Skip("the server is not ours to end")
	}
	pgtest.New(t) // skips where there is none
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildThatIsKilled$", "-test.v")
	child.Env = append(os.Environ(), childVariable+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	dir := ""
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		_, after, _ := strings.Cut(lines.Text(), "SERVER ")
		dir = after
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	if dir == "" {
		t.Fatal("the child started no server")
	}
	for range 1000 {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s is still there: its server was not stopped", dir)
}

// TestChildThatIsKilled is no test of its own.
func TestChildThatIsKilled(t *testing.T) {
	t.Parallel()
	if os.Getenv(childVariable) == "" {
		t.Skip("runs only as the child of another test")
	}
	c, err := pgx.ParseConfig(pgtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("SERVER " + c.Host + "\n") //nolint:errcheck // the parent fails without it
	time.Sleep(time.Minute)                          // it is killed long before
}
