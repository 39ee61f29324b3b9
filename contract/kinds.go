package contract

import (
	"fmt"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

func scalarProblem[T any](want string) func(n *yamltree.Node) string {
	return func(n *yamltree.Node) string {
		if _, ok := n.Value.(T); !ok || n.Kind != yamltree.Scalar {
			return "want " + want
		}
		return ""
	}
}

func kindProblem(kind yamltree.Kind, want string) func(n *yamltree.Node) string {
	return func(n *yamltree.Node) string {
		if n.Kind != kind {
			return "want " + want
		}
		return ""
	}
}

func schemaProblem(n *yamltree.Node) string {
	if _, ok := n.Value.(bool); ok || n.Kind == yamltree.Mapping {
		return ""
	}
	if n.Kind == yamltree.Sequence {
		return "want a schema; a list of them is called prefixItems, or allOf"
	}
	return "want a schema: a mapping, true or false"
}

func schemaListProblem(n *yamltree.Node) string {
	if n.Kind != yamltree.Sequence || len(n.Items) == 0 {
		return "want a list of at least one schema"
	}
	return ""
}

func typeProblem(n *yamltree.Node) string {
	names := []*yamltree.Node{n}
	if n.Kind == yamltree.Sequence {
		if names = n.Items; len(names) == 0 {
			return "the list is empty; want one of " + strings.Join(typeNames, ", ")
		}
	}
	for i, name := range names {
		if name.Kind == yamltree.Scalar && name.Value == nil {
			return `want the name of a type; the type null is written in quotes: "null"`
		}
		if _, err := oneOf(text(name), typeNames...); err != nil {
			return err.Error()
		}
		for _, before := range names[:i] {
			if text(before) == text(name) {
				return fmt.Sprintf("%q is there twice", text(name))
			}
		}
	}
	return ""
}

func namesProblem(n *yamltree.Node) string {
	if n.Kind != yamltree.Sequence {
		return "want a list of names of properties"
	}
	known := make(map[string]bool, len(n.Items))
	for _, item := range n.Items {
		name, ok := item.Value.(string)
		if !ok || item.Kind != yamltree.Scalar {
			return "want a list of names of properties"
		}
		if known[name] {
			return fmt.Sprintf("%q is there twice", name)
		}
		known[name] = true
	}
	return ""
}

func enumProblem(n *yamltree.Node) string {
	if n.Kind != yamltree.Sequence || len(n.Items) == 0 {
		return "want a list of at least one value"
	}
	return ""
}

func countProblem(n *yamltree.Node) string {
	if f, err := numeric(n).Float64(); err != nil || f < 0 || f != float64(int64(f)) {
		return "want a whole number of 0 or more"
	}
	return ""
}

func numberProblem(n *yamltree.Node) string {
	if _, ok := n.Value.(bool); ok && n.Kind == yamltree.Scalar {
		return "want a number; since OpenAPI 3.1 it is the limit itself, not whether the limit is meant exclusively"
	}
	if _, err := numeric(n).Float64(); err != nil {
		return "want a number"
	}
	return ""
}
