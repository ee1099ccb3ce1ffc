package random_test

import (
	"fmt"

	"gradus/random"
)

func ExampleNew() {
	r := random.New(7, "example")
	fmt.Printf("%.4f %.4f %.4f\n", r.Float64(), r.Float64(), r.Float64())

	// The order of epoch 1 does not depend on what else was drawn, nor on the orders before it.
	order := make([]int32, 10)
	random.New(1, "shuffle", 1).Perm(order)
	fmt.Println(order)
	// Output:
	// 0.3590 0.3328 0.4115
	// [1 2 0 9 3 7 5 6 8 4]
}
