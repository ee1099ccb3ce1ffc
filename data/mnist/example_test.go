package mnist_test

import (
	"fmt"

	"gradus/data/mnist"
)

func Example() {
	test, err := mnist.Test()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(test.Name, test.Len(), test.Shape)
	for row := 6; row < 28; row++ {
		for _, u := range test.Image(0)[row*28 : row*28+28] {
			fmt.Print(string(" .:#"[u/64]))
		}
		fmt.Println("|")
	}
	fmt.Println("label", test.Labels[0])
	// Output:
	// MNIST test 10000 [1 28 28]
	//                             |
	//       .:::                  |
	//       ##############:       |
	//       ....:##########:      |
	//             . ...  ##.      |
	//                   .##       |
	//                   ##.       |
	//                  :##        |
	//                  ##         |
	//                 :#:         |
	//                 ##          |
	//                .#:          |
	//               .##           |
	//               ##:           |
	//              ###            |
	//              ##.            |
	//             ##.             |
	//            :##              |
	//            ###              |
	//           .###              |
	//           .##               |
	//                             |
	// label 7
}
