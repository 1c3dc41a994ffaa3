package attacks_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
)

var (
	pictureFormat = refusal{415, 3011, "picture-format"}
	pictureLarge  = refusal{413, 3012, "picture-too-large"}
	pictureSmall  = refusal{422, 3013, "picture-too-small"}
	pictureBlank  = refusal{422, 3014, "picture-blank"}
	pictureBroken = refusal{422, 3015, "picture-broken"}
	badForm       = refusal{400, 1015, "malformed-form"}
)

// chunk is one of a PNG.
func chunk(kind string, content []byte) []byte {
	c := append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), kind...)
	c = append(c, content...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

// claim makes a PNG say another size.
func claim(file []byte, width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return bytes.Join([][]byte{file[:8], chunk("IHDR", append(head, file[24:29]...)), file[33:]}, nil)
}

// after puts chunks behind a PNG's head.
func after(file []byte, chunks ...[]byte) []byte {
	return bytes.Join([][]byte{file[:33], bytes.Join(chunks, nil), file[33:]}, nil)
}

func drawing(w *world, width, height int, encodeAs func(b *bytes.Buffer, m image.Image) error) []byte {
	w.t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetGray(x, y, color.Gray{Y: uint8(x/8*16 + y/8*16)})
		}
	}
	var b bytes.Buffer
	must(w, 0, encodeAs(&b, m))
	return b.Bytes()
}

// "The bank wants a picture. What I send is called one: markup, a program, a
// film, a bomb; or it is one, and something else besides."
func TestUploadedPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.customer("hong")
	id := hong.apply()
	at := "/apply/" + id + "/id-card"
	asPNG := func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }
	film := func(b *bytes.Buffer, m image.Image) error {
		p := image.NewPaletted(m.Bounds(), color.Palette{color.Black, color.White})
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{p, p, p}, Delay: []int{1, 1, 1}})
	}
	photo := drawing(w, 640, 480, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	good := drawing(w, 640, 480, asPNG)
	endless := chunk("zTXt", append([]byte("Comment\x00\x00"), make([]byte, 1<<20)...))
	svg := []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>`)
	for name, attack := range map[string]struct {
		file []byte
		want refusal
	}{
		"an SVG":                     {svg, pictureFormat},
		"a page":                     {[]byte("<!doctype html><script>alert(1)</script>"), pictureFormat},
		"a program":                  {append([]byte("MZ\x90\x00"), make([]byte, 4096)...), pictureFormat},
		"a zip":                      {append([]byte("PK\x03\x04"), good...), pictureFormat},
		"a GIF":                      {drawing(w, 640, 480, film), pictureFormat},
		"a GIF with a comment of JS": {[]byte("GIF89a/*\x00\x00*/=1;alert(1)"), pictureFormat},
		"a WebP":                     {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00"), pictureFormat},
		"a TIFF":                     {[]byte("II*\x00\x08\x00\x00\x00"), pictureFormat},
		"a PDF":                      {[]byte("%PDF-1.7\n"), pictureFormat},
		"a HEIC":                     {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), pictureFormat},
		"a PNG behind a line":        {append([]byte("\n"), good...), pictureFormat},
		"a bomb of pixels":           {claim(good, 60_000, 60_000), pictureLarge},
		"a bomb by a side":           {claim(good, 1<<31-1, 1), pictureLarge},
		"no pixels":                  {claim(good, 0, 0), pictureFormat},
		"a stripe":                   {claim(good, 20_000, 481), pictureSmall},
		"a stamp":                    {drawing(w, 64, 48, asPNG), pictureSmall},
		"more than it has":           {claim(good, 6000, 6000), pictureBroken},
		"cut off":                    {good[:len(good)/2], pictureBroken},
		"a JPEG that is cut off":     {photo[:len(photo)/2], pictureBroken},
		"the head alone":             {good[:33], pictureBroken},
		"a sum that is wrong":        {bytes.Replace(good, good[29:33], []byte{0, 0, 0, 0}, 1), pictureFormat},
		"white":                      {drawing(w, 640, 480, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, image.NewGray(m.Bounds())) }), pictureBlank},
		"8 MiB and a byte":           {append(bytes.Clone(good), make([]byte, 8<<20+1-len(good))...), pictureLarge},
	} {
		begin := time.Now()
		t.Log(name)
		s := hong.upload(at, []file{{"image", "card.png", "image/png", attack.file}}, hong.cardForm()...)
		outcome := audit.Refused
		if len(attack.file) > 8<<20 {
			outcome = "" // not read to its end: no act
		}
		hong.sentBack(s, at, attack.want, outcome)
		if took := time.Since(begin); took > patience {
			t.Errorf("%s kept the bank busy for %v", name, took)
		}
	}
	// None of it was a try: the number was right each time. What can be seen of
	// a picture goes on, whatever else is in the file or said about it.
	planted := []byte("PK\x03\x04<script>alert('planted in a picture')</script>")
	w.vault.keepBytes("what was hidden in a picture", planted)
	for name, f := range map[string]file{
		"markup behind a JPEG":   {"image", "card.html", "text/html", append(bytes.Clone(photo), planted...)},
		"text in a PNG":          {"image", "card.svg", "image/svg+xml", after(good, chunk("tEXt", append([]byte("Comment\x00"), planted...)), endless)},
		"a film in a PNG":        {"image", "../../../etc/passwd", "video/mp4", after(good, chunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0}), chunk("fcTL", make([]byte, 26)))},
		"a comment in a JPEG":    {"image", `C:\card.exe`, "application/x-msdownload", bytes.Join([][]byte{photo[:2], {0xff, 0xfe, 0, byte(len(planted) + 2)}, planted, photo[2:]}, nil)},
		"a place, in its EXIF":   {"image", "card.jpg%00.php", "", bytes.Join([][]byte{photo[:2], {0xff, 0xe1, 0, byte(len(planted) + 8)}, []byte("Exif\x00\x00"), planted, photo[2:]}, nil)},
		"a name of many letters": {"image", strings.Repeat("a", 3000) + ".png", "image/png", good},
	} {
		if s := hong.upload(at, []file{f}, hong.cardForm()...); s.status != http.StatusSeeOther || s.to() == at {
			t.Errorf("%s: %d to %q", name, s.status, s.to())
		}
		p := w.logIn("hong") // anew, so that the next one is asked for, too
		must(w, 0, p.Abandon(t.Context(), id))
		id = hong.apply()
		at = "/apply/" + id + "/id-card"
	}
	hong.goesOn()
}

// "The picture is right, the form around it is not: a hundred parts, names of
// kilobytes, parts in parts, a boundary that never comes."
func TestUploadedForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kim := w.customer("kim")
	id := kim.apply()
	at := "/apply/" + id + "/id-card"
	part := func(head, content string) string { return "--x\r\n" + head + "\r\n\r\n" + content + "\r\n" }
	field := func(name, content string) string {
		return part(`Content-Disposition: form-data; name="`+name+`"`, content)
	}
	const kind, end = "multipart/form-data; boundary=x", "--x--\r\n"
	for name, attack := range map[string]struct {
		kind, body string
		want       refusal
	}{
		"a hundred parts":          {kind, strings.Repeat(field("document", "resident-card"), 100) + end, badForm},
		"a hundred files":          {kind, strings.Repeat(part(`Content-Disposition: form-data; name="image"; filename="a.png"`, "x"), 100) + end, badForm},
		"parts of nothing":         {kind, strings.Repeat("--x\r\n\r\n\r\n", 5000) + end, badForm},
		"a head without end":       {kind, "--x\r\n" + strings.Repeat("A: b\r\n", 100_000) + "\r\n", badForm},
		"a name of 20 MiB":         {kind, field(strings.Repeat("n", 20<<20), "x") + end, tooLarge},
		"a name of 100 KiB":        {kind, field(strings.Repeat("n", 100<<10), "x") + end, refusal{}},
		"a line without end":       {kind, "--x\r\n" + strings.Repeat("A", 8<<20), badForm},
		"no end":                   {kind, field("document", "resident-card") + "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhalf", badForm},
		"nothing":                  {kind, "", badForm},
		"no boundary":              {"multipart/form-data", field("a", "b") + end, wrongType},
		"a boundary of 10 KiB":     {"multipart/form-data; boundary=" + strings.Repeat("x", 10<<10), "--x--", badForm},
		"not a form":               {"multipart/mixed; boundary=x", field("a", "b") + end, wrongType},
		"JSON":                     {"application/json", `{"document":"resident-card"}`, wrongType},
		"no type":                  {"", field("a", "b") + end, wrongType},
		"letters that are no text": {kind, field("name", "\xff\xfe") + end, badForm},
		"a NUL":                    {kind, field("name", "a\x00b") + end, badForm},
		"10 MiB":                   {kind, strings.Repeat(" ", 10<<20), tooLarge},
		"parts in parts":           {kind, part("Content-Disposition: form-data; name=\"image\"; filename=\"a\"\r\nContent-Type: multipart/mixed; boundary=y", "--y\r\n\r\nx\r\n--y--") + end, refusal{}},
	} {
		s := kim.ask(http.MethodPost, at, attack.kind, []byte(attack.body))
		if attack.want == (refusal{}) { // read, and found to lack what is needed
			if s.status != http.StatusSeeOther || s.to() != at {
				t.Errorf("%s: %d to %q", name, s.status, s.to())
			}
			continue
		}
		t.Log(name)
		kim.turnedAwayBy(s, attack.want)
	}
	for n, kind := range []string{"", "text/plain", "application/json", kind, "application/x-www-form-urlencoded; charset=utf-16le"} {
		s := kim.ask(http.MethodPost, "/apply/"+id+"/otp", kind, []byte(`code=123456`))
		if n < 4 {
			kim.turnedAwayBy(s, wrongType)
		}
	}
	for name, body := range map[string]string{"a thousand fields": strings.Repeat("a=b&", 1000), "no letters": "code=%zz", "a NUL": "code=%00", "no text": "code=%ff%fe", "semicolons": "code=1;code=2"} {
		t.Log(name)
		kim.turnedAwayBy(kim.ask(http.MethodPost, "/apply/"+id+"/otp", urlencoded, []byte(body)), badForm)
	}
	kim.turnedAwayBy(kim.ask(http.MethodPost, "/apply/"+id+"/otp", urlencoded, []byte("code="+strings.Repeat("1", 64<<10))), tooLarge)
	// Two files of one name, and the first of two fields: none is a way past
	// the checks of the other.
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	c := kim.card()
	for _, f := range [][2]string{{"document", string(c.Document)}, {"number", "9001011234567"}, {"number", c.Number}, {"name", c.Name}, {"issueDate", c.IssueDate}, {"licence", c.Licence}} {
		must(w, 0, m.WriteField(f[0], f[1]))
	}
	for _, content := range [][]byte{[]byte("<svg/>"), picture} {
		f, err := m.CreateFormFile("image", "card.png")
		must(w, f, err)
		_, err = f.Write(content)
		must(w, 0, err)
	}
	must(w, 0, m.Close())
	kim.sentBack(kim.ask(http.MethodPost, at, m.FormDataContentType(), body.Bytes()), at, cardMismatch, audit.Refused)
	if a, err := w.logIn("kim").Application(t.Context(), id); err != nil || len(a.Needs) == 0 || a.Needs[0] != client.NeedIDCard {
		t.Errorf("after all that: %v, %v", a.Needs, err)
	}
	if s := kim.upload(at, []file{{"image", "card.png", "image/png", picture}}, kim.cardForm()...); s.to() != fmt.Sprintf("/apply/%s/account", id) {
		t.Errorf("the honest form leads to %q", s.to())
	}
	kim.goesOn()
}
