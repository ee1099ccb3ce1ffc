package safetensors_test

import (
	"bytes"
	"fmt"
	"log"

	"gradus/safetensors"
)

func Example() {
	var file bytes.Buffer
	err := safetensors.Write(&file, []safetensors.Tensor{
		safetensors.New("f.weight", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}),
		safetensors.New("f.bias", []int{2}, []float32{0.5, -0.5}),
	}, map[string]string{"format": "pt"})
	if err != nil {
		log.Fatal(err)
	}

	f, err := safetensors.Read(bytes.NewReader(file.Bytes()), int64(file.Len()), "weights.safetensors")
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range f.Tensors {
		fmt.Println(e.Name, e.DType, e.Shape)
	}
	bias, err := f.Tensor("f.bias")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(safetensors.Values[float32](bias))
	fmt.Println(f.Verify())

	// One bit of the last number.
	damaged := file.Bytes()
	damaged[len(damaged)-1] ^= 1
	fmt.Println(f.Verify() != nil)

	// A byte too few.
	_, err = safetensors.Read(bytes.NewReader(damaged), int64(len(damaged)-1), "weights.safetensors")
	fmt.Println(err)
	// Output:
	// f.weight F32 [2 3]
	// f.bias F32 [2]
	// [0.5 -0.5] <nil>
	// <nil>
	// true
	// weights.safetensors: offset 279: expected 32 bytes of data, got 31
}
