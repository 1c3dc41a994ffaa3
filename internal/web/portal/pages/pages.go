// Package pages turns what the portal knows into pages: one view struct for
// each page, one template for each view, texts in Korean and English.
//
//	p, err := pages.New(files)
//	err = p.Render(w, pages.Home{Frame: pages.Frame{Lang: "ko", Now: now}})
//
// A page is made whole before its first byte is written, so a template that
// fails leaves the answer free for another page. Pages hold no inline script,
// no style and no event attribute.
package pages

import (
	"embed"
	"io"

	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
)

// Policy is what a page of ours may load and do, as a Content-Security-Policy.
const Policy = sheets.Policy

//go:embed templates texts
var files embed.FS

// bundles names the script that a page needs besides frame.js.
var bundles = map[string]string{
	"login": "login", "passkeys": "passkeys", "wallet": "wallet", "sign": "sign", "branches": "branches",
	"terms": "apply", "id-card": "apply", "phone": "apply", "key": "apply", "done": "apply",
	"redeem": "redeem",
}

// Pages renders views. It is safe for use by many goroutines.
type Pages struct {
	sheets *sheets.Sheets
	texts  *catalog.Catalog
}

// New reads templates and texts. An error is a defect in one of them.
func New(a sheets.Assets) (*Pages, error) {
	all, err := sheets.New(sheets.Config{Files: files, Assets: a, Frame: "frame.js", Bundles: bundles, Functions: functions})
	if err != nil {
		return nil, err
	}
	return &Pages{sheets: all, texts: all.Texts()}, nil
}

// Texts are the portal's texts in all languages.
func Texts() (*catalog.Catalog, error) { return sheets.Texts(files) }

// Render writes one page.
func (p *Pages) Render(w io.Writer, v View) error {
	f := v.frame()
	lang := sheets.Language(f.Lang)
	return p.sheets.Execute(w, lang, v.template(), p.dress(v, f, lang))
}
