package main

import (
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
)

// say gives a text in the language of the run, its {names} filled with the
// parameters (name, value, name, value …).
func (p *program) say(t fault.Text, params ...string) string {
	pairs := make([]string, len(params))
	for i, s := range params {
		if i%2 == 0 {
			s = "{" + s + "}"
		}
		pairs[i] = s
	}
	return strings.NewReplacer(pairs...).Replace(t.In(p.lang))
}
