package catalog

import (
	"errors"
	"fmt"
	"strings"
)

// A text is a row of pieces: literal text, a value, a particle or a plural.
type piece struct {
	literal  string
	name     string // of an argument
	first    string // particle after a final consonant; plural for one
	second   string
	particle bool
	plural   bool
}

// parse takes a text apart. Braces don't nest and have no escape.
func parse(text string) ([]piece, error) {
	var row []piece
	for text != "" {
		open := strings.IndexAny(text, "{}")
		if open < 0 {
			return append(row, piece{literal: text}), nil
		}
		if open > 0 {
			row = append(row, piece{literal: text[:open]})
		}
		end := strings.IndexAny(text[open+1:], "{}")
		if text[open] == '}' || end < 0 || text[open+1+end] == '{' {
			return nil, fmt.Errorf("%w: braces don't match in %q", ErrSyntax, text)
		}
		p, err := parseBraces(text[open+1 : open+1+end])
		if err != nil {
			return nil, err
		}
		row = append(row, p)
		text = text[open+end+2:]
	}
	return row, nil
}

func parseBraces(s string) (piece, error) {
	if name, forms, ok := strings.Cut(s, "|"); ok {
		one, other, ok := strings.Cut(forms, "|")
		if !ok || !isName(name) || strings.Contains(other, "|") {
			return piece{}, fmt.Errorf("%w: {%s} is no plural", ErrSyntax, s)
		}
		return piece{name: name, first: one, second: other, plural: true}, nil
	}
	if first, second, ok := strings.Cut(s, "/"); ok {
		if first == "" || second == "" || strings.Contains(second, "/") {
			return piece{}, fmt.Errorf("%w: {%s} is no particle", ErrSyntax, s)
		}
		return piece{first: first, second: second, particle: true}, nil
	}
	if !isName(s) {
		return piece{}, fmt.Errorf("%w: {%s} is no name", ErrSyntax, s)
	}
	return piece{name: s}, nil
}

func isName(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// Format puts values into a text. When an argument is missing its name stands
// in its place and the error says so.
func Format(text string, values map[string]string) (string, error) {
	row, err := parse(text)
	if err != nil {
		return text, err
	}
	var out strings.Builder
	var missing []error
	for _, p := range row {
		value, ok := values[p.name]
		if p.name != "" && !ok {
			missing = append(missing, fmt.Errorf("%w: %s", ErrArgument, p.name))
			value = "{" + p.name + "}"
		}
		switch {
		case p.particle:
			out.WriteString(particle(out.String(), p.first, p.second))
		case p.plural && value == "1":
			out.WriteString(p.first)
		case p.plural:
			out.WriteString(p.second)
		case p.name != "":
			out.WriteString(value)
		default:
			out.WriteString(p.literal)
		}
	}
	return out.String(), errors.Join(missing...)
}

// Names gives the names of the arguments that a text takes.
func Names(text string) ([]string, error) {
	row, err := parse(text)
	var names []string
	for _, p := range row {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	return names, err
}
