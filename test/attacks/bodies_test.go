package attacks_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/client"
)

// "I send each route what it does not expect: too much, too deep, half, twice,
// in other clothes. Somewhere something will fall over, or tell me about
// itself, or take what it should not."
func TestBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	p := w.logIn("hong")
	id := p.start(client.KindPersonalBank)
	p.give(id, client.NeedConsent)
	for _, o := range routes(t, 8, func(o operation) bool { return o.media == "application/json" }) {
		t.Run(o.method+" "+o.path, func(t *testing.T) {
			for _, bad := range o.spoil(t) {
				err := p.send(o.method, o.at(id), bad.body, w.from()).err()
				if err == nil {
					t.Errorf("%s: was taken", bad.name)
					continue
				}
				var problem *client.Problem
				if !errors.As(err, &problem) || problem.Status != bad.want.status || problem.Code != bad.want.code {
					t.Errorf("%s: %v, want %d %s (%d)", bad.name, err, bad.want.status, bad.want.name, bad.want.code)
					continue
				}
				w.turnedAway(err, bad.want)
			}
			p.sendWrongTypes(t, o, id)
			p.sendTooMuch(t, o, id)
		})
	}
	if made := p.finish(id, 0); made.Serial == "" {
		t.Error("no certificate")
	}
}

// sendWrongTypes says that the body is something else than JSON: what a form
// of another site could send without asking.
func (p *person) sendWrongTypes(t *testing.T, o operation, id string) {
	t.Helper()
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
		"application/xml", "application/json; charset=utf-16", "application/json; charset=euc-kr", "application/jsonp", "json",
		"application/json, text/plain", "application/problem+json", strings.Repeat("a", 5000) + "/json"} {
		err := p.send(o.method, o.at(id), o.sample(t), p.w.from(), func(r *http.Request) {
			r.Header.Del("Content-Type")
			if media != "" {
				r.Header.Set("Content-Type", media)
			}
		}).err()
		p.w.turnedAway(err, wrongType)
	}
}

// sendTooMuch sends one byte too many, with its length told and without.
func (p *person) sendTooMuch(t *testing.T, o operation, id string) {
	t.Helper()
	most := 64 << 10
	if strings.HasSuffix(o.path, "/id-card") || strings.HasSuffix(o.path, "/verifications") {
		most = 8 << 20
	}
	body := append(o.sample(t), bytes.Repeat([]byte(" "), most)...)[:most+1]
	for _, told := range []bool{true, false} {
		err := p.send(o.method, o.at(id), body, p.w.from(), func(r *http.Request) {
			if !told {
				r.Body, r.ContentLength, r.GetBody = io.NopCloser(bytes.NewReader(body)), -1, nil
			}
		}).err()
		p.w.turnedAway(err, tooLarge)
	}
}

// "Routes without a body may choke on one, too. And methods that nobody has
// thought of may reach what the others protect."
func TestMethods(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	id := p.start(client.KindPersonalBank)
	huge := bytes.Repeat([]byte("x"), 8<<20+1)
	allowed := map[string][]string{}
	for _, o := range routes(t, 20, ofAPI) {
		allowed[o.path] = append(allowed[o.path], o.method)
		if o.media == "" {
			w.turnedAway(p.send(o.method, o.at(id), huge, header("Content-Type", "application/json")).err(), tooLarge)
		}
	}
	for _, o := range routes(t, 20, ofAPI) {
		for _, method := range append(slices.Clone(methods), http.MethodOptions, http.MethodTrace, "PROPFIND", "get") {
			if slices.Contains(allowed[o.path], method) {
				continue
			}
			a := p.send(method, o.at(id), nil, header("X-HTTP-Method-Override", o.method), header("X-Method-Override", o.method))
			w.turnedAway(a.err(), refusal{405, 1002, "wrong-method"})
			for _, m := range allowed[o.path] {
				if !strings.Contains(a.header.Get("Allow"), m) {
					t.Errorf("%s %s: Allow is %q", method, o.path, a.header.Get("Allow"))
				}
			}
		}
	}
	for _, path := range []string{"/api", "/api/v1", "/api/v2/session", "/api/v1/session/", "/api/v1//session", "/api/v1/applications/" + id + "/proofs",
		"/api/v1/applications/" + id + "/proofs/branch", "/api/v1/../v1/session", "/.git/config", "/simulator/v1/samples", "/debug/pprof/", "/metrics", "/index.html"} {
		a := p.send(http.MethodGet, path, nil)
		if a.status != 404 && a.status != 301 && a.status != 307 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	p.finish(id, 0)
}

// "Ids are only letters. What if they are something else: a path, a piece of
// SQL, a very long text, somebody's number?"
func TestIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	for _, id := range []string{"1", "..%2f..%2fsession", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAA%20", "AAAAAAAAAAAAAAAAAAAAAAAAA%0A",
		"'%20OR%20'1'='1", "%C0%AF", strings.Repeat("A", 4000), "8503141000011", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "%25s%25n", "{id}", "*"} {
		for _, o := range routes(t, 10, ofOne) {
			w.turnedAway(p.send(o.method, o.at(id), o.sample(t)).err(), refusal{404, 2101, "application-unknown"})
		}
	}
	for _, kind := range []string{"x", "personal-bank%00", "PERSONAL-BANK", "..%2f..%2fterms", strings.Repeat("a", 4000)} {
		w.turnedAway(p.send("GET", "/api/v1/kinds/"+kind+"/terms", nil).err(), refusal{404, 1020, "kind-not-listed"})
	}
	p.finish(p.start(client.KindPersonalBank), 0)
}
