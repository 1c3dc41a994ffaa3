package terminal

import (
	"io"
	"sync"
	"time"
)

// Spinner shows on one line that something is being done. It appears only
// when that takes longer than a moment, and leaves nothing behind.
type Spinner struct {
	stop chan struct{}
	done sync.WaitGroup
}

const (
	spinnerDelay = 400 * time.Millisecond // what is done by then needs no sign of life
	spinnerTick  = 120 * time.Millisecond
)

// Spin starts a spinner with a text on w, a terminal. A nil w shows nothing,
// which is for output that is no terminal.
func Spin(w io.Writer, text string) *Spinner {
	s := &Spinner{stop: make(chan struct{})}
	if w == nil {
		return s
	}
	s.done.Go(func() { s.run(w, text) })
	return s
}

func (s *Spinner) run(w io.Writer, text string) {
	wait := time.NewTimer(spinnerDelay)
	defer wait.Stop()
	select {
	case <-s.stop:
		return
	case <-wait.C:
	}
	const clear = "\r\x1b[K"
	text = Cut(text, MaxColumns-3)
	tick := time.NewTicker(spinnerTick)
	defer tick.Stop()
	for i := 0; ; i++ {
		frame := `|/-\`[i%4 : i%4+1]
		if _, err := io.WriteString(w, clear+frame+" "+text); err != nil {
			return
		}
		select {
		case <-s.stop:
			_, _ = io.WriteString(w, clear)
			return
		case <-tick.C:
		}
	}
}

// Stop takes the spinner away; stopping twice is the same as once.
func (s *Spinner) Stop() {
	select {
	case <-s.stop:
	default:
		close(s.stop)
	}
	s.done.Wait()
}
