package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/story"
)

var errStory = fault.Define(6120, "story-broke-off", fault.Refused,
	fault.Text{KO: "이야기가 도중에 끊겼어요: {why}", EN: "The story broke off: {why}"},
	fault.Text{KO: "끝난 단계가 있으면 {out}의 story.json에 있어요.", EN: "If steps were done, they stand in story.json in {out}."})

// storyFlags turn a demo into a story that is told and over.
type storyFlags struct {
	tell bool
	out  string
}

func (f *storyFlags) register(p *program, cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.tell, "story", false, p.say("첫 인증서부터 갱신과 폐지까지의 이야기를 화면 없이 들려주고 끝내요 (--out 필요)", "tell the whole story headless and end (needs --out)"))
	cmd.Flags().StringVar(&f.out, "out", "", p.say("이야기가 만든 것을 남길 빈 `폴더`", "empty `folder` for what the story makes"))
}

// check refuses one without the other.
func (f *storyFlags) check(p *program) error {
	switch {
	case f.tell && f.out == "":
		return errCommandLine.With(nil, "reason", p.say("--story에는 --out이 필요해요", "--story needs --out"), "help", "ingamd demo --help")
	case !f.tell && f.out != "":
		return errCommandLine.With(nil, "reason", p.say("--out은 --story와 함께 써요", "--out goes with --story"), "help", "ingamd demo --help")
	}
	return nil
}

// story opens a demo bank on any free port, tells the story through its real
// faces, and closes it.
func (p *program) story(ctx context.Context, w *where, o server.Options, out string) (err error) {
	o.Clock = clock.New(p.now) // of the bank and of the one who tells
	if o.At.IsZero() && w.data == "" {
		o.At = p.now().Add(-story.Span) // it ends about now
	}
	if !o.At.IsZero() {
		o.Clock.Set(o.At)
	}
	began := o.Clock.Now()
	if err := story.Room(out); err != nil { // before the bank is made
		return errStory.With(err, "why", err.Error(), "out", out)
	}
	c, err := w.load()
	if err != nil {
		return err
	}
	c.Services.SimulatorListen = "127.0.0.1:0"
	if w.listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	o.Log = p.logTo(c, slog.LevelError)
	d, err := server.OpenDemo(ctx, c, o)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.Run(running) }()
	told := story.Tell(ctx, story.Stage{
		Bank: d.URL(), World: d.SimulatorURL(), Out: out, Log: p.stderr, Now: o.Clock.Now, Began: began,
	})
	stop()
	if err := errors.Join(<-ended, d.Close()); err != nil {
		return errors.Join(told, err)
	}
	if told != nil {
		return errStory.With(told, "why", told.Error(), "out", out)
	}
	return p.printf(p.say("이야기가 끝까지 이어졌어요. 남긴 것: %s\n", "The story is told to its end. What it left is in %s\n"), out)
}
