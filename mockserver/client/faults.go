package client

import "context"

// A Fault is a deliberate misbehaviour of the sender that there is. A script names faults with commas between them,
// each with a share of the attempts or without, as "30% lost, duplicate x2"; rules for some deliveries only are written
// as "when event member.* attempt 1-2: drop; tamper", and the first that matches counts.
type Fault struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"` // how they are written; empty if there are none
	Summary   string `json:"summary"`
	// proof: a signature or key; stamp: a timestamp in a header; wire: the server's own transport
	Needs []string `json:"needs"`
}

// FaultKinds lists the faults that there are.
func (c *Client) FaultKinds(ctx context.Context) ([]Fault, error) {
	var out struct {
		Faults []Fault `json:"faults"`
	}
	err := c.control(ctx, "GET", nil, nil, &out, "faults")
	return out.Faults, err
}

// Faults returns the script of a community.
func (c *Client) Faults(ctx context.Context, community string) (string, error) {
	var out struct {
		Faults string `json:"faults"`
	}
	err := c.control(ctx, "GET", nil, nil, &out, "communities", community, "faults")
	return out.Faults, err
}

// SetFaults changes the script of a community. Attempts that begin from now on go by it; webhooks and events that have
// a script of their own do not.
func (c *Client) SetFaults(ctx context.Context, community, script string) error {
	return c.control(ctx, "PUT", nil, map[string]string{"faults": script}, nil, "communities", community, "faults")
}
