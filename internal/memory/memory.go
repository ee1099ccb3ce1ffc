// Package memory says how much memory this process may still take, and which should lie in
// large pages.
package memory

import "fmt"

// Check refuses to take so many bytes where it is known that they are not there:
// better a line than an end by the operating system. Need is what they are for.
func Check(need string, bytes int) error { return check(need, bytes, free) }

func check(need string, bytes int, free func() (int, bool)) error {
	if bytes < small {
		return nil // not worth the look
	}
	if n, ok := free(); ok && bytes > n {
		return fmt.Errorf("memory: expected %s for %s, got %s that are free", size(bytes), need, size(n))
	}
	return nil
}

// small is an amount that every machine has.
const small = 64 << 20

func size(bytes int) string { return fmt.Sprintf("%d MiB", bytes>>20) }
