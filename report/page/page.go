package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
)

// Page is a whole document.
type Page struct {
	Title string
	Body  template.HTML // what stands inside of <main>
}

//go:embed page.css
var style string

//go:embed page.html
var shell string

// Write writes the document.
func (p Page) Write(w io.Writer) error {
	t, err := template.New("page").Parse(shell)
	if err != nil {
		return err
	}
	return t.Execute(w, struct {
		Page
		Style template.CSS
	}{p, template.CSS(style)})
}

// Picture is what can be drawn into a page.
type Picture interface{ SVG(w io.Writer) error }

// Inline is a picture as part of a document.
func Inline(p Picture) (template.HTML, error) {
	var b bytes.Buffer
	err := p.SVG(&b)
	return template.HTML(b.String()), err
}
