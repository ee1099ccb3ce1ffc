package memory

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

func TestLargePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage/enabled"); err != nil {
		t.Skip("no large pages here")
	}
	LargePages(nil)
	b := make([]byte, 5<<20+1)
	LargePages(b[3:])
	middle := uint64(uintptr(unsafe.Pointer(&b[len(b)/2])))
	if flags := mappingFlags(t, middle); !strings.Contains(flags+" ", " hg ") {
		t.Errorf("expected the flag hg for large pages, got%s", flags)
	}
	runtime.KeepAlive(b)
}

// mappingFlags are those of the mapping that an address lies in.
func mappingFlags(t *testing.T, address uint64) string {
	t.Helper()
	file, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer file.Close()
	inside := false
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var lo, hi uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &lo, &hi); n == 2 {
			inside = lo <= address && address < hi
		}
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && inside {
			return flags
		}
	}
	t.Fatalf("no mapping with the address %x", address)
	return ""
}
