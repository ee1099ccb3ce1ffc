package table_test

import (
	"fmt"

	"gradus/internal/table"
)

func ExampleText() {
	fmt.Print(table.Text([][]string{
		{"layer", "operation", "µs", "share"},
		{"f", "linear", "2.5", "4%"},
		{"g", "", "12.0", "96%"},
		{"total"},
	}, 2))
	// Output:
	// layer  operation    µs  share
	// f      linear      2.5     4%
	// g                 12.0    96%
	// total
}
