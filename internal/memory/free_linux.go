package memory

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// free is the least of what the machine, the control group and the limit of the
// process leave; not ok where none is known.
func free() (bytes int, ok bool) {
	least := math.MaxInt
	for _, known := range []func() (int, bool){
		func() (int, bool) { return machine("/proc/meminfo") },
		func() (int, bool) { return group("/proc/self/cgroup", "/sys/fs/cgroup") },
		limit,
	} {
		if n, ok := known(); ok {
			least = min(least, max(0, n))
		}
	}
	return least, least < math.MaxInt
}

// machine is what could be had without swapping, and the swap.
func machine(path string) (int, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	total, found := 0, false
	for line := range bytes.Lines(text) {
		fields := strings.Fields(string(line))
		if len(fields) < 2 || fields[0] != "MemAvailable:" && fields[0] != "SwapFree:" {
			continue
		}
		if n, err := strconv.Atoi(fields[1]); err == nil {
			total += n << 10 // KiB
			found = found || fields[0] == "MemAvailable:"
		}
	}
	return total, found
}

// group is what the control group, version 2, has left, without those above it.
func group(list, root string) (int, bool) {
	text, err := os.ReadFile(list)
	if err != nil {
		return 0, false
	}
	path, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "0::")
	if !ok {
		return 0, false
	}
	most, ok := number(filepath.Join(root, path, "memory.max"))
	if !ok {
		return 0, false
	}
	now, ok := number(filepath.Join(root, path, "memory.current"))
	return most - now, ok
}

// number reads a file that holds one.
func number(path string) (int, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	return n, err == nil
}

// limit is what the address space (ulimit -v) has left.
func limit() (int, bool) {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &l); err != nil || l.Cur > math.MaxInt {
		return 0, false
	}
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(text))
	if len(fields) == 0 {
		return 0, false
	}
	pages, err := strconv.Atoi(fields[0])
	return int(l.Cur) - pages*os.Getpagesize(), err == nil
}
