package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// run CODE WORDS... runs the program and wants its exit code. What holds for every command is checked here: with --json
// standard output is exactly one document, without null lists, and names the error on exit 1 and 2; without it, a
// command that failed prints nothing there.
func run(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: run CODE WORDS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	words := args[1:]
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec("chandler", words...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("chandler: %v", err)
	}
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	if (got == 1 || got == 2) && !strings.HasPrefix(stderr, "chandler: ") && !strings.Contains(stderr, "\nchandler: ") {
		ts.Fatalf("standard error does not say what is wrong")
	}
	if !slices.Contains(words, "--json") && !slices.Contains(words, "--json=true") {
		if (got == 1 || got == 2) && stdout != "" {
			ts.Fatalf("a command that failed prints a result")
		}
		return
	}
	ts.Check(checkDocument(stdout, got))
}

func checkDocument(text string, code int) error {
	doc, err := decodeOne(text)
	if err != nil {
		return err
	}
	if places := nulls(doc, "$"); len(places) > 0 {
		return fmt.Errorf("null at %v", places)
	}
	object, ok := doc.(map[string]any)
	if !ok {
		return fmt.Errorf("the document is no object")
	}
	failed, ok := object["error"].(map[string]any)
	if ok != (code == 1 || code == 2) {
		return fmt.Errorf("exit code %d, and error in the document: %v", code, ok)
	}
	if ok && failed["detail"] == "" {
		return fmt.Errorf("the error has no detail")
	}
	if code == 2 && failed["code"] != "usage" {
		return fmt.Errorf("wrong usage has code %v", failed["code"])
	}
	return nil
}

// decodeOne reads exactly one JSON document, numbers as they are written.
func decodeOne(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("standard output is no JSON document: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("standard output holds more than one JSON document")
	}
	return doc, nil
}

// unknown are the values that may be null: the number of a draft, the size of a finding that nobody can know, and what
// a missing document charges.
var unknown = []string{"number", "amount", "upstream"}

func nulls(v any, at string) []string {
	var places []string
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if e == nil && slices.Contains(unknown, k) {
				continue
			}
			places = append(places, nulls(e, at+"."+k)...)
		}
	case []any:
		for i, e := range v {
			places = append(places, nulls(e, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case nil:
		places = append(places, at)
	}
	return places
}
