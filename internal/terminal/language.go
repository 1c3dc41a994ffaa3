package terminal

import "strings"

// The languages that programs speak.
const (
	Korean  = "ko"
	English = "en"
)

// Language settles a program's language before its commands are made, because
// their help is in it: --lang, else the first of LC_ALL, LC_MESSAGES and LANG
// that is set, else Korean. A locale of another language gives English.
func Language(args []string, env func(string) string) string {
	if asked := FlagValue(args, "--lang"); asked != "" {
		return ofLocale(asked)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			return ofLocale(value)
		}
	}
	return Korean
}

func ofLocale(locale string) string {
	locale = strings.ToLower(locale)
	for _, prefix := range []string{"ko_", "ko-", "ko."} {
		if strings.HasPrefix(locale, prefix) {
			return Korean
		}
	}
	if locale == Korean {
		return Korean
	}
	return English
}

// FlagValue finds a flag's value before the flags are parsed; empty when it is
// not there.
func FlagValue(args []string, name string) string {
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

// HasFlag says whether a switch is set, before the flags are parsed.
func HasFlag(args []string, name string) bool {
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
