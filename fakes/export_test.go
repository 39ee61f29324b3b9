package fakes

// In returns a generator that makes the payloads of another world, without compiling the event type again.
func (g *Generator) In(w *World) *Generator {
	other := *g
	other.world = w
	return &other
}
