// Package logintest is a passkey device for tests: it makes ES256 credentials
// and signs with them as a browser and its authenticator would (WebAuthn Level
// 3), or, when told so, as they must not. Nothing of it belongs into the
// service.
package logintest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Device is one authenticator with a browser around it. The zero values of its
// misdeeds are none.
type Device struct {
	Origin string // where the browser is
	Count  uint32 // signatures so far; counts on with each
	Still  bool   // the device does not count: always 0

	NoUser     bool   // UV is not set: nobody showed that it is them
	NoPresence bool   // UP is not set: nobody was there
	RP         string // in place of the RP ID that was asked for
	Type       string // in place of webauthn.create or webauthn.get
	Challenge  string // in place of the challenge
	Handle     string // in place of the user handle
	Format     string // attestation format in place of none
	Spoil      bool   // the signature is over something else
	Frozen     bool   // the counter stands still, as a copy's would

	keys []credential
}

type credential struct {
	id     []byte
	rp     string
	handle []byte
	key    *ecdsa.PrivateKey
}

// Copy is a second device with the same keys, as a thief would have it.
func (d *Device) Copy() *Device {
	c := *d
	c.keys = slices.Clone(d.keys)
	return &c
}

// Forget leaves out the exclude list: the device has forgotten what it has.
func (d *Device) Forget() { d.keys = nil }

type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"user"`
	Exclude []struct {
		ID string `json:"id"`
	} `json:"excludeCredentials"`
	Selection struct {
		ResidentKey      string `json:"residentKey"`
		UserVerification string `json:"userVerification"`
	} `json:"authenticatorSelection"`
	UserVerification string `json:"userVerification"`
	Attestation      string `json:"attestation"`
	Timeout          int    `json:"timeout"`
}

// ErrExcluded is a device's answer when it is on the exclude list.
var ErrExcluded = errors.New("logintest: the device has a passkey of this account")

// ErrNothing is a device's answer when it has no passkey for the place.
var ErrNothing = errors.New("logintest: the device has no passkey here")

// read takes options with or without the publicKey around them.
func read(raw []byte) (options, error) {
	var outer struct {
		PublicKey json.RawMessage `json:"publicKey"`
	}
	if err := json.Unmarshal(raw, &outer); err == nil && outer.PublicKey != nil {
		raw = outer.PublicKey
	}
	var o options
	if err := json.Unmarshal(raw, &o); err != nil {
		return o, fmt.Errorf("reading options: %w", err)
	}
	if len(o.Challenge) < 22 || o.Timeout == 0 {
		return o, errors.New("the options have no challenge of 128 bits or no timeout")
	}
	return o, nil
}

// Create answers PublicKeyCredentialCreationOptionsJSON with a
// RegistrationResponseJSON.
func (d *Device) Create(raw []byte) ([]byte, error) {
	o, err := read(raw)
	if err != nil {
		return nil, err
	}
	if o.Selection.ResidentKey != "required" || o.Selection.UserVerification != "required" || o.Attestation != "none" || o.User.Name == "" {
		return nil, fmt.Errorf("options don't ask for a discoverable, verified key without attestation: %+v", o)
	}
	for _, e := range o.Exclude {
		if slices.ContainsFunc(d.keys, func(c credential) bool { return encode(c.id) == e.ID }) {
			return nil, ErrExcluded
		}
	}
	handle, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the user's handle: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	made := credential{id: make([]byte, 16), rp: o.RP.ID, handle: handle, key: key}
	if _, err := rand.Read(made.id); err != nil {
		return nil, fmt.Errorf("making an id: %w", err)
	}
	public, err := cosePublic(key)
	if err != nil {
		return nil, err
	}
	data := d.authData(made.rp, 0x40)
	data = append(data, make([]byte, 16)...) // AAGUID
	data = binary.BigEndian.AppendUint16(data, uint16(len(made.id)))
	data = append(append(data, made.id...), public...)
	d.keys = append(d.keys, made)
	format := d.Format
	if format == "" {
		format = "none"
	}
	object := slices.Concat([]byte{0xa3}, cborText("fmt"), cborText(format), cborText("attStmt"), []byte{0xa0}, cborText("authData"), cborBytes(data))
	client, err := d.clientData("webauthn.create", o.Challenge)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{
		"id": encode(made.id), "rawId": encode(made.id), "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}},
		"response": map[string]any{
			"clientDataJSON": encode(client), "attestationObject": encode(object), "transports": []string{"internal", "hybrid"},
		},
	})
}

// Get answers PublicKeyCredentialRequestOptionsJSON with an
// AuthenticationResponseJSON, by the newest passkey for the place.
func (d *Device) Get(raw []byte) ([]byte, error) {
	o, err := read(raw)
	if err != nil {
		return nil, err
	}
	if o.UserVerification != "required" {
		return nil, fmt.Errorf("options don't ask for a verified user: %+v", o)
	}
	for _, c := range slices.Backward(d.keys) {
		if c.rp == o.RPID {
			return d.assert(c, o.Challenge)
		}
	}
	return nil, ErrNothing
}

func (d *Device) assert(c credential, challenge string) ([]byte, error) {
	if !d.Frozen && !d.Still {
		d.Count++
	}
	data := d.authData(c.rp, 0)
	client, err := d.clientData("webauthn.get", challenge)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(slices.Concat(data, hash[:]))
	if d.Spoil {
		digest[0] ^= 1
	}
	signature, err := ecdsa.SignASN1(rand.Reader, c.key, digest[:])
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	handle := c.handle
	if d.Handle != "" {
		handle = []byte(d.Handle)
	}
	return json.Marshal(map[string]any{
		"id": encode(c.id), "rawId": encode(c.id), "type": "public-key", "clientExtensionResults": map[string]any{},
		"response": map[string]any{
			"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(handle),
		},
	})
}

// authData is the authenticator data without attested credential (WebAuthn
// Level 3 §6.1).
func (d *Device) authData(rp string, flags byte) []byte {
	if d.RP != "" {
		rp = d.RP
	}
	if !d.NoPresence {
		flags |= 0x01
	}
	if !d.NoUser {
		flags |= 0x04
	}
	hash := sha256.Sum256([]byte(rp))
	count := d.Count
	if d.Still {
		count = 0
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), count)
}

func (d *Device) clientData(kind, challenge string) ([]byte, error) {
	if d.Type != "" {
		kind = d.Type
	}
	if d.Challenge != "" {
		challenge = d.Challenge
	}
	return json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.Origin, "crossOrigin": false})
}

// cosePublic is the COSE form of a P-256 key (RFC 9053 §7.1): kty EC2, ES256.
func cosePublic(key *ecdsa.PrivateKey) ([]byte, error) {
	point, err := key.PublicKey.Bytes() // 04, X, Y
	if err != nil {
		return nil, fmt.Errorf("encoding a public key: %w", err)
	}
	return slices.Concat([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}, cborBytes(point[1:33]), []byte{0x22}, cborBytes(point[33:])), nil
}

func cborBytes(b []byte) []byte { return append(cborHead(0x40, len(b)), b...) }
func cborText(s string) []byte  { return append(cborHead(0x60, len(s)), s...) }

// cborHead is the head of a string of less than 64 KiB (RFC 8949 §3).
func cborHead(major byte, n int) []byte {
	switch {
	case n < 24:
		return []byte{major | byte(n)}
	case n < 1<<8:
		return []byte{major | 24, byte(n)}
	}
	return binary.BigEndian.AppendUint16([]byte{major | 25}, uint16(n))
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
