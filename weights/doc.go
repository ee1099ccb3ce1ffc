// Package weights stores a model's parameters in safetensors files and loads
// them again. Names, shapes and order are PyTorch's, so a file of a network made
// here loads there, and the other way round.
package weights
