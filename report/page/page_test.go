package page_test

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"strings"
	"testing"

	"gradus/report/page"
)

type square struct{}

func (square) SVG(w io.Writer) error {
	_, err := io.WriteString(w, `<svg viewBox="0 0 1 1"><path d="M0,0h1v1h-1z"/></svg>`)
	return err
}

type blot struct{}

func (blot) SVG(io.Writer) error { return errors.New("chart: expected a point to draw, got none") }

func ExampleInline() {
	picture, err := page.Inline(square{})
	fmt.Println(picture, err)
	_, err = page.Inline(blot{})
	fmt.Println(err)
	// Output:
	// <svg viewBox="0 0 1 1"><path d="M0,0h1v1h-1z"/></svg> <nil>
	// chart: expected a point to draw, got none
}

func ExamplePage() {
	p := page.Page{Title: "Seeds & errors", Body: "<h1>Seeds &amp; errors</h1>\n"}
	var text strings.Builder
	if err := p.Write(&text); err != nil {
		fmt.Println(err)
		return
	}
	_, main, _ := strings.Cut(text.String(), "</head>\n")
	fmt.Print(main)
	// Output:
	// <body>
	// <main>
	// <h1>Seeds &amp; errors</h1>
	// </main>
	// </body>
	// </html>
}

// A title is text, whatever is in it; the style sheet is inside, and nothing may
// be asked for from outside.
func TestPage(t *testing.T) {
	var text strings.Builder
	p := page.Page{Title: "</title><script>", Body: template.HTML("x")}
	if err := p.Write(&text); err != nil {
		t.Fatal(err)
	}
	style, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>&lt;/title&gt;&lt;script&gt;</title>", "default-src 'none'", string(style)} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("expected %q, got\n%s", want, text.String())
		}
	}
}
