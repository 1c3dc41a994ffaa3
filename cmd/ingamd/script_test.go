package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // for the command sql
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ingamd": func() { os.Exit(start(scripted(), os.Args[1:])) }})
}

// scripted is the program as scripts run it: by whom they say.
func scripted() *program {
	p := systemProgram()
	if name := os.Getenv("INGAMD_TEST_USER"); name != "" {
		p.user = name
	}
	return p
}

// TestScripts runs the real program by the scripts in testdata, each with its
// story on top. Besides what testscript has they know:
//
//	start ARGS…        runs ingamd until stop, waits until it serves, sets $URL
//	                   and, of a demo with --json, $SIMULATOR
//	stop               sends it an interrupt and wants it to end well
//	exits CODE ARGS…   runs ingamd and wants an exit code
//	fetch STATUS URL   gets a page; headers and body are its stdout
//	post STATUS URL JSON the same by POST
//	sql FILE TEXT      changes a SQLite database behind the program's back
//	capture NAME RE    sets $NAME to the first group of RE in the last stdout
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LC_ALL", "en_US.UTF-8")
			env.Setenv("TMPDIR", env.WorkDir)
			env.Values[running{}] = &process{}
			env.Defer(env.Values[running{}].(*process).kill)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": start1, "stop": stop1, "exits": exits, "fetch": fetch, "post": post, "sql": change, "capture": capture,
		},
	})
}

// running is the key of the process that start began.
type running struct{}

type process struct {
	cmd    *exec.Cmd
	output sync.WaitGroup
	text   strings.Builder
}

func (p *process) kill() {
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd = nil
	}
}

var (
	servingAt   = regexp.MustCompile(`(?:"url": ?"|msg=serving url=)(http://127\.0\.0\.1:[0-9]+)`)
	simulatorAt = regexp.MustCompile(`"simulator": ?"(http://127\.0\.0\.1:[0-9]+)`) // the line after "url"
)

func start1(ts *testscript.TestScript, neg bool, args []string) {
	p := ts.Value(running{}).(*process)
	if neg || p.cmd != nil {
		ts.Fatalf("start: something runs already")
	}
	path, err := lookUp(ts, "ingamd")
	ts.Check(err)
	cmd := exec.Command(path, args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environment(ts)
	pipe, writer, err := os.Pipe()
	ts.Check(err)
	cmd.Stdout, cmd.Stderr = writer, writer
	ts.Check(cmd.Start())
	ts.Check(writer.Close())
	p.cmd = cmd
	lines := make(chan string, 2)
	p.text.Reset()
	p.output.Go(func() {
		defer close(lines)
		told := 0
		for text := bufio.NewScanner(pipe); text.Scan(); {
			p.text.WriteString(text.Text() + "\n")
			if told < cap(lines) && (told == 1 || servingAt.MatchString(text.Text())) {
				told++
				lines <- text.Text()
			}
		}
	})
	line, ok := <-lines
	if !ok {
		p.output.Wait()
		ts.Fatalf("start: it ended before it served:\n%s", p.text.String())
	}
	ts.Setenv("URL", servingAt.FindStringSubmatch(line)[1])
	if strings.HasPrefix(strings.TrimSpace(line), `"url"`) { // no log line
		if m := simulatorAt.FindStringSubmatch(<-lines); m != nil {
			ts.Setenv("SIMULATOR", m[1])
		}
	}
}

func stop1(ts *testscript.TestScript, _ bool, _ []string) {
	p := ts.Value(running{}).(*process)
	if p.cmd == nil {
		ts.Fatalf("stop: nothing runs")
	}
	ts.Check(p.cmd.Process.Signal(syscall.SIGINT))
	p.output.Wait()
	err := p.cmd.Wait()
	p.cmd = nil
	if err != nil {
		ts.Fatalf("stop: %v\n%s", err, p.text.String())
	}
	_, err = io.WriteString(ts.Stdout(), p.text.String())
	ts.Check(err)
}

func lookUp(ts *testscript.TestScript, name string) (string, error) {
	for dir := range strings.SplitSeq(ts.Getenv("PATH"), string(os.PathListSeparator)) {
		if info, err := os.Stat(dir + "/" + name); err == nil && info.Mode()&0o111 != 0 {
			return dir + "/" + name, nil
		}
	}
	return "", exec.ErrNotFound
}

func environment(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LC_ALL", "INGAM_PASSPHRASE", "GOCOVERDIR"} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec("ingamd", args[1:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if neg || code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func fetch(ts *testscript.TestScript, _ bool, args []string) { ask(ts, http.MethodGet, args, "") }

func post(ts *testscript.TestScript, _ bool, args []string) {
	ask(ts, http.MethodPost, args[:2], args[2])
}

func ask(ts *testscript.TestScript, method string, args []string, content string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, args[1], strings.NewReader(content))
	ts.Check(err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if strconv.Itoa(res.StatusCode) != args[0] {
		ts.Fatalf("status %s, want %s\n%s", res.Status, args[0], body)
	}
	if len(args) > 2 {
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), body, 0o600))
		return
	}
	var names []string
	for name := range res.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		_, err = fmt.Fprintf(ts.Stdout(), "%s: %s\n", name, strings.Join(res.Header[name], ", "))
		ts.Check(err)
	}
	_, err = fmt.Fprintf(ts.Stdout(), "\n%s\n", body)
	ts.Check(err)
}

func change(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(strings.Join(args[1:], " "))
	ts.Check(errors.Join(err, db.Close()))
}

func capture(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) < 2 {
		ts.Fatalf("capture: %s does not match\n%s", args[1], ts.ReadFile("stdout"))
	}
	ts.Setenv(args[0], m[1])
}
