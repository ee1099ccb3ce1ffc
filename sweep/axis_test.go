package sweep_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/sweep"
)

func ExampleParseAxis() {
	for _, text := range []string{"0.01,0.03", "0.001:0.1:log5", "0.1:0.5:lin5"} {
		axis, err := sweep.ParseAxis("lr", text)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(axis.Values)
	}
	// Output:
	// [0.01 0.03]
	// [0.001 0.003162 0.01 0.03162 0.1]
	// [0.1 0.2 0.3 0.4 0.5]
}

func TestParseAxis(t *testing.T) {
	for _, test := range []struct{ name, text, values, merged string }{
		{"lr", "0.07", "0.07", ""},
		{"lr", " 0.1 , 0.2", "0.1 0.2", ""},
		{"lr", "0.3,0.1,0.2", "0.3 0.1 0.2", ""},
		{"lr", "0.10,1e-1,.1,0.2", "0.1 0.2", "0.1 0.1"},
		{"lr", "1,0.01:0.1:log2,2", "1 0.01 0.1 2", ""},
		{"lr", "0.123456789:1:lin2", "0.123456789 1", ""}, // ends are not rounded
		{"lr", "1e-3:1e3:log3", "0.001 1 1000", ""},
		{"momentum", "0:0.9:lin4", "0 0.3 0.6 0.9", ""},
		{"batch", "16:256:log5", "16 32 64 128 256", ""},
		{"batch", "1:4:lin7", "1 2 3 4", "2 3 4"}, // 1.5, 2.5 and 3.5 round away from 0
		{"depth", "1..4", "1 2 3 4", ""},
		{"depth", "2..2", "2", ""},
		{"depth", "1..2,4", "1 2 4", ""},
		{"kernel", "016", "16", ""},
		{"seed", "18446744073709551615", "18446744073709551615", ""},
		{"seed", "18446744073709551613..18446744073709551615", "18446744073709551613 18446744073709551614 18446744073709551615", ""},
		{"net", "plain,other,plain", "plain other", "plain"},
	} {
		a, err := sweep.ParseAxis(test.name, test.text)
		got := []string{strings.Join(a.Values, " "), strings.Join(a.Merged, " ")}
		if d := cmp.Diff([]string{test.values, test.merged}, got); d != "" || err != nil {
			t.Errorf("%s %q: %v\n%s", test.name, test.text, err, d)
		}
	}
}

func TestParseAxisRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"lr", "", "lr: expected values such as 0.01,0.03 or 0.001:0.1:log5, got nothing"},
		{"lr", "0.1,", "lr: expected values such as 0.01,0.03 or 0.001:0.1:log5, got nothing"},
		{"lr", "0", "lr: expected 0 < lr <= 3.4e38, got 0"},
		{"lr", "0.1,-0.1", "lr: expected 0 < lr <= 3.4e38, got -0.1"},
		{"lr", "NaN", "lr: expected 0 < lr <= 3.4e38, got NaN"},
		{"lr", "Inf", "lr: expected 0 < lr <= 3.4e38, got +Inf"},
		{"lr", "1e40", "lr: expected 0 < lr <= 3.4e38, got 1e+40"},
		{"lr", "1e400", `lr: expected a number, got "1e400"`},
		{"lr", "fast", `lr: expected a number, got "fast"`},
		{"lr", "0x10", `lr: expected a number, got "0x10"`},
		{"lr", "1..5", `lr: expected a number, got "1..5"`},
		{"lr", "0.1:0.2", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN, got "0.1:0.2"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"lr", "0.1:0.2:exp5", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN, got "0.1:0.2:exp5"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"lr", "0.1:0.2:log", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN, got "0.1:0.2:log"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"lr", "0.2:0.1:log5", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN with LOW < HIGH, got "0.2:0.1:log5"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"lr", "NaN:0.1:log5", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN with LOW < HIGH, got "NaN:0.1:log5"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"lr", "0:0.1:log5", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN with LOW above 0 for logN, got "0:0.1:log5"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"lr", "0:0.1:lin5", "lr: expected 0 < lr <= 3.4e38, got 0"},
		{"lr", "0.1:0.2:lin1", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN with N from 2 to 10000, got "0.1:0.2:lin1"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"lr", "0.1:0.2:lin2000000000", `lr: expected LOW:HIGH:logN or LOW:HIGH:linN with N from 2 to 10000, got "0.1:0.2:lin2000000000"; for instance 0.01,0.03 or 0.001:0.1:log5`},
		{"batch", "16.5", `batch: expected a whole number, got "16.5"`},
		{"batch", "64..16", `batch: expected LOW..HIGH with whole numbers, the smaller one first, got "64..16"`},
		{"seed", "-1", `seed: expected a whole number of at least 0, got "-1"`},
		{"seed", "1..", `seed: expected LOW..HIGH with whole numbers, the smaller one first, got "1.."`},
		{"seed", "1..1000000000000", `seed: expected at most 10000 values, got "1..1000000000000"`},
		{"seed", "0..18446744073709551615", `seed: expected at most 10000 values, got "0..18446744073709551615"`},
		{"seed", "1..9999,1..9999", "seed: expected at most 10000 values, got more"},
		{"net", ",", "net: expected values such as plain,residual, got nothing"},
		{"epochs", "1", "axis: expected one of " + strings.Join(sweep.Names(), ", ") + `, got "epochs"`},
	} {
		if _, err := sweep.ParseAxis(test.name, test.text); err == nil || err.Error() != test.want {
			t.Errorf("%s %q: expected the error %q, got %v", test.name, test.text, test.want, err)
		}
	}
}
