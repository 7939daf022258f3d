package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Main runs this process's command line and returns its exit code. The first signal to stop undoes what is at work, a
// second one ends the process at once, which the next start makes good.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) //nolint:forbidigo // the root of all contexts
	defer stop()
	context.AfterFunc(ctx, stop)
	return Run(ctx, Environment{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now})
}
