package sheets

import "html/template"

// strokes are the icons' drawings on a field of 24 by 24: own work, lines of
// width 2 (some 1.75) in the text's colour.
var strokes = map[string]string{
	"danger":  `<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path d="M12 7v6m0 3v.01"/>`,
	"warning": `<path d="M12 3 2 21h20z"/><path d="M12 10v5m0 3v.01"/>`,
	"success": `<circle cx="12" cy="12" r="10"/><path d="m7 12.5 3.5 3.5L17 9"/>`,
	"info":    `<circle cx="12" cy="12" r="10"/><path d="M12 11v6m0-10v.01"/>`,
	"check":   `<path d="m4 12.5 5.5 5.5L20 6.5"/>`,
	"next":    `<path d="m9 5 7 7-7 7"/>`,
	"menu":    `<path d="M4 7h16M4 12h16M4 17h16"/>`,
	"sheet":   `<path d="M6 2.5h8.5L19 7v14.5H6z"/><path d="M14 2.5V7.5h5"/><path d="M9.5 12h6m-6 4h6"/>`,
	"wallet":  `<path d="M3.5 7.5V18a2 2 0 0 0 2 2h14a1 1 0 0 0 1-1v-2.5m0-4V9a1.5 1.5 0 0 0-1.5-1.5H5a1.75 1.75 0 0 1 0-3.5h12v3.5"/><path d="M21.5 12.5h-4.5a2 2 0 0 0 0 4h4.5z"/>`,
	"lens":    `<circle cx="10.5" cy="10.5" r="7"/><path d="m16 16 5 5m-13.5-10.5 2.2 2.2 3.8-4"/>`,
	"id-card": `<rect x="2.5" y="5" width="19" height="14" rx="2"/><circle cx="8" cy="11" r="2"/><path d="M5 16c.6-1.7 1.600-2.500 3-2.500s2.400.8 3 2.500m3-6.500h4.500m-4.500 4h4.500"/>`,
	"account": `<path d="M3 9.500 12 4l9 5.500zM5.500 10v7.500m4.300-7.500v7.500m4.400-7.500v7.500m4.300-7.500v7.500M3 20h18"/>`,
	"otp":     `<rect x="4" y="3" width="16" height="18" rx="3"/><rect x="7" y="6.500" width="10" height="5"/><path d="M8.500 15.500v.01m3.500 0v.01m3.500 0v.01"/>`,
	"phone":   `<rect x="6.500" y="2" width="11" height="20" rx="2.500"/><path d="M11 18.500h2"/>`,
	"key":     `<circle cx="8" cy="15.500" r="4.500"/><path d="m11.300 12.200 8.700-8.700m-4 4 3 3m-6-.0 2 2"/>`,
	"lock":    `<rect x="4.500" y="10.500" width="15" height="10.500" rx="2"/><path d="M8 10.500V7.500a4 4 0 0 1 8 0v3m-4 4v2.500"/>`,
	"renew":   `<path d="M20 12a8 8 0 1 1-2.500-5.800M20 2.500v4.500h-4.500"/>`,
	"pause":   `<circle cx="12" cy="12" r="9.500"/><path d="M9.500 8.500v7m5-7v7"/>`,
	"play":    `<circle cx="12" cy="12" r="9.500"/><path d="M10 8.200 15.800 12 10 15.800z"/>`,
	"cross":   `<circle cx="12" cy="12" r="9.500"/><path d="m8.500 8.500 7 7m0-7-7 7"/>`,
	"ask":     `<circle cx="12" cy="12" r="9.500"/><path d="M9.300 9.300a2.800 2.800 0 1 1 3.900 2.600c-.8.4-1.200.9-1.200 1.800m0 3v.01"/>`,
	"bell":    `<path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 2h-15zM10 21.500h4"/>`,
	"place":   `<path d="M12 21.500c-4.500-4.700-7-8.200-7-11.500a7 7 0 0 1 14 0c0 3.300-2.500 6.800-7 11.500z"/><circle cx="12" cy="10" r="2.500"/>`,
	"finger":  `<path d="M12 3a8 8 0 0 0-8 8v3m16 0v-3a8 8 0 0 0-3.500-6.600M12 7a4 4 0 0 0-4 4v2c0 3-.6 5-1.600 7M12 7a4 4 0 0 1 4 4v2c0 2.800.4 5 1 7m-5-9v3c0 3-.3 5-.9 7"/>`,
}

// HasIcon says whether there is a drawing of a name.
func HasIcon(name string) bool { return strokes[name] != "" }

// Icon draws one icon. It says nothing to a screen reader: words stand beside
// it.
func Icon(name string, class ...string) template.HTML {
	extra := ""
	for _, c := range class {
		extra += " " + c
	}
	return template.HTML(`<svg class="icon` + extra + `" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` + strokes[name] + `</svg>`) //nolint:gosec // constants only
}
