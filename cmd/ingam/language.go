package main

import (
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
)

// Languages of the program.
const (
	korean  = "ko"
	english = "en"
)

// language settles the language before the commands are made, because their
// help is in it: --lang, else the first of LC_ALL, LC_MESSAGES and LANG that
// is set, else Korean. A locale of another language gives English.
func language(args []string, env func(string) string) string {
	if asked := flagValue(args, "--lang"); asked != "" {
		return ofLocale(asked)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			return ofLocale(value)
		}
	}
	return korean
}

func ofLocale(locale string) string {
	if locale = strings.ToLower(locale); locale == korean || strings.HasPrefix(locale, "ko_") || strings.HasPrefix(locale, "ko-") || strings.HasPrefix(locale, "ko.") {
		return korean
	}
	return english
}

// flagValue finds a flag's value before the flags are parsed.
func flagValue(args []string, name string) string {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, name+"="); ok {
			return value
		}
		if arg == name && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// hasFlag says whether a switch is set, before the flags are parsed.
func hasFlag(args []string, name string) bool {
	for _, arg := range args {
		if arg == "--" {
			return false
		}
		if arg == name || arg == name+"=true" {
			return true
		}
	}
	return false
}

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
