package pages

import (
	"regexp"
	"slices"
)

// bundles names the script that a page needs besides frame.js.
var bundles = map[string]string{
	"login": "login", "passkeys": "passkeys", "wallet": "wallet", "sign": "sign", "branches": "branches",
	"terms": "apply", "id-card": "apply", "phone": "apply", "key": "apply", "done": "apply",
}

var (
	keyInScript = regexp.MustCompile("[\"'`]([a-z][a-z0-9]*(?:\\.[a-z0-9-]+)+)[\"'`]")
	importOf    = regexp.MustCompile("(?:from|import)\\s*\\(?\\s*[\"'`]\\./([a-zA-Z0-9._-]+\\.js)[\"'`]")
)

// staticImport is an import that a browser follows before it runs a script.
var staticImport = regexp.MustCompile("import(?:\\s*[\\w*{][^;\"'`]*?from)?\\s*[\"'`]\\./([a-zA-Z0-9._-]+\\.js)[\"'`]")

// needed lists what a script and what it imports need before they run, so that a
// page can ask for all of it at once.
func needed(files assets, scripts ...string) []string {
	var found []string
	for open := scripts; len(open) > 0; {
		body, _ := files.Body(open[0])
		open = open[1:]
		for _, m := range staticImport.FindAllSubmatch(body, -1) {
			if name := string(m[1]); !slices.Contains(found, name) && !slices.Contains(scripts, name) {
				found = append(found, name)
				open = append(open, name)
			}
		}
	}
	return found
}

// said gives the keys of the texts that a script says, with what it imports: a
// page carries these and no others. Scripts name keys as whole strings.
func said(files assets, script string) []string {
	var keys []string
	seen := map[string]bool{}
	for open := []string{script}; len(open) > 0; {
		name := open[0]
		open = open[1:]
		body, ok := files.Body(name)
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		for _, m := range keyInScript.FindAllSubmatch(body, -1) {
			keys = append(keys, string(m[1]))
		}
		for _, m := range importOf.FindAllSubmatch(body, -1) {
			open = append(open, string(m[1]))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// textsFor gives for each page the texts that its scripts say, in a language.
func (p *Pages) textsFor(files assets, lang string) map[string]map[string]string {
	frame := said(files, "frame.js")
	all := map[string]map[string]string{"": p.pick(lang, frame)}
	p.early[""] = needed(files, "frame.js")
	for page, bundle := range bundles {
		p.early[page] = needed(files, "frame.js", bundle+".js")
		all[page] = p.pick(lang, append(slices.Clone(frame), said(files, bundle+".js")...))
	}
	return all
}

func (p *Pages) pick(lang string, keys []string) map[string]string {
	texts := map[string]string{}
	for _, key := range keys {
		if p.texts.Has(lang, key) {
			texts[key] = p.texts.Raw(lang, key)
		}
	}
	return texts
}
