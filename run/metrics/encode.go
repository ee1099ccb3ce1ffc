package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// encode writes the fields of a struct as a line. JSON has no number that is not
// finite: such a field is null, and its name is in the list nonfinite. That is
// why json.Marshal, which refuses them, does not do it alone.
func encode(seq int, record any) ([]byte, error) {
	line := strconv.AppendInt([]byte(`{"seq":`), int64(seq), 10)
	var nonfinite []string
	v := reflect.ValueOf(record)
	for i := range v.NumField() {
		key, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		field := v.Field(i)
		if strings.Contains(options, "omitempty") && field.IsZero() {
			continue
		}
		text := []byte("null")
		if isFinite(field) {
			var err error
			if text, err = json.Marshal(field.Interface()); err != nil {
				return nil, fmt.Errorf("%s: expected a value that JSON has, got %w", key, err)
			}
		} else {
			nonfinite = append(nonfinite, key)
		}
		line = fmt.Appendf(line, `,"%s":%s`, key, text)
	}
	if nonfinite != nil {
		line = fmt.Appendf(line, `,"nonfinite":%q`, strings.Join(nonfinite, " "))
	}
	return append(line, "}\n"...), nil
}

func isFinite(v reflect.Value) bool {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v.Kind() != reflect.Float64 || !math.IsInf(v.Float(), 0) && !math.IsNaN(v.Float())
}
