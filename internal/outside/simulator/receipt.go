package simulator

import (
	"net/http"
	"time"
)

type receiptAnswer struct {
	RequestID string `json:"requestId"`
	MessageID string `json:"messageId"`
	State     string `json:"state"`
	At        string `json:"at,omitempty"`
}

func (a *receiptAnswer) setRequestID(id string) { a.RequestID = id }

// receipt tells what became of a message: it arrived at once, unless the script
// says that it is late or can't be delivered.
func (s *Simulator) receipt(r *http.Request, _ []byte) (int, any) {
	id := r.PathValue("id")
	m, ok := s.message(func(m Message) bool { return m.ID == id })
	if !ok {
		return http.StatusNotFound, problem{Error: "no such message"}
	}
	a := &receiptAnswer{MessageID: id, State: "delivered", At: m.At.Format(time.RFC3339)}
	if f, ok := s.nextFault(Arrival); ok {
		if a.State = "failed"; f.Mode == Late {
			a.State, a.At = "accepted", ""
		}
	}
	return http.StatusOK, a
}

// message finds one in the inbox.
func (s *Simulator) message(is func(Message) bool) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.inbox {
		if is(m) {
			return m, true
		}
	}
	return Message{}, false
}
