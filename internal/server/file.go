package server

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// file gives a configuration as a file for people: default.yaml with its
// comments and c's values.
func (c Config) file() ([]byte, error) {
	var tree yaml.Node
	if err := tree.Encode(c); err != nil {
		return nil, fmt.Errorf("encoding configuration: %w", err)
	}
	values := make(map[string]string)
	if err := flatten(&tree, "", values); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	var path []string // of the mappings that the line stands in
	for lines := bufio.NewScanner(bytes.NewReader(DefaultConfig)); lines.Scan(); {
		line := lines.Text()
		key, rest, isKey := strings.Cut(strings.TrimLeft(line, " "), ":")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if !isKey || strings.HasPrefix(key, "#") {
			fmt.Fprintln(&out, line)
			continue
		}
		path = append(path[:indent/2], key)
		value, comment, hasComment := strings.Cut(rest, " #")
		if strings.TrimSpace(value) == "" {
			fmt.Fprintln(&out, line)
			continue
		}
		fmt.Fprintf(&out, "%s%s: %s", line[:indent], key, values[strings.Join(path, ".")])
		if hasComment {
			fmt.Fprintf(&out, " #%s", comment)
		}
		fmt.Fprintln(&out)
	}
	return out.Bytes(), nil
}

// flatten gives the text of every value, on one line, by its path.
func flatten(n *yaml.Node, path string, into map[string]string) error {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			if path != "" {
				name = path + "." + name
			}
			if err := flatten(n.Content[i+1], name, into); err != nil {
				return err
			}
		}
	}
	n.Style |= yaml.FlowStyle
	text, err := yaml.Marshal(n)
	if err != nil {
		return fmt.Errorf("encoding configuration: %w", err)
	}
	line := strings.TrimSpace(string(text))
	if strings.Contains(line, "\n") {
		return errors.New("a setting has more than one line: " + path)
	}
	into[path] = line
	return nil
}
