package fakes

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract"
)

// Assumptions lists how the values of the payloads came about, of an event whose document does not say it. It is empty
// for documents of our own kind.
func (g *Generator) Assumptions() []contract.Assumption { return slices.Clone(g.program.assumed) }

// infer compiles an event of a foreign document: what fills a leaf follows from its format, name, examples, pattern and
// type. The payloads are tried on the schema, and what does not meet it is made another way.
func infer(event *contract.EventType, minimal bool) (program, error) {
	done, err := attempt(event, minimal, true)
	var noWork errNoWork
	if err != nil && !errors.As(err, &noWork) { // with less variety there is less to go wrong
		done, err = attempt(event, minimal, false)
	}
	if errors.As(err, &noWork) {
		c := compiler{event: event}
		err = c.fault(event.Schema, "%v: more than %d steps are needed to plan %s; give an example or an x-fake",
			err, maxWork, event.Name)
	}
	return done, err
}

func attempt(event *contract.EventType, minimal, varied bool) (program, error) {
	tried, work := wrongs{}, maxWork
	var fault error
	for work > 0 {
		c, p, err := plan(event, minimal, &planner{tried: tried, work: &work, varied: varied})
		if err != nil {
			if fault != nil {
				err = fault
			}
			return program{}, err
		}
		problem, err := check(c, p)
		if err != nil {
			return program{}, err
		}
		if problem == nil {
			c.program.assumed, c.program.risky = p.assumptions(), p.risky
			return c.program, nil
		}
		switch over := p.trace.excess; {
		case fault != nil:
		case over != nil:
			fault = c.fault(over.at, "cannot make a value here: %s; give an example or an x-fake, or ask for fewer items",
				problem.Message)
		default:
			fault = c.fault(event.Schema, "cannot make a value at %s: what is made %s; give an example or an x-fake", orBody(problem.Pointer), problem.Message)
		}
		if !p.blame(problem.Pointer) {
			return program{}, fault
		}
	}
	return program{}, fault
}

func orBody(pointer string) string {
	if pointer == "" {
		return "the body"
	}
	return pointer
}

// plan compiles the event: with less and less of what is optional, if there is too much of it.
func plan(event *contract.EventType, minimal bool, like *planner) (*compiler, *planner, error) {
	var c *compiler
	for _, deepest := range []int{8, 4, 2, 0, -1} {
		var err error
		if c, err = newCompiler(event, minimal); err != nil {
			return nil, nil, err
		}
		p := &planner{
			c: c, deepest: deepest, budget: maxValues, spare: maxSpare, tried: like.tried, work: like.work, varied: like.varied,
			ways: map[string]int{}, used: map[string]int{}, optional: map[string]bool{}, shapes: map[*contract.Schema]*shape{}, trace: &tracer{way: map[string]int{}},
		}
		if example, err := event.Example(); err == nil {
			p.example = example.Body
		}
		m, err := p.value([]*contract.Schema{event.Schema}, place{scope: entity{kind: "occurrence"}})
		*p.work -= maxWork / 2000 // so that there are not too many attempts
		var cannot *impossible
		switch {
		case err == nil:
			trace := p.trace
			c.emit(func(f *frame, b []byte) []byte {
				x := &fill{f: f, person: f.w.newcomer(f.n)}
				b = m(x, b)
				if trace.on {
					trace.excess = x.excess
				}
				return b
			})
			c.program.roles = c.known
			return c, p, nil
		case errors.As(err, &cannot):
			return nil, nil, c.fault(cannot.at, "cannot make a value here: %s; give an example or an x-fake", cannot.reason)
		case !errors.Is(err, errTooMuch{}):
			return nil, nil, err
		}
	}
	return nil, nil, c.fault(event.Schema, "%s has more than %d values that are required, the most that is made", event.Name, maxValues)
}

// trialWorld is the world that payloads are tried in.
var trialWorld = sync.OnceValue(func() *World {
	return NewWorld(1, Config{Words: 32, Residents: 8, Spaces: 2, Badges: 3, Campaigns: 3})
})

// check makes a few payloads and returns a problem with one: that it is too large, or the deepest, which is the nearest
// to its cause.
func check(c *compiler, p *planner) (*contract.Problem, error) {
	w := trialWorld()
	g := &Generator{world: w, event: c.event, names: namesOf(c.event), program: c.program}
	payloads, room := uint64(5), 200_000 // bytes
	if p.risky {
		payloads = 300
	}
	p.trace.on = true
	defer func() { p.trace.on = false }()
	var body []byte
	n := uint64(0)
	for ; n < payloads && (n <= maxBranches || room > 0); n++ {
		clear(p.trace.way)
		if p.trace.force = int(n) + 1; n > maxBranches {
			p.trace.force = 0
		}
		body = g.Append(body[:0], n*n, w.At(n*n))
		room -= len(body)
		if over := p.trace.excess; over != nil {
			return &contract.Problem{Pointer: over.path, Message: tooLarge}, nil
		}
		if p.work != nil {
			*p.work -= len(body) / 16
		}
		var invalid *contract.ValidationError
		err := c.event.Validate(body)
		switch {
		case errors.As(err, &invalid):
			depth := func(p contract.Problem) int { return strings.Count(p.Pointer, "/") }
			deepest := slices.MaxFunc(invalid.Problems, func(a, b contract.Problem) int { return depth(a) - depth(b) })
			return &deepest, nil
		case err != nil:
			return nil, err
		}
	}
	if p.varied && p.risky && n < enoughTried {
		return nil, errors.New("the payloads are too large to try as many as their variety asks for")
	}
	return nil, nil
}

// enoughTried is how many payloads must be tried that are of several branches.
const enoughTried = 40

// blame notes that the way in which the value at a pointer was made is wrong: that of the value itself, or of what it
// stands in if there is no other way, or if it is no value of its own. It reports whether there is anything to try.
func (p *planner) blame(pointer string) bool {
	tokens := strings.Split(pointer, "/")[1:]
	for i := len(tokens); i >= 0; i-- {
		for _, path := range paths(tokens[:i]) {
			ways, planned := p.ways[path]
			if !planned {
				continue
			}
			wrong := p.tried[path]
			if p.optional[path] {
				ways++ // it may be left out
			}
			if len(wrong)+1 >= ways {
				continue
			}
			way, traced := p.trace.way[path]
			if !traced {
				way = p.used[path]
			}
			if wrong[way] {
				continue
			}
			if wrong == nil {
				wrong = map[int]bool{}
				p.tried[path] = wrong
			}
			wrong[way] = true
			return true
		}
	}
	return false
}

// paths are the ways to write the place of a value: with * for the items of arrays.
func paths(tokens []string) []string {
	plain, starred := "", ""
	for _, token := range tokens {
		plain += "/" + token
		if _, err := strconv.Atoi(token); err == nil {
			token = "*"
		}
		starred += "/" + token
	}
	if plain == starred {
		return []string{plain}
	}
	return []string{plain, starred}
}

// assumptions are what the notes come to: how many values came about in which way, and which were left out.
func (p *planner) assumptions() (out []contract.Assumption) {
	say := func(format string, args ...any) {
		s := p.c.event.Schema
		out = append(out, contract.Assumption{File: p.c.event.Platform().DocumentFile(), Line: p.c.event.Line(), Pointer: s.Pointer, Message: p.c.event.Name + ": " + fmt.Sprintf(format, args...)})
	}
	by := map[string][]string{}
	for _, n := range p.notes {
		if !slices.Contains(by[n.how], n.path) {
			by[n.how] = append(by[n.how], n.path)
		}
	}
	var counts []string
	for _, how := range []string{fromFormat, fromName, fromExample, fromPattern} {
		if n := len(by[how]); n > 0 {
			counts = append(counts, fmt.Sprintf("%d from %s", n, how))
		}
	}
	if n := len(by[guessed]); n > 0 {
		counts = append(counts, fmt.Sprintf("%d guessed: %s", n, some(by[guessed])))
	}
	if len(counts) > 0 {
		say("values: %s", strings.Join(counts, ", "))
	}
	if n := len(by[leftOut]); n > 0 {
		say("%d optional properties are left out, for no value was found that ends or fits: %s", n, some(by[leftOut]))
	}
	if len(by[sameID]) > 0 {
		say("these ids are the same in payloads that should differ, for nothing else was found that fits: %s", some(by[sameID]))
	}
	if len(by[unread]) > 0 {
		say("payloads are tried on these keywords, and not made from them: %s", some(by[unread]))
	}
	if p.deepest < 8 {
		say("it is large: optional properties that are nested more than %d objects deep are left out", p.deepest+1)
	}
	return out
}

// some lists the first few.
func some(all []string) string {
	const few = 6
	if len(all) > few {
		return strings.Join(all[:few], ", ") + ", …"
	}
	return strings.Join(all, ", ")
}
