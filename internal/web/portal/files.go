package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// files is what pages load.
type files struct {
	*assets.Files
	worker []byte // /sw.js
	icons  []map[string]string
}

func (p *Portal) loadFiles() error {
	all, err := assets.New()
	if err != nil {
		return fmt.Errorf("reading the portal's files: %w", err)
	}
	p.files.Files = all
	if p.pages, err = pages.New(all); err != nil {
		return fmt.Errorf("reading the portal's pages: %w", err)
	}
	p.files.icons = iconsOf(all)
	p.files.worker, err = workerOf(all)
	return err
}

// Assets are the files of all pages: the console's pages load some of them.
func (p *Portal) Assets() *assets.Files { return p.files.Files }

// iconsOf are the app's icons as the manifest lists them.
func iconsOf(all *assets.Files) (icons []map[string]string) {
	for _, icon := range []struct{ file, sizes, kind, purpose string }{
		{"icon.svg", "any", "image/svg+xml", "any"}, {"icon-192.png", "192x192", "image/png", "any"},
		{"icon-512.png", "512x512", "image/png", "any"}, {"icon-maskable-512.png", "512x512", "image/png", "maskable"},
	} {
		if _, ok := all.Body("icons/" + icon.file); ok {
			icons = append(icons, map[string]string{"src": all.Base() + "/icons/" + icon.file,
				"sizes": icon.sizes, "type": icon.kind, "purpose": icon.purpose})
		}
	}
	return icons
}

// loose are files that can't carry the hash of all in their address.
var loose = map[string]string{
	"/favicon.ico": "icons/favicon.ico", "/icon.svg": "icons/icon.svg",
}

// IsFile says whether a path is one of Files: they are asked for many at a
// time and hold nothing about anybody.
func IsFile(path string) bool {
	return strings.HasPrefix(path, "/assets/") || path == "/sw.js" || path == "/manifest.webmanifest" || loose[path] != ""
}

// Files is the handler of what IsFile names. It expects a face of its own that
// lets a page's files come at once, and lets them be kept.
func (p *Portal) Files() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/{hash}/{file...}", func(w http.ResponseWriter, r *http.Request) {
		if _, ok := p.files.Body(r.PathValue("file")); !ok {
			kit.Fail(w, r, kit.ErrNoRoute.With(nil))
			return
		}
		p.files.ServeHTTP(w, r)
	})
	for path, name := range loose {
		mux.Handle("GET "+path, p.files.At(name))
	}
	mux.HandleFunc("GET /sw.js", p.worker)
	mux.HandleFunc("GET /manifest.webmanifest", p.manifest)
	routes := kit.Routes(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		w.Header().Set("Content-Security-Policy", filePolicy)
		routes.ServeHTTP(w, r)
	})
}

// filePolicy holds for a file that runs as a worker, or is opened by itself: it
// may load scripts of ours, and nothing else.
const filePolicy = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// workerOf puts before the service worker what it has to know: under which
// address today's files are, and which there are.
func workerOf(all *assets.Files) ([]byte, error) {
	script, ok := all.Body("sw.js")
	if !ok {
		return nil, nil // not built: there is none, and no page is kept
	}
	known, err := json.Marshal(map[string]any{"base": all.Base(), "files": all.Names()})
	if err != nil {
		return nil, err
	}
	return append([]byte("const INGAM="+string(known)+";\n"), script...), nil
}

// worker is GET /sw.js. A browser asks for it at each visit; a new one means
// new files. It has a policy of its own: it loads from us alone.
func (p *Portal) worker(w http.ResponseWriter, r *http.Request) {
	if p.files.worker == nil {
		kit.Fail(w, r, kit.ErrNoRoute.With(nil))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", filePolicy+"; connect-src 'self'")
	_, _ = w.Write(p.files.worker)
}

// manifest is GET /manifest.webmanifest: what a phone shows of the app that is
// put beside the others.
func (p *Portal) manifest(w http.ResponseWriter, r *http.Request) {
	lang := kit.Language(r)
	name, about := p.Bank+" 인증센터", "공동인증서를 받고, 간직하고, 서명에 쓰는 곳"
	if lang == "en" {
		name, about = p.Bank+" certificate centre", "Get a joint certificate, keep it and sign with it"
	}
	body, err := json.Marshal(map[string]any{
		"id": "/", "name": name, "short_name": "ingam", "description": about, "lang": lang, "dir": "ltr",
		"start_url": "/wallet", "scope": "/", "display": "standalone", "background_color": "#ffffff", "theme_color": "#ffffff",
		"icons": p.files.icons,
	})
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/manifest+json; charset=utf-8")
	h.Set("Content-Language", lang)
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Language, Cookie")
	_, _ = w.Write(body)
}

// nextOf is where an address of the login leads afterwards.
func nextOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return localPath(u.Query().Get("next"))
}
