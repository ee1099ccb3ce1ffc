package reproduce

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	textTemplate "text/template"

	"gradus/report/page"
)

// How a report was made, in both forms.
var (
	//go:embed made.html
	madeHTML string
	//go:embed made.md
	madeMarkdown string
)

// functions are what both forms of the report need beside the results.
var functions = map[string]any{
	"shape": shapeText,
	"plural": func(n int, what string) string {
		if n != 1 {
			what += "s"
		}
		return fmt.Sprintf("%d %s", n, what)
	},
	"percent": func(share float64) string {
		if s := fmt.Sprintf("%.1f%%", 100*share); s != "100.0%" || share == 1 {
			return s
		}
		return "> 99.9%"
	},
	"uri":     func(m Mistake) (template.URL, error) { s, err := m.URI(); return template.URL(s), err },
	"seconds": func(s float64) string { return fmt.Sprintf("%.1f s", s) },
}

// render adds report.html and report.md: two templates for the same data.
func (f Files) render(title, html, markdown string, data any) error {
	var body, whole, text bytes.Buffer
	h, err := template.New("report").Funcs(functions).Parse(html + madeHTML)
	if err != nil {
		return err
	}
	if err := h.Execute(&body, data); err != nil {
		return err
	}
	if err := (page.Page{Title: title, Body: template.HTML(body.String())}).Write(&whole); err != nil {
		return err
	}
	m, err := textTemplate.New("report").Funcs(functions).Parse(markdown + madeMarkdown)
	if err != nil {
		return err
	}
	if err := m.Execute(&text, data); err != nil {
		return err
	}
	f["report.html"], f["report.md"] = whole.Bytes(), text.Bytes()
	return nil
}
