package train_test

import (
	"fmt"
	"log"

	"gradus/data"
	"gradus/data/mnist"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// A loop of one's own: what happens between the steps is the caller's affair,
// here a learning rate that falls with every epoch.
func ExampleStep() {
	digits, err := mnist.Train()
	if err != nil {
		log.Fatal(err)
	}
	digits = digits.Slice(0, 2000)
	model := zoo.Plain(random.New(1, "init"), 1, 3, nn.ReLU)

	step, err := train.NewStep(model, train.InputOf(digits), train.StepOptions{Rule: optim.SGD{Momentum: 0.75}})
	if err != nil {
		log.Fatal(err)
	}
	defer step.Close()
	loader, err := data.NewLoader(digits, 16, 1)
	if err != nil {
		log.Fatal(err)
	}
	var wrong [4]int // by epoch
	for epoch := range wrong {
		for images, labels := range loader.Batches(epoch) {
			result, err := step.Run(images, labels, 0.02/float64(epoch+1))
			if err != nil {
				log.Fatal(err)
			}
			wrong[epoch] += result.Errors
		}
	}
	fmt.Println("less than half of the errors of the first epoch:", wrong[3] < wrong[0]/2)
	// Output:
	// less than half of the errors of the first epoch: true
}

// The largest of an image's logits is the answer.
func ExamplePredictor() {
	digits, err := mnist.Test()
	if err != nil {
		log.Fatal(err)
	}
	model := zoo.Plain(random.New(1, "init"), 1, 3, nn.ReLU) // and train it

	predictor, err := train.NewPredictor(model, train.InputOf(digits), train.PredictorOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer predictor.Close()
	logits, err := predictor.Apply(digits.Slice(0, 3).Images)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(logits), "logits of 3 images")
	// Output:
	// 30 logits of 3 images
}
