package wallet

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"
)

// sixDigits is how codes of the demo look.
var sixDigits = regexp.MustCompile(`(?:^|[^0-9])([0-9]{6})(?:[^0-9]|$)`)

// Waiting for a code of the demo.
const (
	codeWait  = 15 * time.Second
	codePause = 200 * time.Millisecond
	maxInbox  = 4 << 20
)

// DemoCode gets a code from where a demo shows it: the member "code" of the
// answer, or the newest of its "messages" that holds six digits. It waits for
// it a little. Only addresses of this machine are asked.
func DemoCode(ctx context.Context, address string) (string, error) {
	if !onThisMachine(address) {
		return "", errAnswersInvalid.With(nil, "reason", "otpURL, phoneCodeURL: http://127.0.0.1 …")
	}
	ctx, cancel := context.WithTimeout(ctx, codeWait)
	defer cancel()
	for {
		code, err := readDemoCode(ctx, address)
		if err != nil {
			return "", errServerUnreachable.With(err, "server", address)
		}
		if code != "" {
			return code, nil
		}
		select {
		case <-ctx.Done():
			return "", errServerUnreachable.With(ctx.Err(), "server", address)
		case <-time.After(codePause):
		}
	}
}

func readDemoCode(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(resp.Body, maxInbox))
	if err != nil {
		return "", err
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return codeIn(content)
	case http.StatusConflict: // the token has to move on
		return "", nil
	}
	return "", fmt.Errorf("wallet: demo answers %s", resp.Status)
}

func codeIn(content []byte) (string, error) {
	var answer struct {
		Code     string `json:"code"`
		Messages []struct {
			Text string `json:"text"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(content, &answer); err != nil {
		return "", fmt.Errorf("reading demo's answer: %w", err)
	}
	if answer.Code != "" {
		return answer.Code, nil
	}
	for i := len(answer.Messages) - 1; i >= 0; i-- {
		if found := sixDigits.FindStringSubmatch(answer.Messages[i].Text); found != nil {
			return found[1], nil
		}
	}
	return "", nil
}
