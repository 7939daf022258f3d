package app

import (
	"context"
	"fmt"
	"os"
	"strconv"
)

// failPoint lets a test end the process at a step of a change, to see what a start after that finds. CHANDLER_FAIL_AT is
// a step's name, or its number counted from 1. With "list" every step is written to standard error; with "hold STEP" the
// process waits there for a signal to stop.
func failPoint(ctx context.Context) func(step string) {
	at := os.Getenv("CHANDLER_FAIL_AT")
	if at == "" {
		return func(string) {}
	}
	n := 0
	return func(step string) {
		n++
		switch at {
		case "list":
			fmt.Fprintln(os.Stderr, "step:", step)
		case "hold " + step:
			fmt.Fprintln(os.Stderr, "step:", step)
			<-ctx.Done()
		case step, strconv.Itoa(n):
			os.Exit(killed)
		}
	}
}

// killed is how a process ends that is killed, without any clean-up.
const killed = 137
