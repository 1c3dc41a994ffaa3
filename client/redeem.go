//nolint:bodyclose // receive closes every body
package client

import (
	"context"
	"encoding/hex"
)

// Redeem begins a session that has one application and nothing else, by the
// reference number and the authorization code of a branch. An earlier session of
// this client is over. keys are the SHA-256 of the SubjectPublicKeyInfo of up to
// 16 keys that wait here for a certificate: with one of them codes that are spent
// open the application of its certificate once more.
func (c *Client) Redeem(ctx context.Context, reference, code string, keys ...[]byte) (Application, error) {
	sent := Redemption{Reference: reference, Code: code}
	for _, key := range keys {
		sent.Keys = append(sent.Keys, hex.EncodeToString(key))
	}
	mediaType, body, err := send(sent)
	if err != nil {
		return Application{}, err
	}
	return only[Application](c.rest.RedeemWithBody(ctx, mediaType, body))
}
