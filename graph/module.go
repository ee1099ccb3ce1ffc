package graph

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// Module is a layer, a block or a whole network: something that can be applied
// to a value. It is a plain struct whose exported fields are its parameters
// (*Tensor) and its submodules.
type Module interface {
	Forward(x *Value) *Value
}

// Parameters lists a model's parameters in PyTorch's order: a module's own
// before its submodules', both in the order of the fields, depth first.
// Names are the fields' names in lower case with underscores
// (ResidualShapeAdjust becomes residual_shape_adjust), joined by dots; a field
// tag `name:"..."` chooses another one, elements of a slice are numbered, and
// fields of embedded structs count as the outer struct's. A tensor met twice
// counts once, under its first name; nil pointers are skipped.
//
// It is an error when a model has no parameters, gives two the same name,
// keeps one where the walk cannot name it, in an unexported field or in a map, has
// one with fewer or more numbers than its shape says, or two that share memory.
func Parameters(model Module) ([]Parameter, error) {
	w := walk{seen: map[place]bool{}}
	if err := w.visit("", reflect.ValueOf(model)); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, p := range w.found {
		if names[p.Name] {
			return nil, &Error{
				Want: "names of parameters to be unique", Got: p.Name + " twice",
				Fix: "choose another with a field tag name",
			}
		}
		names[p.Name] = true
	}
	if len(w.found) == 0 {
		return nil, &Error{
			Want: "a model with parameters", Got: "none in its exported fields",
			Fix: "parameters are exported fields of type *graph.Tensor",
		}
	}
	return w.found, checkMemory(w.found)
}

type walk struct {
	found []Parameter
	seen  map[place]bool // pointers already visited: shared ones count once
}

// place is what a pointer points at. The type belongs to it: a struct and its
// first field have one address.
type place struct {
	typ     reflect.Type
	address uintptr
}

func placeOf(pointer reflect.Value) place { return place{pointer.Type(), pointer.Pointer()} }

var tensorType = reflect.TypeFor[*Tensor]()

func (w *walk) visit(path string, v reflect.Value) error {
	v, ok := w.enter(v)
	if !ok {
		return nil
	}
	members, err := membersOf(v, path)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.value.Type() == tensorType && !m.value.IsNil() && !w.seen[placeOf(m.value)] {
			w.seen[placeOf(m.value)] = true
			w.found = append(w.found, Parameter{join(path, m.name), m.value.Interface().(*Tensor)})
		}
	}
	for _, m := range members {
		if m.value.Type() != tensorType {
			if err := w.visit(join(path, m.name), m.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// enter follows pointers and interfaces to what holds the fields; it reports
// false at nil and at a pointer that has been followed before.
func (w *walk) enter(v reflect.Value) (reflect.Value, bool) {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		if v.IsNil() {
			return v, false
		}
		if v.Kind() == reflect.Pointer {
			if w.seen[placeOf(v)] {
				return v, false
			}
			w.seen[placeOf(v)] = true
		}
		v = v.Elem()
	}
	return v, v.IsValid()
}

// member is a field of a struct or an element of a slice.
type member struct {
	name  string
	value reflect.Value
}

// membersOf lists the exported fields or the elements of v, and refuses
// parameters hidden where they cannot be named.
func membersOf(v reflect.Value, path string) ([]member, error) {
	var list []member
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			list = append(list, member{strconv.Itoa(i), v.Index(i)})
		}
	case reflect.Map:
		if holdsTensor(v, map[place]bool{}) {
			return nil, &Error{
				Path: path, Want: "parameters in fields or slices", Got: "a map, which has no order",
				Fix: "use a slice",
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			switch {
			case field.Anonymous && indirect(v.Field(i)).Kind() == reflect.Struct && field.IsExported() && field.Type != tensorType:
				inner, err := membersOf(indirect(v.Field(i)), path)
				if err != nil {
					return nil, err
				}
				list = append(list, inner...)
			case field.IsExported():
				list = append(list, member{fieldName(field), v.Field(i)})
			case holdsTensor(v.Field(i), map[place]bool{}):
				return nil, &Error{
					Path: path, Want: "parameters in exported fields only",
					Got: fmt.Sprintf("one in the unexported field %s of %s", field.Name, v.Type()),
					Fix: "export the field, so that it is trained and saved",
				}
			}
		}
	}
	return list, nil
}

func indirect(v reflect.Value) reflect.Value {
	for (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil() {
		v = v.Elem()
	}
	return v
}

// holdsTensor reports whether a tensor can be reached from v.
func holdsTensor(v reflect.Value, seen map[place]bool) bool {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[placeOf(v)] {
			return false
		}
		seen[placeOf(v)] = true
		return v.Type() == tensorType || holdsTensor(v.Elem(), seen)
	case reflect.Interface:
		return !v.IsNil() && holdsTensor(v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			if holdsTensor(v.Field(i), seen) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if holdsTensor(v.Index(i), seen) {
				return true
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if holdsTensor(it.Value(), seen) {
				return true
			}
		}
	}
	return false
}

// namesWithin lists the names of the submodule m among the members of parent:
// fields that are modules themselves are not searched, slices and plain structs
// are. There are several where equal values stand in several places, and none
// when m is not a member, for instance a module made on the fly.
func namesWithin(parent, m any) []string {
	if m == nil || !reflect.TypeOf(m).Comparable() {
		return nil
	}
	return find("", indirect(reflect.ValueOf(parent)), m, map[place]bool{})
}

func find(path string, v reflect.Value, m any, seen map[place]bool) []string {
	if !v.IsValid() {
		return nil
	}
	members, err := membersOf(v, "")
	if err != nil {
		return nil
	}
	var names []string
	for _, c := range members {
		inner := c.value
		for inner.Kind() == reflect.Interface && !inner.IsNil() {
			inner = inner.Elem()
		}
		if inner.Comparable() && inner.CanInterface() && inner.Interface() == m {
			names = append(names, join(path, c.name))
			continue
		}
		if _, isModule := c.value.Interface().(Module); isModule || inner.Type() == tensorType {
			continue
		}
		if inner.Kind() == reflect.Pointer {
			if seen[placeOf(inner)] {
				continue
			}
			seen[placeOf(inner)] = true
		}
		names = append(names, find(join(path, c.name), indirect(inner), m, seen)...)
	}
	return names
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// fieldName is the PyTorch name of an exported field.
func fieldName(f reflect.StructField) string {
	if name := f.Tag.Get("name"); name != "" {
		return name
	}
	var b strings.Builder
	runes := []rune(f.Name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 {
			startsWord := !unicode.IsUpper(runes[i-1])
			endsAcronym := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if startsWord || endsAcronym {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
