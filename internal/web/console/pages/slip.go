package pages

import (
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/paper"
)

// Slip is the paper with the codes. It is the customer's alone, so it is in one
// language.
func (p *Pages) Slip(v SlipPaper) paper.Sheet {
	w := p.writer(v.Lang)
	s := p.sheet(v.Filed, w.lang, w.say("print.slip.title"))
	s.Parts = []paper.Part{
		{Kind: paper.Facts, Facts: append(p.filed(v.Filed, w.lang)[1:], paper.Fact{Label: w.say("print.slip.until"), Value: w.moment(v.Until)})},
		{Kind: paper.Code, Title: w.say("print.slip.reference"), Text: groups(v.Reference)},
	}
	if v.Code != "" {
		s.Parts = append(s.Parts, paper.Part{Kind: paper.Code, Title: w.say("print.slip.code"), Text: groups(v.Code)})
	} else {
		s.Parts = append(s.Parts, paper.Part{Kind: paper.Prose, Title: w.say("print.slip.code"), Text: []string{w.say("print.slip.sent", "phone", v.Phone)}})
	}
	s.Parts = append(s.Parts,
		paper.Part{Kind: paper.Note, Title: w.say("print.slip.secret"), Text: []string{w.say("print.slip.secret.text")}},
		paper.Part{Kind: paper.Symbol, Title: w.say("print.slip.how"), QR: v.Address, Text: []string{
			w.say("print.slip.how.1", "address", v.Address), w.say("print.slip.how.2"), w.say("print.slip.how.3")}},
		paper.Part{Kind: paper.Command, Title: w.say("print.slip.cli"), Text: []string{
			"ingam", "issue", "--server", v.Server, "--ref", v.Reference}},
		paper.Part{Kind: paper.List, Title: w.say("print.slip.lost"), Text: []string{
			w.say("print.slip.lost.1"), w.say("print.slip.lost.2", "call", v.CallCentre), w.say("print.slip.lost.3")}},
		paper.Part{Kind: paper.Facts, Title: w.say("print.slip.branch"), Facts: branchFacts(w, v)})
	return s
}

// groups are the parts of a number that is read in groups.
func groups(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == ' ' })
}

func branchFacts(w writer, v SlipPaper) []paper.Fact {
	facts := []paper.Fact{{Label: w.say("print.branch"), Value: branchLine(w, v.Branch)}}
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, paper.Fact{Label: w.say(key), Value: value})
		}
	}
	add("print.slip.address", v.Branch.Address)
	add("print.slip.phone", v.Branch.Phone)
	add("print.slip.hours", week(w, v.Branch.Week))
	return facts
}

// days are those of a week as banks count them.
var days = [...]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// week writes opening hours: days that follow each other and have the same are
// one. Empty when nothing is known.
func week(w writer, hours [7]Hours) string {
	if hours == [7]Hours{} {
		return ""
	}
	var spans []string
	for i := 0; i < len(days); i++ {
		h := hours[days[i]]
		first := i
		for i+1 < len(days) && hours[days[i+1]] == h {
			i++
		}
		if h == (Hours{}) {
			continue
		}
		name := w.say(fmt.Sprintf("print.day.%d", days[first]))
		if i > first {
			name += "–" + w.say(fmt.Sprintf("print.day.%d", days[i]))
		}
		spans = append(spans, fmt.Sprintf("%s %02d:%02d–%02d:%02d", name, h.From/60, h.From%60, h.To/60, h.To%60))
	}
	return w.say("print.slip.week", "hours", strings.Join(spans, ", "))
}
