package optim

import (
	"fmt"

	"gradus/graph"
)

// SGD is stochastic gradient descent with momentum, as PyTorch's without
// dampening, Nesterov's term and weight decay:
//
//	velocity = momentum*velocity + gradient
//	parameter = parameter - learning_rate*velocity
//
// The velocity of parameter p is the state "velocity/p", zeros at first. The
// setting "momentum" is read at run time, so one program serves every momentum
// but 0. Without momentum there is no velocity, as there is none in PyTorch:
//
//	parameter = parameter - learning_rate*gradient
//
// Source: https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
type SGD struct {
	Momentum float64 `json:"momentum"` // 0 <= Momentum < 1
}

// Check refuses a momentum outside 0 <= Momentum < 1.
func (s SGD) Check() error {
	if !(s.Momentum >= 0 && s.Momentum < 1) {
		return fmt.Errorf("momentum: expected 0 <= momentum < 1, got %v", s.Momentum)
	}
	return nil
}

// Settings is the momentum, if there is any.
func (s SGD) Settings() map[string]float32 {
	if s.Momentum == 0 {
		return nil
	}
	return map[string]float32{"momentum": float32(s.Momentum)}
}

// Update records the new value of a parameter, and of its velocity.
func (s SGD) Update(b *graph.Builder, parameter string, w, g *graph.Value) {
	change := g
	if s.Momentum != 0 {
		velocity := "velocity/" + parameter
		v := b.State(velocity, w.Type())
		change = graph.Apply(SGDVelocityOp{}, v, g, b.Setting("momentum"))
		b.Update(velocity, change)
	}
	b.Update(parameter, graph.Apply(SGDStepOp{}, w, change, b.Setting(LearningRate)))
}

// SGDVelocityOp is momentum*v + g for a velocity v, a gradient g of the same
// type, and the scalar momentum.
type SGDVelocityOp struct{}

// Name is "sgd_velocity".
func (SGDVelocityOp) Name() string { return "sgd_velocity" }

// Infer wants v and g of one type, and a scalar.
func (SGDVelocityOp) Infer(in []graph.Type) (graph.Type, error) { return scaled(in) }

// Reference is momentum*v + g, element by element.
func (SGDVelocityOp) Reference(in []graph.Array, out graph.Array) {
	v, g, momentum := in[0].Data, in[1].Data, in[2].Data[0]
	for i := range out.Data {
		out.Data[i] = momentum*v[i] + g[i]
	}
}

// SGDStepOp is w - lr*v for a parameter w, a velocity or gradient v of the same
// type, and the scalar learning rate lr.
type SGDStepOp struct{}

// Name is "sgd_step".
func (SGDStepOp) Name() string { return "sgd_step" }

// Infer wants w and v of one type, and a scalar.
func (SGDStepOp) Infer(in []graph.Type) (graph.Type, error) { return scaled(in) }

// Reference is w - lr*v, element by element.
func (SGDStepOp) Reference(in []graph.Array, out graph.Array) {
	w, v, lr := in[0].Data, in[1].Data, in[2].Data[0]
	for i := range out.Data {
		out.Data[i] = w[i] - lr*v[i]
	}
}

// scaled wants two float32 operands of one type, which is the result's, and a
// float32 scalar.
func scaled(in []graph.Type) (graph.Type, error) {
	if len(in) != 3 {
		return graph.Type{}, &graph.Error{Want: "3 operands", Got: fmt.Sprint(len(in))}
	}
	if in[0].DType != graph.Float32 {
		return graph.Type{}, &graph.Error{Want: "a float32 parameter", Got: in[0].String()}
	}
	if !in[1].Equal(in[0]) {
		return graph.Type{}, &graph.Error{Want: in[0].String(), Got: in[1].String()}
	}
	if scalar := (graph.Type{DType: graph.Float32}); !in[2].Equal(scalar) {
		return graph.Type{}, &graph.Error{Want: scalar.String(), Got: in[2].String()}
	}
	return in[0], nil
}
