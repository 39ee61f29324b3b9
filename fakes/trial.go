package fakes

import (
	"fmt"

	"github.com/quintain-dev/quintain/contract"
)

// try makes a few payloads, so that none is sent that the document itself forbids.
func (c *compiler) try() error {
	problem, err := check(c, &planner{trace: &tracer{way: map[string]int{}}})
	if problem != nil {
		return c.fault(c.event.Schema, "cannot make %s: what is made at %s %s; what fills it and what the schema says contradict each other", c.event.Name, orBody(problem.Pointer), problem.Message)
	}
	return err
}

// contradiction says which two limits nothing meets, or is empty.
func contradiction(l contract.Limits) string {
	for _, pair := range []struct {
		low, high   string
		least, most *float64
		equal       bool // is a contradiction too
	}{
		{"minLength", "maxLength", l.MinLength, l.MaxLength, false},
		{"minItems", "maxItems", l.MinItems, l.MaxItems, false},
		{"minProperties", "maxProperties", l.MinProperties, l.MaxProperties, false},
		{"minimum", "maximum", l.Minimum, l.Maximum, false},
		{"exclusiveMinimum", "maximum", l.ExclusiveMinimum, l.Maximum, true},
		{"minimum", "exclusiveMaximum", l.Minimum, l.ExclusiveMaximum, true},
		{"exclusiveMinimum", "exclusiveMaximum", l.ExclusiveMinimum, l.ExclusiveMaximum, true},
	} {
		if pair.least == nil || pair.most == nil || *pair.least < *pair.most || !pair.equal && *pair.least == *pair.most {
			continue
		}
		return fmt.Sprintf("%s is %v and %s is %v", pair.low, *pair.least, pair.high, *pair.most)
	}
	return ""
}
