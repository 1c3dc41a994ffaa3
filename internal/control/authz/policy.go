package authz

import (
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
)

// Grant is what a role may do an act on, in words.
type Grant struct {
	Role      Role
	Condition fault.Text
}

// Line is one act with all who may do it.
type Line struct {
	Act    Act
	Grants []Grant
}

var conditionWords = []struct {
	condition condition
	text      fault.Text
}{
	{own, fault.Text{KO: "본인 것", EN: "own"}},
	{branch, fault.Text{KO: "자기 영업점", EN: "own branch"}},
	{explained, fault.Text{KO: "자기 영업점, 다른 영업점은 사유를 적고", EN: "own branch, elsewhere with a reason"}},
	{every, fault.Text{KO: "모두", EN: "all"}},
	{another, fault.Text{KO: "남이 올린 것", EN: "made by another"}},
}

func (c condition) words() fault.Text {
	var ko, en []string
	for _, w := range conditionWords {
		if c&w.condition != 0 {
			ko, en = append(ko, w.text.KO), append(en, w.text.EN)
		}
	}
	return fault.Text{KO: strings.Join(ko, " · "), EN: strings.Join(en, " · ")}
}

// Policy gives the whole table in words, in order of the acts' names; roles
// stand in the order of their declaration.
func Policy() []Line {
	order := append([]Role{Anonymous, Customer, CodeHolder, Redeemer}, append(slices.Clone(Staff), System)...)
	lines := make([]Line, 0, len(table))
	for act, roles := range table {
		line := Line{Act: act}
		for _, role := range order {
			if c := roles[role]; c != 0 {
				line.Grants = append(line.Grants, Grant{role, c.words()})
			}
		}
		lines = append(lines, line)
	}
	slices.SortFunc(lines, func(a, b Line) int { return strings.Compare(string(a.Act), string(b.Act)) })
	return lines
}
