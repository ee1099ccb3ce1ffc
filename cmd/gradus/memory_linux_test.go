package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// peak COMMAND ARGUMENT... runs a command, prints how much memory it had at most, in KiB, and ends with its exit code. It is a process of
// its own: Linux counts the memory of the one that starts another as the other's, too.
func peak() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	_ = cmd.Run() // the exit code tells
	fmt.Println(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	os.Exit(cmd.ProcessState.ExitCode())
}

// The process that refuses a file is small and quick, whatever the file claims.
func TestMemory(t *testing.T) {
	const most = 100 << 10
	for id, name := range map[string]string{
		"A7": "bad_product_overflow_int64.idx", "A8": "bad_product_overflow_to_small.idx", "A9": "bad_claims_4GiB.idx", "A21": "bad_gz_bomb_256MiB.gz",
	} {
		t.Run(id, func(t *testing.T) {
			start := time.Now()
			out, err := exec.Command("peak", "gradus", "data", "verify", filepath.Join(corpus, name)).Output()
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
				t.Fatalf("expected exit code %d, got %v", exitFailed, err)
			}
			if spent := time.Since(start); spent > time.Second {
				t.Errorf("expected an answer within 1 s, got one after %v", spent)
			}
			got, err := strconv.Atoi(strings.TrimSpace(string(out)))
			if err != nil || got < 1 || got > most {
				t.Errorf("expected at most %d KiB of memory, got %d, %v", most, got, err)
			}
		})
	}
}
