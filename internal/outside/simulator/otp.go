package simulator

import (
	"crypto/subtle"
	"net/http"
	"strconv"
	"time"

	"github.com/pquerna/otp/totp"
)

// A sample's token follows RFC 6238: SHA-1, 6 digits, steps of 30 seconds. The
// core bank takes the step of now and one to each side, and each step once,
// never one before the last that was used.
const (
	otpPeriod = 30
	otpSkew   = 1
)

func step(t time.Time) int64 { return t.Unix() / otpPeriod }

func codeAt(secret string, step int64) (string, error) {
	return totp.GenerateCode(secret, time.Unix(step*otpPeriod, 0).UTC())
}

// judgeOTP answers ok, wrong, replayed, locked or none.
func (s *Simulator) judgeOTP(q otpQuestion) string {
	c, ok := s.sample(q.CustomerNumber)
	switch {
	case !ok || c.OTPSecret == "":
		return "none"
	case c.OTPLocked:
		return "locked"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	replayed := false
	now := step(s.now())
	for at := now - otpSkew; at <= now+otpSkew; at++ {
		code, err := codeAt(c.OTPSecret, at)
		if err != nil || subtle.ConstantTimeCompare([]byte(code), []byte(q.Code)) == 0 {
			continue
		}
		if last, used := s.lastStep[c.Number]; used && at <= last {
			replayed = true
			continue
		}
		s.lastStep[c.Number] = at
		return "ok"
	}
	if replayed {
		return "replayed"
	}
	return "wrong"
}

// OTP gives a code that a sample can use now: the one that the token shows, or
// the next one when that was used. ok is false when there is none to be had
// before the token moves on, or no token.
func (s *Simulator) OTP(number string) (code string, ok bool) {
	c, ok := s.sample(number)
	if !ok || c.OTPSecret == "" {
		return "", false
	}
	s.mu.Lock()
	last, used := s.lastStep[number]
	s.mu.Unlock()
	now := step(s.now())
	for at := now; at <= now+otpSkew; at++ {
		if used && at <= last {
			continue
		}
		code, err := codeAt(c.OTPSecret, at)
		return code, err == nil
	}
	return "", false
}

func (s *Simulator) getOTP(w http.ResponseWriter, r *http.Request) {
	number := r.URL.Query().Get("customer")
	c, ok := s.sample(number)
	if !ok || c.OTPSecret == "" {
		write(w, http.StatusNotFound, problem{Error: "no such sample, or it has no token"})
		return
	}
	code, ok := s.OTP(number)
	if !ok {
		w.Header().Set("Retry-After", strconv.FormatInt(otpPeriod-s.now().Unix()%otpPeriod, 10))
		write(w, http.StatusConflict, problem{Error: "the codes of this moment are used; wait for the token to move on"})
		return
	}
	write(w, http.StatusOK, map[string]string{"customer": number, "code": code})
}
