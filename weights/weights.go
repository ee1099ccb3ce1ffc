package weights

import (
	"gradus/graph"
	"gradus/safetensors"
)

// Tensors are parameters as a file holds them: copies, in the order of the list.
func Tensors(parameters []graph.Parameter) []safetensors.Tensor {
	tensors := make([]safetensors.Tensor, len(parameters))
	for i, p := range parameters {
		tensors[i] = safetensors.New(p.Name, p.Tensor.Shape, p.Tensor.Data)
	}
	return tensors
}

// Save replaces the file at path, or makes it, with the parameters in the order
// of the list. The metadata may be nil; "format": "pt" is added, by which
// PyTorch's libraries know what the layout is. [safetensors.WriteFile] says what
// holds when it fails.
func Save(path string, parameters []graph.Parameter, metadata map[string]string) error {
	all := map[string]string{"format": "pt"}
	for k, v := range metadata {
		all[k] = v
	}
	return safetensors.WriteFile(path, Tensors(parameters), all)
}

// Load reads the file at path into the parameters: it must have exactly their
// names, with their shapes, in float32. A digest in the file is checked. On any
// error the parameters are what they were; differences are listed by an error of
// type *MismatchError.
func Load(path string, parameters []graph.Parameter) error {
	f, err := safetensors.ReadFile(path)
	if err != nil {
		return err
	}
	return Assign(f, parameters)
}

// Assign does what Load does with a file that is open. A part of a file is
// assigned with [safetensors.File.Sub].
func Assign(f *safetensors.File, parameters []graph.Parameter) error {
	if differences := compare(f.Tensors, parameters); len(differences) > 0 {
		return &MismatchError{f.Path(), differences}
	}
	read := make([][]float32, len(parameters))
	for i, p := range parameters {
		t, err := f.Tensor(p.Name)
		if err != nil {
			return err
		}
		if read[i], err = safetensors.Values[float32](t); err != nil {
			return err
		}
	}
	for i, p := range parameters { // everything is here: nothing can fail any more
		copy(p.Tensor.Data, read[i])
	}
	return nil
}
