package portal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// shells are pages that are the same for everybody: what they show comes from
// the browser's own wallet. They may be kept, and work offline.
func (p *Portal) shells() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/wallet":           func(w http.ResponseWriter, r *http.Request) { p.shell(w, r, pages.Wallet{Frame: p.bare(r)}) },
		"/sign":             func(w http.ResponseWriter, r *http.Request) { p.shell(w, r, pages.Sign{Frame: p.bare(r)}) },
		"/offline":          func(w http.ResponseWriter, r *http.Request) { p.shell(w, r, pages.Offline{Frame: p.bare(r)}) },
		"/help/browser-key": func(w http.ResponseWriter, r *http.Request) { p.shell(w, r, pages.Help{Frame: p.bare(r)}) },
	}
}

// shell answers with a page that a browser may keep, if it asks each time
// whether it is still the one.
func (p *Portal) shell(w http.ResponseWriter, r *http.Request, v pages.View) {
	var page bytes.Buffer
	if err := p.pages.Render(&page, v); err != nil {
		kit.Fail(w, r, fmt.Errorf("showing a page: %w", err))
		return
	}
	h := w.Header()
	h.Set("Content-Language", kit.Language(r))
	h.Set("Cache-Control", "private, no-cache")
	sum := sha256.Sum256(page.Bytes())
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", tag)
	if assets.Unchanged(r, tag) {
		h.Add("Vary", "Accept-Language, Accept-Encoding, Cookie")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	kit.WritePage(w, r, http.StatusOK, page.Bytes())
}
