package ingam_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/numbers.md anew")

// numbersFile is what the call centre has beside the phone.
const numbersFile = "docs/numbers.md"

// refusal is a fault.Define call as the source shows it.
type refusal struct {
	number         int
	name           string
	whatKO, todoKO string
	whatEN, todoEN string
}

// TestNumbers holds docs/numbers.md against the faults in the source. Mend it
// by: go test . -run TestNumbers -update
func TestNumbers(t *testing.T) {
	want := numbers(t)
	if *update {
		if err := os.WriteFile(numbersFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(numbersFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Errorf("%s does not say what the source says: run go test . -run TestNumbers -update", numbersFile)
	}
}

// TestFaultsSpeakBothLanguages sees that no refusal is mute in a language, and
// that both have the same blanks to fill.
func TestFaultsSpeakBothLanguages(t *testing.T) {
	for _, r := range refusals(t) {
		for _, pair := range [][2]string{{r.whatKO, r.whatEN}, {r.todoKO, r.todoEN}} {
			if pair[0] == "" || pair[1] == "" {
				t.Errorf("%d %s: a text is missing", r.number, r.name)
			}
			if !slices.Equal(blanks(pair[0]), blanks(pair[1])) {
				t.Errorf("%d %s: the languages have different {blanks}: %q, %q", r.number, r.name, pair[0], pair[1])
			}
		}
		if strings.ContainsAny(r.whatKO+r.todoKO, "!") {
			t.Errorf("%d %s: no exclamation marks", r.number, r.name)
		}
	}
}

func blanks(text string) []string {
	var found []string
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			slices.Sort(found)
			return slices.Compact(found)
		}
		name, after, _ := strings.Cut(rest, "}")
		found = append(found, name)
		text = after
	}
}

func numbers(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# 오류 번호 / Error numbers\n\n")
	b.WriteString("고객이 번호를 말하면 여기서 찾습니다. 프로그램에서 뽑은 표이니 손으로 고치지 않습니다.\n")
	b.WriteString("What a number means that a customer reads out. Made from the source; don't edit.\n\n")
	b.WriteString("| 번호 | 이름 | 무슨 일 / what happened | 할 일 / what to do |\n|---|---|---|---|\n")
	for _, r := range refusals(t) {
		fmt.Fprintf(&b, "| %d | `%s` | %s<br>%s | %s<br>%s |\n", r.number, r.name,
			cell(r.whatKO), cell(r.whatEN), cell(r.todoKO), cell(r.todoEN))
	}
	return b.String()
}

func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ", "<", "&lt;").Replace(s)
}

func refusals(t *testing.T) []refusal {
	t.Helper()
	var all []refusal
	for _, u := range readUnits(t, ".") {
		consts := map[string]string{}
		for _, f := range u.files {
			collectConsts(f, consts)
		}
		for _, f := range u.files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if ok && definesFault(u, call) {
					all = append(all, readRefusal(t, u, call, consts))
				}
				return true
			})
		}
	}
	slices.SortFunc(all, func(a, b refusal) int { return a.number - b.number })
	return all
}

// definesFault says whether a call is fault.Define's, from inside or outside of
// its package.
func definesFault(u *unit, call *ast.CallExpr) bool {
	return isSelector(call.Fun, "fault", "Define") || u.dir == "internal/fault" && isIdent(call.Fun, "Define")
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func readRefusal(t *testing.T, u *unit, call *ast.CallExpr, consts map[string]string) refusal {
	t.Helper()
	where := u.fset.Position(call.Pos()).String()
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		t.Fatalf("%s: the number is no literal", where)
	}
	number, err := strconv.Atoi(literal.Value)
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	r := refusal{number: number, name: text(call.Args[1], consts)}
	r.whatKO, r.whatEN = bilingual(t, where, call.Args[3], consts)
	r.todoKO, r.todoEN = bilingual(t, where, call.Args[4], consts)
	return r
}

// bilingual reads a fault.Text literal, or a variable that is one.
func bilingual(t *testing.T, where string, e ast.Expr, consts map[string]string) (ko, en string) {
	t.Helper()
	if id, ok := e.(*ast.Ident); ok {
		return consts[id.Name+".KO"], consts[id.Name+".EN"]
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		t.Fatalf("%s: a text is neither a fault.Text literal nor the name of one", where)
	}
	return textFields(lit, consts)
}

func textFields(lit *ast.CompositeLit, consts map[string]string) (ko, en string) {
	for _, element := range lit.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch key, _ := pair.Key.(*ast.Ident); {
		case key == nil:
		case key.Name == "KO":
			ko = text(pair.Value, consts)
		case key.Name == "EN":
			en = text(pair.Value, consts)
		}
	}
	return ko, en
}

// collectConsts finds the package's constants that are strings, and its
// variables that are fault.Text literals.
func collectConsts(f *ast.File, into map[string]string) {
	for _, d := range f.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST && decl.Tok != token.VAR {
			continue
		}
		for _, s := range decl.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for i, value := range spec.Values {
				name := spec.Names[i].Name
				if lit, ok := value.(*ast.CompositeLit); ok && (isSelector(lit.Type, "fault", "Text") || isIdent(lit.Type, "Text")) {
					into[name+".KO"], into[name+".EN"] = textFields(lit, into)
				} else if s := text(value, into); s != "" {
					into[name] = s
				}
			}
		}
	}
}

// text evaluates string literals, named constants and their sums.
func text(e ast.Expr, consts map[string]string) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return s
		}
	case *ast.Ident:
		return consts[e.Name]
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			return consts[id.Name+"."+e.Sel.Name]
		}
	case *ast.BinaryExpr:
		return text(e.X, consts) + text(e.Y, consts)
	}
	return ""
}
