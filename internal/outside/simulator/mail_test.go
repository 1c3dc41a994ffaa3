package simulator_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/mail"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// post starts the mail server of a world and gives a client of it.
func post(t *testing.T, s *simulator.Simulator) *mail.Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.ServeMail(l) }()
	t.Cleanup(func() {
		_ = l.Close()
		s.CloseMail()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	c, err := mail.New(mail.Config{URL: "smtp://" + l.Addr().String(), From: "no-reply@bank.example", Name: "인감은행", Now: time.Now, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMailbox(t *testing.T) {
	t.Parallel()
	s, _, url := open(t)
	c := post(t, s)
	hong := simulator.Samples[0]
	for i, key := range []string{"first", "second", "first"} { // the third is the first again
		l := notice.Letter{Key: key, To: hong.Mail, Text: notice.Text{Subject: "제목 " + key, Body: "본문 <i>" + key + "</i>\n둘째 줄\n"}}
		if _, err := c.Mail(t.Context(), l); err != nil {
			t.Fatalf("mail %d: %v", i, err)
		}
	}
	all := s.Mails(hong.Mail)
	if len(all) != 2 || all[0].Subject != "제목 first" || all[0].Text != "본문 <i>first</i>\n둘째 줄\n" || all[0].ID != "first@bank.example" {
		t.Errorf("%+v", all)
	}
	_, a := call(t, http.MethodGet, url+"/simulator/v1/mails?to="+hong.Mail, "")
	if list, _ := a["mails"].([]any); len(list) != 2 {
		t.Errorf("%v", a)
	}
	_, one := page(t, url+"/?customer="+hong.Number, "ko")
	first, last := strings.Index(one, "제목 first"), strings.Index(one, "제목 second")
	if first < 0 || last < 0 || last > first || !strings.Contains(one, "본문 &lt;i&gt;first&lt;/i&gt;\n둘째 줄") {
		t.Errorf("the customer's page shows the mails otherwise:\n%s", one)
	}
	if _, other := page(t, url+"/?customer="+simulator.Samples[1].Number, "ko"); strings.Contains(other, "제목") {
		t.Error("another's page shows them")
	}
}

func TestScriptedMailFaults(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	c := post(t, s)
	l := notice.Letter{Key: "k", To: simulator.Samples[0].Mail, Text: notice.Text{Subject: "s", Body: "b"}}
	for _, test := range []struct {
		fault simulator.Fault
		word  string
	}{
		{simulator.Fault{Mode: simulator.Status}, "refused-451"},
		{simulator.Fault{Mode: simulator.Status, Status: 450}, "refused-450"},
		{simulator.Fault{Mode: simulator.Status, Status: 550}, "refused-550"},
		{simulator.Fault{Mode: simulator.Reset}, "broken-off"},
		{simulator.Fault{Mode: simulator.Hang}, "no-answer"},
		{simulator.Fault{Mode: simulator.Malformed}, "no-send"},
		{simulator.Fault{Mode: simulator.Slow, Delay: "1ms"}, ""},
	} {
		test.fault.Service, test.fault.Count = simulator.Mails, 1
		if err := s.Script(test.fault); err != nil {
			t.Fatal(err)
		}
		_, err := c.Mail(t.Context(), l)
		var f *notice.Failure
		if test.word == "" && err != nil || test.word != "" && (!errors.As(err, &f) || f.Word != test.word) {
			t.Errorf("%s: %v, want %s", test.fault.Mode, err, test.word)
		}
	}
	for _, wrong := range []simulator.Fault{{Service: simulator.Mails, Mode: simulator.Late}, {Service: simulator.Arrival, Mode: simulator.Hang}} {
		if s.Script(wrong) == nil {
			t.Errorf("%s %s was taken", wrong.Service, wrong.Mode)
		}
	}
}
