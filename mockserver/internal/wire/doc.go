// Package wire is the sender's own HTTP transport: it writes HTTP/1.1 requests on kept connections itself, and leaves
// reading the answers to the standard library. So one mechanism serves for speed, for the times of an exchange's phases
// and for requests that are spoilt on the wire. Start with New; a Plan says how a request is spoilt.
//
// It knows no HTTP/2, no proxy, no redirect and no compression, and it never sends a request twice.
package wire
