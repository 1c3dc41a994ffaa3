package pages

import "html/template"

// dressed is what templates see: the view, its frame, and what is the page's
// own.
type dressed struct {
	View View
	F    Frame
	Lang string
	Name string
}

func (p *Pages) dress(v View, f Frame, lang string) dressed {
	f.Lang = lang
	if f.AssetBase == "" {
		f.AssetBase = p.base
	}
	return dressed{View: v, F: f, Lang: lang, Name: v.template()}
}

func (p *Pages) functions(lang string) template.FuncMap {
	return template.FuncMap{
		"t": func(key string, args ...any) string { return p.texts.Text(lang, key, args...) },
	}
}
