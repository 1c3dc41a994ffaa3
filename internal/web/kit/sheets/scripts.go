package sheets

import (
	"regexp"
	"slices"
)

var (
	keyInScript = regexp.MustCompile("[\"'`]([a-z][a-z0-9]*(?:\\.[a-z0-9-]+)+)[\"'`]")
	importOf    = regexp.MustCompile("(?:from|import)\\s*\\(?\\s*[\"'`]\\./([a-zA-Z0-9._-]+\\.js)[\"'`]")
)

// staticImport is an import that a browser follows before it runs a script.
var staticImport = regexp.MustCompile("import(?:\\s*[\\w*{][^;\"'`]*?from)?\\s*[\"'`]\\./([a-zA-Z0-9._-]+\\.js)[\"'`]")

// needed lists what a script and what it imports need before they run, so that a
// page can ask for all of it at once.
func needed(files Assets, scripts ...string) []string {
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
func said(files Assets, script string) []string {
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
func (s *Sheets) textsFor(lang string) map[string]map[string]string {
	frame := said(s.assets, s.frame)
	all := map[string]map[string]string{"": s.pick(lang, frame)}
	s.early[""] = needed(s.assets, s.frame)
	for page, bundle := range s.bundles {
		s.early[page] = needed(s.assets, s.frame, bundle+".js")
		all[page] = s.pick(lang, append(slices.Clone(frame), said(s.assets, bundle+".js")...))
	}
	return all
}

func (s *Sheets) pick(lang string, keys []string) map[string]string {
	texts := map[string]string{}
	for _, key := range keys {
		if s.texts.Has(lang, key) {
			texts[key] = s.texts.Raw(lang, key)
		}
	}
	return texts
}
