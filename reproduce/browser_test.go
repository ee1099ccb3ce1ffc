package reproduce

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// consoleOf opens a page in a browser without a window and returns what the
// page says on the console. Its own policy forbids everything from outside, so
// an attempt is said there, too.
func consoleOf(t *testing.T, browser string, page []byte) []string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, page, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, browser,
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--enable-logging=stderr", "--screenshot="+filepath.Join(dir, "page.png"), "file://"+file)
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", browser, err, said)
	}
	if info, err := os.Stat(filepath.Join(dir, "page.png")); err != nil || info.Size() == 0 {
		t.Fatalf("expected a picture of the page, got %v\n%s", err, said)
	}
	var lines []string
	for line := range strings.Lines(string(said)) {
		if strings.Contains(line, "CONSOLE") {
			lines = append(lines, line)
		}
	}
	return lines
}

// The reports open in a browser without an error or a request.
func TestBrowser(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium (Debian package chromium) on this machine")
	}
	sets := few(t)
	pages := map[string]interface{ Files() (Files, error) }{"experiments": quick(t, sets, 2, 2, "d", "h", "j"), "study": quickStudy(t, sets, 2)}
	for name, r := range pages {
		files, err := r.Files()
		if err != nil {
			t.Fatal(err)
		}
		page := files["report.html"]
		if lines := consoleOf(t, browser, page); len(lines) > 0 {
			t.Errorf("%s: expected nothing on the console, got\n%s", name, strings.Join(lines, ""))
		}
		if name != "study" {
			continue
		}
		// The same with a picture from elsewhere does not pass.
		outside := strings.Replace(string(page), "<main>", `<main><img src="http://127.0.0.1:9/a.png">`, 1)
		if lines := consoleOf(t, browser, []byte(outside)); len(lines) == 0 {
			t.Error("expected the console to tell of a picture from outside, got nothing")
		}
	}
}
