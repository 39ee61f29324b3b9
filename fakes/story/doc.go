// Package story lets things happen in a world: somebody is invited, joins, buys a plan, is given a badge. An Action is
// one such thing, with the events that each platform documents for it (actions.yaml). A Story is a short life told in
// actions (the files in stories/). A Life plays either: it keeps what has changed, so that every later payload agrees.
//
// Start with Load and NewLife.
//
// Nothing is sent from here. Package mockserver plays stories to webhooks, and package judge to the receiver under
// test.
package story
