// Package shapes is for tests only: the shapes of convolutions and pools that
// oneDNN is tested with, cut to what a test can afford.
//
// They stand in lines such as g1ic20oc20_ih8oh4kh3sh2ph1_n"name": sizes by
// name, in any order. A normal test run gets some of the convolutions, always
// the same ones; with the race detector it gets fewer, with the build tag slow
// all, and bigger ones.
//
// Source: https://github.com/uxlfoundation/oneDNN/tree/main/tests/benchdnn
package shapes
