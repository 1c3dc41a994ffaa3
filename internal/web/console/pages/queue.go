package pages

import "time"

// Queue is /console/queue and /console/approvals: cases that somebody is to look
// at.
type Queue struct {
	Frame
	Which  string // mine, branch, waiting, approve
	Lines  []Line
	Most   int // there may be more than are shown; 0: these are all
	At     time.Time
	Latest string // word that changes when the list does
}

// Tab is one of the lists that stand beside each other.
type Tab struct{ Name, Key string }

// Tabs are the lists beside this one; none for what is to be approved.
func (q Queue) Tabs() []Tab {
	if q.Which == "approve" {
		return nil
	}
	return []Tab{{"mine", "m"}, {"branch", "b"}, {"waiting", "w"}}
}

// Where is a list's address.
func (q Queue) Where(which string) string {
	switch which {
	case "approve":
		return "/console/approvals"
	case "mine":
		return "/console/queue"
	}
	return "/console/queue?list=" + which
}

func (Queue) template() string { return "queue" }
