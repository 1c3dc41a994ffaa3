package terminal

// Paint is a role that a piece of text plays. A colour never stands alone:
// the text says the same in words.
type Paint int

// The roles.
const (
	Plain  Paint = iota
	Faint        // labels and titles
	Good         // it holds
	Notice       // soon, or undecided
	Bad          // it does not hold
	Seal         // the moment something is sealed
)

// Style says whether colour may be used.
type Style struct{ Colour bool }

// Paint colours a text by its role when the style allows it.
func (s Style) Paint(p Paint, text string) string {
	code := ""
	switch p {
	case Faint:
		code = "2"
	case Good:
		code = "32"
	case Notice:
		code = "33"
	case Bad:
		code = "31"
	case Seal:
		code = "1;31"
	case Plain:
	}
	if !s.Colour || code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
