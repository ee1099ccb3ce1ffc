//go:build unix

package idx

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestA23PipesAndDevices(t *testing.T) {
	dir := t.TempDir()
	pipe, socket := filepath.Join(dir, "pipe"), filepath.Join(dir, "s")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ReadFile(pipe)
	checkLine(t, err, pipe+": expected a regular file, got a pipe")

	_, err = ReadFile("/dev/zero")
	checkLine(t, err, "/dev/zero: expected a regular file, got a device")

	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip("a local socket cannot be made here:", err)
	}
	defer listener.Close()
	_, err = ReadFile(socket)
	checkLine(t, err, socket+": expected a regular file, got a socket")
}

func TestA23Unreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("the superuser reads every file")
	}
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, nil, 0); err != nil {
		t.Fatal(err)
	}
	_, err := ReadFile(path)
	checkLine(t, err, path+": expected a readable file, got permission denied")
}
