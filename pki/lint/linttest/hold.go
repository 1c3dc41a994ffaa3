package linttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/pki/lint"
)

// Case is a rule's pair of certificates.
type Case struct{ Pass, Fail []byte }

// Hold holds a rule set to its word. Each rule has an ID of its own with the
// set's prefix, a citation, a date, a severity and a case; it judges both
// certificates of the case; nothing in the set finds anything in Pass, and in
// Fail exactly this rule does.
func Hold(t *testing.T, prefix string, rules []lint.Rule, cases map[string]Case) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range rules {
		t.Run(r.ID, func(t *testing.T) {
			if !strings.HasPrefix(r.ID, prefix) || seen[r.ID] {
				t.Errorf("the ID must begin with %q and be unique", prefix)
			}
			seen[r.ID] = true
			if r.Citation == "" || r.Effective.IsZero() || r.Severity == 0 || r.Check == nil {
				t.Error("a rule has a citation, a date, a severity and a check")
			}
			c, ok := cases[r.ID]
			if !ok {
				t.Fatal("there is no pair of certificates")
			}
			hold(t, rules, r, c)
		})
	}
	for id := range cases {
		if !seen[id] {
			t.Errorf("there is no rule %q for its pair", id)
		}
	}
}

func hold(t *testing.T, rules []lint.Rule, r lint.Rule, c Case) {
	t.Helper()
	for what, der := range map[string][]byte{"pass": c.Pass, "fail": c.Fail} {
		parsed, err := lint.Parse(der)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if !r.Judges(parsed) {
			t.Errorf("%s: the rule does not judge the certificate", what)
		}
	}
	if found := lint.Run(rules, c.Pass); len(found) > 0 {
		t.Errorf("pass: %v", found)
	}
	if found := lint.Run(rules, c.Fail); len(found) != 1 || found[0].Rule != r.ID {
		t.Errorf("fail: %v", found)
	}
}

// OneAFile fails when a file of the package in the current folder makes more
// than one rule, or when the set has not as many rules as there are files that
// make one.
func OneAFile(t *testing.T, rules []lint.Rule) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	makers := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		literals := 0
		ast.Inspect(parsed, func(n ast.Node) bool {
			if literal, ok := n.(*ast.CompositeLit); ok {
				if typ, ok := literal.Type.(*ast.SelectorExpr); ok && typ.Sel.Name == "Rule" {
					literals++
				}
			}
			return true
		})
		if literals > 1 {
			t.Errorf("%s makes %d rules", file, literals)
		}
		makers += literals
	}
	if makers != len(rules) {
		t.Errorf("%d files make rules, the set has %d", makers, len(rules))
	}
}
