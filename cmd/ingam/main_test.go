package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/term"

	"github.com/ingam-pki/ingam/internal/terminal"
)

// scriptNow is the time of the scripts that don't set another.
var scriptNow = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// TestMain makes this binary the program itself when a script runs ingam.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ingam": func() { os.Exit(start(scripted(), os.Args[1:])) }})
}

// scripted is the program as scripts run it: with a clock of the script's, a
// death at a point of the script's, and without the terminal of whoever runs
// the tests.
func scripted() *program {
	p := system()
	p.version = "test"
	p.now = func() time.Time { return scriptNow }
	switch at := os.Getenv("INGAM_TEST_NOW"); at {
	case "":
	case "clock":
		p.now = time.Now
	default:
		if ahead, err := time.ParseDuration(at); err == nil {
			p.now = func() time.Time { return time.Now().Add(ahead) }
			break
		}
		fixed, err := time.Parse(time.RFC3339, at)
		if err != nil {
			panic(err)
		}
		p.now = func() time.Time { return fixed }
	}
	if point := os.Getenv("INGAM_TEST_KILL"); point != "" {
		p.reached = func(reached string) {
			if reached == point {
				if self, err := os.FindProcess(os.Getpid()); err == nil {
					_ = self.Kill()
				}
				select {}
			}
		}
	}
	if os.Getenv("INGAM_TEST_TTY") == "" && !term.IsTerminal(0) {
		p.openTTY = func() (*os.File, error) { return nil, errors.New("no terminal in this script") }
	}
	return p
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"hold":     cmdHold,
			"crl":      cmdCRL,
			"status":   cmdStatus,
			"bank":     cmdBank,
			"customer": cmdCustomer,
			"due-in":   cmdDueIn,
			"pass":     cmdPass,
			"typed":    cmdTyped,
			"visit":    cmdVisit,
			"json":     cmdJSON,
			"narrow":   cmdNarrow,
			"exit":     cmdExit,
		},
		Condition: func(condition string) (bool, error) {
			switch condition {
			case "fixtures":
				_, err := os.Stat(fixtures())
				return err == nil, nil
			case "superuser":
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", condition)
		},
	})
}

// cmdJSON sees that a member of a JSON file has a value: json FILE PATH WANT,
// with PATH like error.code or certificates.0.owner. A WANT of * is any value
// that is there; the member size of a list is its length.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	got, found := member(v, args[1])
	equal := found && (args[2] == "*" || fmt.Sprint(got) == args[2])
	if equal == neg {
		ts.Fatalf("%s is %v (there: %v), want %s (not: %v)", args[1], got, found, args[2], neg)
	}
}

func member(v any, path string) (any, bool) {
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			inner, found := in[name]
			if !found {
				return nil, false
			}
			v = inner
		case []any:
			if name == "size" {
				return len(in), true
			}
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	if f, isNumber := v.(float64); isNumber {
		return strconv.FormatFloat(f, 'f', -1, 64), true
	}
	return v, true
}

// cmdNarrow sees that every line of a file fits a terminal of 80 columns.
func cmdNarrow(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.SplitSeq(ts.ReadFile(args[0]), "\n") {
		if w := terminal.Width(line); w > terminal.MaxColumns {
			ts.Fatalf("%d columns: %s", w, line)
		}
	}
}

// cmdExit runs a program and sees that it ends with a code: exit CODE PROGRAM….
func cmdExit(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var ended interface{ ExitCode() int }
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
