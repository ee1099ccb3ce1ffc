package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruption is why a command ended early, and what became of its work.
type interruption struct {
	signal os.Signal
	work   string // may be empty
}

// nothingSaved is what becomes of work that is kept nowhere.
const nothingSaved = "nothing was saved"

func (i interruption) Error() string {
	what := map[os.Signal]string{syscall.SIGTERM: "terminated", syscall.SIGHUP: "hung up"}[i.signal]
	if what == "" {
		what = "interrupted"
	}
	if i.work != "" {
		what += "; " + i.work
	}
	return what
}

// exitCode is 128 and the signal's number, as shells have it.
func (i interruption) exitCode() int {
	if n, ok := i.signal.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return 130
}

// withSignals returns a context that Ctrl-C, SIGTERM and the end of the terminal
// end, with an interruption as its cause. A second signal ends the program at
// once. The stop function puts things back. Under nohup the end of the terminal
// is ignored, as nohup wants.
func withSignals(parent context.Context, work string) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		if s, ok := <-signals; ok {
			cancel(interruption{s, work})
		}
		if s, ok := <-signals; ok {
			os.Exit(interruption{signal: s}.exitCode())
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
