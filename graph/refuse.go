package graph

// Refuse ends the trace: Trace returns e, completed by the layer that is being
// applied and the line of its caller. It is for modules whose options cannot
// work, as Apply is for operations whose operands do not fit.
func (v *Value) Refuse(e Error) { panic(v.builder.locate(&e)) }
