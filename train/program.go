package train

import (
	"fmt"

	"gradus/data"
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
)

// Names of the inputs and outputs of the programs of this package.
const (
	imagesInput = "images" // bytes [N C H W]
	labelsInput = "labels" // int32 [N]
	validInput  = "valid"  // how many samples of the batch count

	logitsOutput = "logits" // [N classes]
	lossOutput   = "loss"   // the mean over the batch
	lossesOutput = "losses" // [N], summed over steps
	errorsOutput = "errors" // wrong answers, summed over steps
)

// Loss maps logits [N classes] and labels [N] to a loss per sample [N];
// op.CrossEntropyLosses is one. The mean over the batch is what is minimised.
type Loss func(logits, labels *graph.Value) *graph.Value

// Input is what a network is fed: images of bytes, normalised to
// (u/255 - Mean) / Std as the first operation of every program.
type Input struct {
	Shape     [3]int // channels, height, width
	Mean, Std float32
}

// InputOf is the input a data set provides.
func InputOf(set *data.Set) Input { return Input{set.Shape, set.Mean, set.Std} }

// images declares the images of a batch and normalises them.
func (in Input) images(b *graph.Builder, batch int) *graph.Value {
	shape := graph.Shape{batch, in.Shape[0], in.Shape[1], in.Shape[2]}
	x := b.Input(imagesInput, graph.Sample, graph.Type{DType: graph.Uint8, Shape: shape, Batched: true})
	mean, std := float64(in.Mean), float64(in.Std)
	return op.Affine(x, 1/(255*std), -mean/std)
}

func labels(b *graph.Builder, batch int) *graph.Value {
	return b.Input(labelsInput, graph.Sample, graph.Type{DType: graph.Int32, Shape: graph.Shape{batch}, Batched: true})
}

// ApplyProgram is the model's forward pass: images to the output "logits".
func ApplyProgram(model nn.Module, in Input, batch int) (*graph.Program, error) {
	return graph.Trace(model, graph.Evaluation, func(b *graph.Builder) {
		b.Output(logitsOutput, in.images(b, batch).Through(model), false)
	})
}

// EvaluationProgram is the forward pass with the sums "losses" and "errors".
func EvaluationProgram(model nn.Module, in Input, batch int, loss Loss) (*graph.Program, error) {
	return graph.Trace(model, graph.Evaluation, func(b *graph.Builder) { scored(b, model, in, batch, loss) })
}

// scored records the forward pass, its loss and its errors, and returns the
// losses and the number of samples that count.
func scored(b *graph.Builder, model nn.Module, in Input, batch int, loss Loss) (losses, valid *graph.Value) {
	logits := in.images(b, batch).Through(model)
	labels := labels(b, batch)
	valid = b.Input(validInput, graph.Count, graph.Type{DType: graph.Float32, Shape: graph.Shape{}})
	if s := logits.Shape(); len(s) != 2 {
		panic(&graph.Error{Want: "a model that returns logits [N classes]", Got: logits.Type().String(), Fix: "end it with Flatten and Linear"})
	}
	losses = loss(logits, labels)
	if want := (graph.Shape{batch}); !losses.Shape().Equal(want) {
		panic(&graph.Error{
			Want: fmt.Sprintf("a loss per sample, %v", want), Got: losses.Type().String(),
			Fix: "return op.CrossEntropyLosses(logits, labels), for instance; the mean is taken for you",
		})
	}
	b.Output(lossesOutput, losses, true)
	b.Output(errorsOutput, op.ErrorCount(logits, labels, valid), true)
	return losses, valid
}

// TrainingProgram is a whole training step: forward pass, loss, reverse pass,
// guard and update. Its sums are those of EvaluationProgram, before the update.
func TrainingProgram(model nn.Module, in Input, batch int, loss Loss, rule optim.Rule) (*graph.Program, error) {
	p, err := graph.Trace(model, graph.Training, func(b *graph.Builder) {
		losses, valid := scored(b, model, in, batch, loss)
		b.Output(lossOutput, op.BatchMean(losses, valid), false)
	})
	if err != nil {
		return nil, err
	}
	if p, err = graph.Differentiate(p, lossOutput); err != nil {
		return nil, err
	}
	return optim.Append(p, rule)
}
