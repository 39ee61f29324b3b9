package fakes

import (
	"strings"

	"github.com/quintain-dev/quintain/contract"
)

// wrongs are by path the ways to make a value that were found wrong.
type wrongs map[string]map[int]bool

// A tracer tells while payloads are tried which ways were taken, and has each way taken.
type tracer struct {
	on     bool
	force  int // the way to take, counted from 1; 0: as in any payload
	way    map[string]int
	excess *excess // of the payload
}

// besides plans what payloads have now and then. It gets a part of what is spare, so that there is some for the next.
func (p *planner) besides(at place, plan func(at place) (maker, error)) maker {
	if !p.varied {
		return nil
	}
	part, notes := p.spare/4, len(p.notes)
	rest := p.spare - part
	p.spare, at.aside = part, true
	m, err := plan(at)
	p.spare = rest + max(0, p.spare)
	if err != nil {
		p.notes = p.notes[:notes]
		return nil
	}
	return m
}

// widen counts the ways to choose branches of which only some have branches themselves.
func (p *planner) widen(sh *shape, schemas []*contract.Schema) {
	for way := 1; way < sh.branches && sh.branches < maxBranches; way++ {
		other := flatten(schemas, way)
		*p.work -= other.visited
		sh.branches = max(sh.branches, other.branches)
	}
}

// others plans the other branches that a value may be of, and null for a leaf that may be null: the payloads take
// turns.
func (p *planner) others(m maker, schemas []*contract.Schema, first *shape, used, ways int, at place) maker {
	if !p.varied || used >= first.branches {
		return m
	}
	makers, which := []maker{m}, []int{used}
	for way := used + 1; way < first.branches; way++ {
		if p.tried[at.path][way] {
			continue
		}
		other := p.besides(at, func(at place) (maker, error) { return p.content(p.shape(schemas, way, at), at) })
		if other != nil {
			makers, which = append(makers, other), append(which, way)
		}
	}
	branches := uint64(len(makers))
	if p.mayBeNull(first, at) && !p.tried[at.path][ways-1] {
		makers, which = append(makers, literal([]byte("null"))), append(which, ways-1)
	}
	if len(makers) == 1 {
		return m
	}
	p.risky = true
	p.used[at.path] = used
	trace, leaf := p.trace, hash(at.path+" branch")
	return func(x *fill, b []byte) []byte {
		i := x.turn(leaf, branches)
		if int(branches) < len(makers) && x.draw(leaf^1)%8 == 0 {
			i = branches
		}
		if trace.on {
			if trace.force > 0 {
				i = uint64(trace.force-1) % uint64(len(makers))
			}
			trace.way[at.path] = which[i]
		}
		return makers[i](x, b)
	}
}

// turn chooses one of some: any that many payloads in a row have each of them, in an order of their own.
func (x *fill) turn(leaf, of uint64) uint64 {
	n := x.f.occasion
	return (n%of + x.f.w.draw(occurrenceKind, int64(n/of), leaf^x.item^x.f.salt)%of + x.index) % of
}

// mayBeNull reports whether a leaf is null now and then: not where the platform's rules look.
func (p *planner) mayBeNull(sh *shape, at place) bool {
	if t := sh.typ(); !sh.nullable() || t == "object" || t == "array" || t == "null" || at.path == "" {
		return false
	}
	rules := p.c.event.Platform().Rules
	ruled := at.path == rules.DedupKey.Value || at.path == rules.EventTime.Value || strings.Contains(rules.EventName.Value, "{"+at.path+"}")
	return sh.fake == nil && sh.literal == nil && sh.enum == nil && at.fixed == "" && at.kind() != "id" && !ruled
}

// entry plans the one entry that a free map has now and then; nil for an object that is none.
func (p *planner) entry(sh *shape, at place) maker {
	a := sh.additional
	if a == nil || len(sh.fields) > 0 || len(sh.closed) > 0 || len(sh.unread) > 0 || p.c.minimal || at.depth > p.deepest {
		return nil
	}
	if most := sh.limits.MaxProperties; most != nil && *most < 1 {
		return nil
	}
	says := len(a.Types)+len(a.Enum)+len(a.AllOf)+len(a.OneOf)+len(a.AnyOf)+len(a.Properties) > 0 || a.Ref != nil || a.Const != nil || a.Fake != "" || a.Literal != nil
	if !says {
		return nil // anything may be there
	}
	inner := at.property("key1", singular(at.name))
	p.optional[inner.path] = true
	return p.besides(inner, func(at place) (maker, error) { return p.value([]*contract.Schema{a}, at) })
}
