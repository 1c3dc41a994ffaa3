package ingam_test

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ingam-pki/ingam"

// maxLines is the length from which a file written by hand has to be split.
const maxLines = 400

// unit is one package as its files show it. Test files are left out: they may
// import what they like.
type unit struct {
	dir     string
	imports map[string][]string // import path → files
	files   []*ast.File
	names   map[*ast.File]string
	lines   map[string]int
	fset    *token.FileSet
}

// policy is what arch.txt says.
type policy struct {
	allow map[string][]string // package → what it may import
	deny  []ban
}

type ban struct {
	zone  string   // a folder
	names []string // import paths, or package.Function
}

// TestArchitecture holds the code against arch.txt. It parses the files
// itself: what runs the go command stays cached as passing.
func TestArchitecture(t *testing.T) {
	rules := readPolicy(t, "arch.txt")
	units := readUnits(t, ".")
	for _, u := range units {
		allowed, listed := rules.allow[u.dir]
		if !listed {
			t.Errorf("%s: has no line in arch.txt: add one that says what it may import", u.dir)
			continue
		}
		for imp, files := range u.imports {
			if !importAllowed(u.dir, imp, allowed) {
				t.Errorf("%s: %s imports %s, which arch.txt does not allow", u.dir, files[0], imp)
			}
		}
		checkBans(t, u, rules.deny)
		checkPackageComment(t, u)
		checkFiles(t, u)
	}
	for dir := range rules.allow {
		if !slices.ContainsFunc(units, func(u *unit) bool { return u.dir == dir }) {
			t.Errorf("arch.txt: %s does not exist any more: remove its line", dir)
		}
	}
}

// TestFaultNumbers sees that the number which a customer reads to the call
// centre means one thing.
func TestFaultNumbers(t *testing.T) {
	seen := map[string]string{}
	for _, u := range readUnits(t, ".") {
		for _, f := range u.files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !definesFault(u, call) {
					return true
				}
				where := u.fset.Position(call.Pos()).String()
				for _, arg := range call.Args[:2] {
					lit, ok := arg.(*ast.BasicLit)
					if !ok {
						t.Errorf("%s: number and name of a fault have to be literals", where)
						continue
					}
					if other, dup := seen[lit.Value]; dup {
						t.Errorf("%s: %s is already the fault at %s", where, lit.Value, other)
					}
					seen[lit.Value] = where
				}
				return true
			})
		}
	}
	if len(seen) == 0 {
		t.Error("found no fault at all: the test looks in the wrong place")
	}
}

func readPolicy(t *testing.T, name string) policy {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := policy{allow: map[string][]string{}}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line, _, _ := strings.Cut(lines.Text(), "#")
		left, right, ok := strings.Cut(line, ":")
		if !ok {
			if strings.TrimSpace(line) != "" {
				t.Fatalf("%s: can't read line %q", name, line)
			}
			continue
		}
		left = strings.TrimSpace(left)
		if zone, isBan := strings.CutPrefix(left, "never "); isBan {
			p.deny = append(p.deny, ban{zone: zone, names: strings.Fields(right)})
			continue
		}
		p.allow[left] = strings.Fields(right)
	}
	return p
}

func readUnits(t *testing.T, root string) []*unit {
	t.Helper()
	byDir := map[string]*unit{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipDir(p, d)
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		return addFile(byDir, p)
	})
	if err != nil {
		t.Fatal(err)
	}
	units := make([]*unit, 0, len(byDir))
	for _, u := range byDir {
		units = append(units, u)
	}
	slices.SortFunc(units, func(a, b *unit) int { return strings.Compare(a.dir, b.dir) })
	return units
}

// skipDir leaves out what is not of this module.
func skipDir(p string, d fs.DirEntry) error {
	name := d.Name()
	if p != "." && (name == "testdata" || name == "node_modules" || name == "bin" || strings.HasPrefix(name, ".")) {
		return fs.SkipDir
	}
	if p != "." {
		if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil {
			return fs.SkipDir
		}
	}
	return nil
}

func addFile(byDir map[string]*unit, p string) error {
	dir := filepath.ToSlash(filepath.Dir(p))
	u := byDir[dir]
	if u == nil {
		u = &unit{dir: dir, imports: map[string][]string{}, names: map[*ast.File]string{}, lines: map[string]int{}, fset: token.NewFileSet()}
		byDir[dir] = u
	}
	f, err := parser.ParseFile(u.fset, p, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	u.files = append(u.files, f)
	u.names[f] = p
	u.lines[p] = u.fset.File(f.Pos()).LineCount()
	for _, spec := range f.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return fmt.Errorf("%s: reading import: %w", p, err)
		}
		u.imports[imp] = append(u.imports[imp], p)
	}
	return nil
}

// importAllowed says whether a package may import another. The standard
// library is free (but for the bans); a name ending in /... stands for all
// below it.
func importAllowed(dir, imp string, allowed []string) bool {
	local, ours := strings.CutPrefix(imp, module+"/")
	if !ours {
		if !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
			return true
		}
		local = imp
	}
	if local == dir {
		return true
	}
	return slices.ContainsFunc(allowed, func(a string) bool { return matches(a, local) })
}

func matches(pattern, name string) bool {
	if prefix, below := strings.CutSuffix(pattern, "/..."); below {
		return name == prefix || strings.HasPrefix(name, prefix+"/")
	}
	return pattern == name
}

func checkBans(t *testing.T, u *unit, bans []ban) {
	t.Helper()
	for _, b := range bans {
		zone, except, _ := strings.Cut(b.zone, " except ")
		if !matches(zone, u.dir) || slices.ContainsFunc(strings.Fields(except), func(e string) bool { return matches(e, u.dir) }) {
			continue
		}
		for _, name := range b.names {
			if files := u.imports[name]; files != nil {
				t.Errorf("%s: %s imports %s, which arch.txt forbids below %s", u.dir, files[0], name, zone)
			}
			pkg, fn, isFunc := strings.Cut(path.Base(name), ".")
			if isFunc {
				checkCalls(t, u, pkg, fn, zone)
			}
		}
	}
}

func checkCalls(t *testing.T, u *unit, pkg, fn, zone string) {
	t.Helper()
	for _, f := range u.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && isSelector(e, pkg, fn) {
				t.Errorf("%s: names %s.%s, which arch.txt forbids below %s", u.fset.Position(n.Pos()), pkg, fn, zone)
			}
			return true
		})
	}
}

func isSelector(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkg
}

func checkPackageComment(t *testing.T, u *unit) {
	t.Helper()
	if !slices.ContainsFunc(u.files, func(f *ast.File) bool { return f.Doc.Text() != "" }) {
		t.Errorf("%s: has no package comment: say what it is for", u.dir)
	}
}

func checkFiles(t *testing.T, u *unit) {
	t.Helper()
	for _, f := range u.files {
		name := u.names[f]
		if ast.IsGenerated(f) {
			continue
		}
		if n := u.lines[name]; n > maxLines {
			t.Errorf("%s: has %d lines, more than %d: split it by what its parts are about", name, n, maxLines)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: has an init function: make a value and pass it", name)
			}
		}
	}
}
