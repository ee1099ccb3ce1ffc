// Package nn holds the layers of networks and what puts them together.
//
// A layer is a Module: a plain struct with one method, Forward, which is
// written as if it were applied to data. Its exported fields are its parameters
// and its submodules. Layers with parameters are made by constructors that draw
// the initial values from a random stream (NewConv2d, NewLinear); the others
// are values (ReLU, AvgPool2d, Flatten). Compose, Sequential and Join build
// networks of them, and a network is a Module again.
//
// Images are [N C H W] as in PyTorch, and so are the names of parameters.
// Nothing here panics over a size that cannot work: the layer refuses it when
// it is traced, with a *graph.Error that names the layer.
package nn
