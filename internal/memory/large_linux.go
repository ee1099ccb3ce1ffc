package memory

import (
	"os"
	"syscall"
	"unsafe"
)

// largePages gives the advice for the whole pages of b. A kernel that does not take it has
// no large pages, or uses them unasked.
func largePages(b []byte) {
	page := os.Getpagesize()
	begin := -int(uintptr(unsafe.Pointer(&b[0]))) & (page - 1)
	end := len(b) - int(uintptr(unsafe.Pointer(&b[len(b)-1]))+1)&(page-1)
	_ = syscall.Madvise(b[begin:end], syscall.MADV_HUGEPAGE)
}
