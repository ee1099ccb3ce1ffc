package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruption is why a command ended early.
type interruption struct{ signal os.Signal }

func (i interruption) Error() string {
	what := "interrupted"
	if i.signal == syscall.SIGTERM {
		what = "terminated"
	}
	return what + "; nothing was saved"
}

// exitCode is 128 and the signal's number, as shells have it.
func (i interruption) exitCode() int {
	if i.signal == syscall.SIGTERM {
		return 143
	}
	return 130
}

// withSignals returns a context that Ctrl-C and SIGTERM end, with an
// interruption as its cause. A second one ends the program at once. The stop
// function puts things back.
func withSignals(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if s, ok := <-signals; ok {
			cancel(interruption{s})
		}
		if s, ok := <-signals; ok {
			os.Exit(interruption{s}.exitCode())
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
