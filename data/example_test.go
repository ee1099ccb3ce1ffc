package data_test

import (
	"fmt"

	"gradus/data"
)

func ExampleLoader_Batches() {
	set := &data.Set{
		Name:    "five dots",
		Images:  []byte{10, 20, 30, 40, 50}, // 5 x 1 x 1 x 1
		Shape:   [3]int{1, 1, 1},
		Labels:  []int32{0, 1, 0, 1, 0},
		Classes: 2,
		Mean:    data.MNISTMean,
		Std:     data.MNISTStd,
	}
	loader, err := data.NewLoader(set, 2, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for images, labels := range loader.Batches(1) {
		fmt.Println(images, labels)
	}
	// Output:
	// [10 20] [0 1]
	// [50 40] [0 1]
	// [30] [0]
}

func ExampleSet_Split() {
	set := &data.Set{Name: "dots", Images: []byte{0, 1, 2, 3}, Shape: [3]int{1, 1, 1}, Labels: []int32{0, 1, 2, 3}, Classes: 4, Std: 1}
	train, validation, err := set.Split(1, 1)
	fmt.Println(train.Len(), validation.Len(), err)
	_, _, err = set.Split(4, 1)
	fmt.Println(err)
	// Output:
	// 3 1 <nil>
	// dots: expected 1 to 3 held-out examples of 4, got 4
}
