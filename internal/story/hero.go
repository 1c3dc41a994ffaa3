package story

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"github.com/ingam-pki/ingam/client"
)

// hero is the sample customer whom the story follows, and the answers they
// give to the bank.
type hero struct {
	t *teller
	sample
}

// sample is a customer as the world's tester side shows them.
type sample struct {
	Number          string `json:"number"`
	LoginID         string `json:"loginId"`
	Password        string `json:"password"`
	Name            string `json:"name"`
	IdentityNumber  string `json:"identityNumber"`
	Phone           string `json:"phone"`
	Account         string `json:"account"`
	AccountPassword string `json:"accountPassword"`
	Cards           []struct {
		Document  string `json:"document"`
		Number    string `json:"number"`
		Name      string `json:"name"`
		IssueDate string `json:"issueDate"` // yyyymmdd
		Licence   string `json:"licence"`
	} `json:"cards"`
}

// cast finds the hero: the first sample of the world.
func (t *teller) cast(ctx context.Context) error {
	var world struct {
		Samples []sample `json:"samples"`
	}
	if err := t.ask(ctx, "/simulator/v1/samples", &world); err != nil {
		return err
	}
	if len(world.Samples) == 0 || len(world.Samples[0].Cards) == 0 {
		return errors.New("the world has no sample customer with an ID card")
	}
	t.hero = hero{t: t, sample: world.Samples[0]}
	t.book.DemoData = DemoData{
		Note:     "demo data: an invented person of the simulator; neither is a secret",
		Password: keyPassword, IdentityNumber: t.hero.IdentityNumber,
	}
	return nil
}

func (t *teller) ask(ctx context.Context, path string, into any) error {
	text, err := t.fetch(ctx, t.stage.World+path, "", nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("reading the world's answer: %w", err)
	}
	return nil
}

// Consent agrees to what is required, and to nothing else.
func (h *hero) Consent(_ context.Context, terms []client.Terms) ([]client.Terms, error) {
	var agreed []client.Terms
	for _, text := range terms {
		if text.Required {
			agreed = append(agreed, text)
		}
	}
	return agreed, nil
}

// IDCard shows the first card with its picture.
func (h *hero) IDCard(ctx context.Context) (client.IDCardProof, error) {
	card := h.Cards[0]
	picture, err := h.t.fetch(ctx, h.t.stage.World+"/simulator/v1/samples/"+h.Number+"/picture", "", nil)
	if err != nil {
		return client.IDCardProof{}, err
	}
	if len(card.IssueDate) != len("yyyymmdd") {
		return client.IDCardProof{}, errors.New("the sample's card has no date of issue")
	}
	return client.IDCardProof{
		Document: client.Document(card.Document), Number: card.Number, Name: card.Name, Licence: card.Licence, Image: picture,
		IssueDate: card.IssueDate[:4] + "-" + card.IssueDate[4:6] + "-" + card.IssueDate[6:],
	}, nil
}

// Account gives the account and its password.
func (h *hero) Account(context.Context) (client.AccountProof, error) {
	return client.AccountProof{Account: h.sample.Account, Password: h.AccountPassword}, nil
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// Code reads the token, or the newest message on the phone.
func (h *hero) Code(ctx context.Context, factor client.Factor, _ string) (string, error) {
	if factor == client.FactorOTP {
		return h.otp(ctx)
	}
	var inbox struct {
		Messages []struct {
			Text string `json:"text"`
		} `json:"messages"`
	}
	if err := h.t.ask(ctx, "/simulator/v1/inbox?to="+url.QueryEscape(h.Phone), &inbox); err != nil {
		return "", err
	}
	if len(inbox.Messages) == 0 {
		return "", errors.New("no message arrived at the phone")
	}
	code := ""
	for _, m := range slices.Backward(inbox.Messages) { // notices come there, too
		if code = sixDigits.FindString(m.Text); code != "" {
			break
		}
	}
	if code == "" {
		return "", errors.New("the message on the phone has no code")
	}
	return code, nil
}

// otp reads the token.
func (h *hero) otp(ctx context.Context) (string, error) {
	var token struct {
		Code string `json:"code"`
	}
	err := h.t.ask(ctx, "/simulator/v1/otp?customer="+url.QueryEscape(h.Number), &token)
	return token.Code, err
}

// NewPassword gives the story's.
func (h *hero) NewPassword(context.Context) ([]byte, error) { return []byte(keyPassword), nil }
