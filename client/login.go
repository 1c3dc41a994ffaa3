//nolint:bodyclose // receive closes every body
package client

import (
	"context"
	"encoding/json"
	"fmt"
)

// Challenge asks for the text to sign for LogInWithCertificate. It can be used
// once, within 3 minutes, by this client.
func (c *Client) Challenge(ctx context.Context) (LoginChallenge, error) {
	return only[LoginChallenge](c.rest.ChallengeLogin(ctx))
}

// LogInWithCertificate begins a session by a CMS SignedData over exactly the
// bytes of the challenge's content. An earlier session is over.
func (c *Client) LogInWithCertificate(ctx context.Context, signature []byte) (Subscriber, error) {
	mediaType, body, err := send(CertificateLogIn{Signature: signature})
	if err != nil {
		return Subscriber{}, err
	}
	session, err := only[Session](c.rest.LogInWithCertificateWithBody(ctx, mediaType, body))
	return session.Subscriber, err
}

// PasskeyLogInOptions gives, as JSON, what a WebAuthn client is asked with to
// log somebody in.
func (c *Client) PasskeyLogInOptions(ctx context.Context) (json.RawMessage, error) {
	return options(only[PasskeyOptions](c.rest.PasskeyLogInOptions(ctx)))
}

// LogInWithPasskey begins a session by what the WebAuthn client has answered
// (AuthenticationResponseJSON). An earlier session is over.
func (c *Client) LogInWithPasskey(ctx context.Context, response json.RawMessage) (Subscriber, error) {
	var sent PasskeyLogIn
	if err := json.Unmarshal(response, &sent.Response); err != nil {
		return Subscriber{}, fmt.Errorf("reading the response: %w", err)
	}
	mediaType, body, err := send(sent)
	if err != nil {
		return Subscriber{}, err
	}
	session, err := only[Session](c.rest.LogInWithPasskeyWithBody(ctx, mediaType, body))
	return session.Subscriber, err
}

// PasskeyOptions gives, as JSON, what a WebAuthn client is asked with to make a
// passkey for who is logged in.
func (c *Client) PasskeyOptions(ctx context.Context) (json.RawMessage, error) {
	return options(only[PasskeyOptions](c.rest.PasskeyOptions(ctx)))
}

// AddPasskey adds what the WebAuthn client has made (RegistrationResponseJSON),
// under a name of the customer's.
func (c *Client) AddPasskey(ctx context.Context, name string, response json.RawMessage) (Passkey, error) {
	sent := NewPasskey{Name: name}
	if err := json.Unmarshal(response, &sent.Response); err != nil {
		return Passkey{}, fmt.Errorf("reading the response: %w", err)
	}
	mediaType, body, err := send(sent)
	if err != nil {
		return Passkey{}, err
	}
	return only[Passkey](c.rest.AddPasskeyWithBody(ctx, mediaType, body))
}

// Passkeys lists one's passkeys, oldest first.
func (c *Client) Passkeys(ctx context.Context) ([]Passkey, error) {
	all, err := only[Passkeys](c.rest.ListPasskeys(ctx))
	return all.Passkeys, err
}

// RemovePasskey makes one of one's passkeys worthless.
func (c *Client) RemovePasskey(ctx context.Context, id string) error {
	_, err := only[struct{}](c.rest.RemovePasskey(ctx, id))
	return err
}

func options(o PasskeyOptions, err error) (json.RawMessage, error) {
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(o.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("encoding options: %w", err)
	}
	return encoded, nil
}
