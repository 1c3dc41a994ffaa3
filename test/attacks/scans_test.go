package attacks_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/registration/counter"
)

var (
	scanFormat = refusal{415, 2441, "scan-format"}
	scanLarge  = refusal{413, 2442, "scan-too-large"}
	scanSmall  = refusal{422, 2443, "scan-too-small"}
	scanBlank  = refusal{422, 2444, "scan-blank"}
	scanBroken = refusal{422, 2445, "scan-broken"}
	scanMany   = refusal{422, 2446, "scan-too-many"}
	scanNone   = refusal{404, 2447, "scan-unknown"}
)

func asPNG(b *bytes.Buffer, m image.Image) error  { return png.Encode(b, m) }
func asJPEG(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) }

// aFilm is an animated GIF.
func aFilm(b *bytes.Buffer, m image.Image) error {
	p := image.NewPaletted(m.Bounds(), color.Palette{color.Black, color.White})
	return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{p, p, p}, Delay: []int{1, 1, 1}})
}

// stored are the files of the bank's folder, by name.
func (w *world) stored() (names []string) {
	w.t.Helper()
	err := filepath.WalkDir(w.data, func(path string, _ fs.DirEntry, err error) error {
		if name := filepath.Base(path); !strings.HasPrefix(name, "ingam.db") { // a WAL comes and goes
			names = append(names, path)
		}
		return err
	})
	must(w, 0, err)
	return names
}

// "I am at the counter with a paper on my phone, and the teller attaches what I
// send. Or I am the teller. It is called a scan; it is a bomb, a program, a
// script; or it is a picture and something else besides."
func TestScans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.walksIn("hong")
	teller := w.employee(tellerNumber)
	at := teller.opened(hong)
	before, files := w.caseAt(at), w.stored()
	good, photo := drawing(w, 640, 480, asPNG), drawing(w, 640, 480, asJPEG)
	svg := []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><script>alert(1)</script></svg>`)
	for name, attack := range map[string]struct {
		file []byte
		want refusal
	}{
		"a zip":                  {append([]byte("PK\x03\x04"), make([]byte, 100_000)...), scanFormat},
		"a zip before a PNG":     {append([]byte("PK\x03\x04"), good...), scanFormat},
		"an SVG":                 {svg, scanFormat},
		"a GIF":                  {drawing(w, 640, 480, aFilm), scanFormat},
		"a page":                 {[]byte("<!doctype html><script>alert(1)</script>"), scanFormat},
		"a PDF":                  {[]byte("%PDF-1.7\n"), scanFormat},
		"a program":              {append([]byte("MZ\x90\x00"), make([]byte, 4096)...), scanFormat},
		"a path":                 {[]byte("../../../../etc/passwd"), scanFormat},
		"a bomb of pixels":       {claim(good, 60_000, 60_000), scanLarge},
		"a bomb by a side":       {claim(good, 1<<31-1, 1), scanLarge},
		"8 MiB and a byte":       {append(bytes.Clone(good), make([]byte, 8<<20+1-len(good))...), scanLarge},
		"9 MB":                   {append(bytes.Clone(photo), make([]byte, 9_000_000-len(photo))...), scanLarge},
		"a stamp":                {drawing(w, 64, 48, asPNG), scanSmall},
		"white":                  {drawing(w, 640, 480, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, image.NewGray(m.Bounds())) }), scanBlank},
		"cut off":                {good[:len(good)/2], scanBroken},
		"a JPEG that is cut off": {photo[:len(photo)/2], scanBroken},
		"more than it has":       {claim(good, 6000, 6000), scanBroken},
	} {
		begin := time.Now()
		outcome := audit.Refused
		if len(attack.file) > 8<<20 {
			outcome = "" // not read to its end: no act
		}
		t.Log(name)
		teller.sentBack(teller.upload(at+"/papers", []file{{"scan", "scan.png", "image/png", attack.file}}, "paper", "further"), at, attack.want, outcome)
		if name == "a zip" || name == "a bomb of pixels" || name == "9 MB" { // the other form has the same file
			card := []file{{"image", "card.png", "image/png", attack.file}}
			teller.sentBack(teller.upload(at+"/prove", card, atCounter(hong.Cards[0])...), at, attack.want, outcome)
		}
		if took := time.Since(begin); took > patience {
			t.Errorf("%s kept the bank busy for %v", name, took)
		}
	}
	// What is far too much is not read at all.
	endless := []file{{"scan", "scan.png", "image/png", append(bytes.Clone(good), make([]byte, 20<<20)...)}}
	teller.turnedAwayBy(teller.upload(at+"/papers", endless, "paper", "further"), tooLarge)
	w.untouched(at, before)
	if now := w.stored(); !slices.Equal(now, files) {
		t.Errorf("there are other files now: %q", now)
	}
	// None of it was a try of the card.
	if c := w.caseAt(at); c.Failed != 0 || c.Proof != nil {
		t.Errorf("%d tries are counted", c.Failed)
	}
	teller.submits(at, hong)
}

var scanID = regexp.MustCompile(`/scans/([A-Z2-7]{26})`)

// "A picture it is. In it is where my phone took it, whose phone it is, a script
// behind its end, a second picture. Whoever opens the scan later gets that, too."
func TestScansAreRedrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teller := w.employee(tellerNumber)
	at := teller.opened(w.walksIn("kim"))
	files := w.stored()
	planted := []byte("PK\x03\x04<script>alert('37.5665N 126.9780E')</script>")
	w.vault.keepBytes("what was hidden in a picture", planted)
	size := 640
	next := func(encode func(*bytes.Buffer, image.Image) error) []byte { // each is another
		size += 8
		return drawing(w, size, 480, encode)
	}
	within := func(segment ...byte) []byte {
		photo := next(asJPEG)
		return slices.Concat(photo[:2], segment, planted, photo[2:])
	}
	length := byte(len(planted))
	exif := slices.Concat([]byte{0xff, 0xe1, 0, length + 8}, []byte("Exif\x00\x00"))
	for name, f := range map[string]file{
		"a place, in its EXIF": {"scan", "scan.jpg", "image/jpeg", within(exif...)},
		"a comment":            {"scan", "scan.jpg", "image/jpeg", within(0xff, 0xfe, 0, length+2)},
		"markup behind it":     {"scan", "scan.html", "text/html", append(next(asJPEG), planted...)},
		"a text in a PNG":      {"scan", "scan.svg", "image/svg+xml", after(next(asPNG), chunk("tEXt", append([]byte("Comment\x00"), planted...)))},
		"EXIF in a PNG":        {"scan", "scan.png", "", after(next(asPNG), chunk("eXIf", planted))},
		"a film in a PNG":      {"scan", "scan.png", "image/apng", after(next(asPNG), chunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0}), chunk("fcTL", make([]byte, 26)))},
		"a path as its name":   {"scan", "../../../../etc/passwd", "image/png", next(asPNG)},
		"a path of Windows":    {"scan", `..\\..\\C:\\scan.exe%00.png`, "application/x-msdownload", next(asPNG)},
		"a very long name":     {"scan", strings.Repeat("a", 3000) + ".png", "image/png", next(asPNG)},
	} {
		have := len(w.caseAt(at).Attached)
		s := teller.upload(at+"/papers", []file{f}, "paper", "further")
		c := w.caseAt(at)
		if s.status != http.StatusSeeOther || len(c.Attached) != have+1 {
			t.Errorf("%s: %d to %q, %d scans", name, s.status, s.to(), len(c.Attached))
			continue
		}
		page := teller.get(at)
		if page.says("passwd") || page.says("scan.exe") || page.says("aaaaaaaa") {
			t.Errorf("%s: the page repeats the name of the file", name)
		}
		got := teller.get(at + "/scans/" + c.Attached[have].ID)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != "image/jpeg" || got.header.Get("Cache-Control") != "no-store" ||
			got.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s comes back as %d %v", name, got.status, got.header)
		}
		m, kind, err := image.Decode(bytes.NewReader(got.body))
		if err != nil || kind != "jpeg" || m.Bounds().Dy() != 480 {
			t.Errorf("%s comes back as a %s: %v", name, kind, err)
		}
		for _, trace := range []string{"Exif", "<script", "PK\x03\x04", "acTL", "37.5665"} {
			if bytes.Contains(got.body, []byte(trace)) {
				t.Errorf("%s: %q is still in it", name, trace)
			}
		}
		if end := bytes.Index(got.body, []byte{0xff, 0xd9}); end != len(got.body)-2 {
			t.Errorf("%s: something stands behind the picture's end", name)
		}
	}
	if now := w.stored(); !slices.Equal(now, files) {
		t.Errorf("there are other files now: %q", now)
	}
	fillUp(teller, at, next)
}

// fillUp attaches as many as a case takes, and one more. One that was taken off
// is gone.
func fillUp(teller *browser, at string, next func(func(*bytes.Buffer, image.Image) error) []byte) {
	w := teller.w
	w.t.Helper()
	paper := func(content []byte) shown {
		return teller.upload(at+"/papers", []file{{"scan", "scan.png", "image/png", content}}, "paper", "further")
	}
	last := next(asPNG)
	for range counter.MaxScans - len(w.caseAt(at).Attached) {
		last = next(asPNG)
		paper(last)
	}
	before := w.caseAt(at)
	if len(before.Attached) != counter.MaxScans {
		w.t.Fatalf("%d scans", len(before.Attached))
	}
	teller.sentBack(paper(next(asPNG)), at, scanMany, audit.Refused)
	w.untouched(at, before)
	gone := before.Attached[0].ID
	for _, wrong := range []string{"../../../etc/passwd", strings.Repeat("A", 26), "' OR 1=1 --", ""} {
		teller.sentBack(teller.post(at+"/detach", "scan", wrong), at, scanNone, audit.Refused)
	}
	w.untouched(at, before)
	teller.post(at+"/detach", "scan", gone)
	for _, id := range []string{gone, strings.Repeat("A", 26), "..%2f..%2f..%2fingam.db", "%00"} {
		teller.turnedAwayBy(teller.get(at+"/scans/"+id), scanNone)
	}
	if page := teller.get(at); len(scanID.FindAll(page.body, -1)) == 0 || page.says(gone) {
		w.t.Error("the page still shows the scan that was taken off, or none")
	}
	// Twice the same is kept once; what is no scan's form is no scan.
	paper(last)
	if n := len(w.caseAt(at).Attached); n != counter.MaxScans-1 {
		w.t.Errorf("%d scans", n)
	}
	kind := "multipart/form-data; boundary=x"
	part := "--x\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a.png\"\r\n\r\n"
	teller.turnedAwayBy(teller.ask(http.MethodPost, at+"/papers", kind, []byte(strings.Repeat(part+"x\r\n", 100)+"--x--\r\n")), badForm)
	teller.turnedAwayBy(teller.ask(http.MethodPost, at+"/papers", kind, []byte(part+"half")), badForm)
	teller.turnedAwayBy(teller.ask(http.MethodPost, at+"/papers", "", []byte(part)), wrongType)
	teller.turnedAwayBy(teller.ask(http.MethodPost, at+"/papers", "image/png", picture), wrongType)
}
