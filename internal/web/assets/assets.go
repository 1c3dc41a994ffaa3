// Package assets holds what pages load: scripts as they were built, the style
// sheet, fonts, icons. All of it is in the program.
//
//	files, err := assets.New()
//	mux.Handle("GET /assets/", files)
//	mux.Handle("GET /icon.svg", files.At("icons/icon.svg"))
//
// One hash over everything stands in each address, so that a browser may keep a
// file for a year and still never mixes two versions.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/sdk"
)

//go:embed built css console fonts icons packed
var embedded embed.FS

// file is one file with its forms for the way.
type file struct {
	body   []byte
	gzip   []byte // nil when it would save nothing
	brotli []byte // nil when compress.mjs has not seen this content
	media  string
	etag   string // without the form's suffix
}

// Files serves. It does not change once made.
type Files struct {
	hash  string
	files map[string]*file
}

// media are the types of what there is; another one is a defect.
var media = map[string]string{
	".js":    "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".ico":   "image/x-icon",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// Bundles are the sheets that are put together from several files, in order
// of their names.
const (
	Style   = "style.css"   // all of css/
	Console = "console.css" // all of console/: what staff's pages have besides
	Fonts   = "fonts.css"   // the faces: of no use before the text is there
)

// New reads everything, puts the style sheet together and compresses what
// is worth it.
func New() (*Files, error) {
	contents, err := Contents()
	if err != nil {
		return nil, err
	}
	f := &Files{files: make(map[string]*file, len(contents))}
	packed, err := readPacked()
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(contents))
	for name := range contents {
		names = append(names, name)
	}
	slices.Sort(names)
	all := sha256.New()
	for _, name := range names {
		made, err := prepare(name, contents[name], packed)
		if err != nil {
			return nil, err
		}
		f.files[name] = made
		_, _ = fmt.Fprintf(all, "%s %s\n", name, made.etag) // a hash takes everything
	}
	f.hash = hex.EncodeToString(all.Sum(nil))[:16]
	return f, nil
}

// Contents gives every file by the name under which it is served.
func Contents() (map[string][]byte, error) {
	contents := map[string][]byte{"ingam-wallet.js": sdk.WalletJS}
	err := fs.WalkDir(embedded, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		folder, name, _ := strings.Cut(p, "/")
		body, err := embedded.ReadFile(p)
		if err != nil {
			return err
		}
		switch {
		case folder == "packed":
		case folder == "css": // WalkDir goes in order of names
			contents[Style] = append(contents[Style], shrink(body)...)
		case folder == "console":
			contents[Console] = append(contents[Console], shrink(body)...)
		case p == "fonts/fonts.css":
			contents[Fonts] = shrink(body)
		case folder == "built":
			contents[name] = body
		default:
			contents[p] = body
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading assets: %w", err)
	}
	return contents, nil
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	breaks   = regexp.MustCompile(`\s*\n\s*`)
)

// shrink takes comments and indentation out of a style sheet. compress.mjs does
// the same.
func shrink(css []byte) []byte {
	return breaks.ReplaceAll(comments.ReplaceAll(css, nil), []byte("\n"))
}

// packed are the brotli forms by name, each with the hash of what it is of.
// Go has no brotli, so compress.mjs makes them after a build.
type packed map[string]struct {
	SHA256 string `json:"sha256"`
	body   []byte
}

func readPacked() (packed, error) {
	raw, err := embedded.ReadFile("packed/index.json")
	if err != nil {
		return nil, fmt.Errorf("reading the index of compressed assets: %w", err)
	}
	var index packed
	if err := json.Unmarshal(raw, &index); err != nil {
		return nil, fmt.Errorf("reading the index of compressed assets: %w", err)
	}
	for name, entry := range index {
		if entry.body, err = embedded.ReadFile("packed/" + strings.ReplaceAll(name, "/", "_") + ".br"); err != nil {
			return nil, fmt.Errorf("reading the brotli form of %s: %w", name, err)
		}
		index[name] = entry
	}
	return index, nil
}

func prepare(name string, body []byte, brotli packed) (*file, error) {
	kind := media[path.Ext(name)]
	if kind == "" {
		return nil, fmt.Errorf("assets: %s is of no known type", name)
	}
	sum := sha256.Sum256(body)
	f := &file{body: body, media: kind, etag: hex.EncodeToString(sum[:])[:32]}
	if !compressible(name) {
		return f, nil
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if out.Len() < len(body) {
		f.gzip = out.Bytes()
	}
	// A form of other content than today's is never served.
	if entry, ok := brotli[name]; ok && entry.SHA256 == hex.EncodeToString(sum[:]) {
		f.brotli = entry.body
	}
	return f, nil
}

func compressible(name string) bool {
	switch path.Ext(name) {
	case ".js", ".css", ".svg", ".txt":
		return true
	}
	return false
}

// Base is the beginning of every address: "/assets/<hash>".
func (f *Files) Base() string { return "/assets/" + f.hash }

// Names lists what is served, sorted.
func (f *Files) Names() []string {
	names := make([]string, 0, len(f.files))
	for name := range f.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Body gives a file's content; false when there is none of that name.
func (f *Files) Body(name string) ([]byte, bool) {
	found, ok := f.files[name]
	if !ok {
		return nil, false
	}
	return found.body, true
}
