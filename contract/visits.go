package contract

import "fmt"

// maxVisits is on how many schemas the parts of one body are tried at most. More is a schema that leads to the same one
// by many ways, which doubles the work with every step.
const maxVisits = 300_000

// bounded refuses a schema that a body would have to be tried on too often. What is counted is no less than what the
// validator does, and takes less time.
func (v *validator) bounded(value any) error {
	if v.bound == nil {
		return nil
	}
	left := maxVisits
	if v.bound.visit(value, &left); left >= 0 {
		return nil
	}
	return &DocumentError{
		File: v.file, Line: v.bound.Line, Column: max(1, v.bound.Column), Pointer: v.bound.Pointer,
		Message: fmt.Sprintf("the schema branches too often: a body is tried on more than %d schemas; refer to a schema once where it is in several branches", maxVisits),
	}
}

// visit counts the schemas that a value and what is inside it are tried on.
func (s *Schema) visit(value any, left *int) {
	if *left--; *left < 0 {
		return
	}
	for _, other := range s.inPlace {
		other.visit(value, left)
	}
	switch value := value.(type) {
	case map[string]any:
		for _, other := range s.inside {
			for _, one := range value {
				other.visit(one, left)
			}
		}
		known := 0
		for i := range s.Properties {
			if one, ok := value[s.Properties[i].Name]; ok {
				known++
				s.Properties[i].Schema.visit(one, left)
			}
		}
		if s.Additional != nil && known < len(value) {
			for _, one := range value {
				s.Additional.visit(one, left)
			}
		}
	case []any:
		for i, one := range value {
			if i < len(s.Prefix) {
				s.Prefix[i].visit(one, left)
			} else if s.Items != nil {
				s.Items.visit(one, left)
			}
			for _, other := range s.inside {
				other.visit(one, left)
			}
		}
	}
}

// maxSchemas is how many schemas one event may lead to: the time to compile them grows with their square.
const maxSchemas = 20_000

// reach counts the schemas that a schema leads to.
func (s *Schema) reach() int {
	seen := map[*Schema]bool{}
	var visit func(s *Schema)
	visit = func(s *Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for _, list := range [][]*Schema{s.inPlace, s.inside, s.Prefix, {s.Items, s.Additional}} {
			for _, other := range list {
				visit(other)
			}
		}
		for _, p := range s.Properties {
			visit(p.Schema)
		}
	}
	visit(s)
	return len(seen)
}
