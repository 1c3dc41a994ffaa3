package wallet

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/ingam-pki/ingam/pki/ocsp"
)

// Online asks the authority over plain http, as certificates name it: what it
// answers is signed.
type Online struct {
	Responder string // address to ask instead of the certificate's own
	Random    io.Reader
	Transport http.RoundTripper // nil: http.DefaultTransport
}

// Limits of what is asked.
const (
	onlineTimeout = 10 * time.Second
	nonceSize     = 32 // RFC 9654 §2.1
	maxAddresses  = 4
)

var (
	errNoResponder = errors.New("wallet: certificate names no http responder")
	errNoCAAddress = errors.New("wallet: certificate does not say where its issuer's is")
)

// status asks for a certificate's status and gives the answer's bytes and
// whom it came from.
func (o *Online) status(ctx context.Context, cert, issuer *x509.Certificate) (answer []byte, address string, err error) {
	addresses := cert.OCSPServer
	if o.Responder != "" {
		addresses = []string{o.Responder}
	}
	id, err := ocsp.NewCertID(crypto.SHA1, issuer, cert.SerialNumber) // the hash that every responder knows (RFC 5019)
	if err != nil {
		return nil, "", err
	}
	nonce := make([]byte, nonceSize)
	if _, err := io.ReadFull(o.Random, nonce); err != nil {
		return nil, "", fmt.Errorf("drawing nonce: %w", err)
	}
	request, err := ocsp.CreateRequest([]ocsp.CertID{id}, nonce)
	if err != nil {
		return nil, "", err
	}
	err = errNoResponder
	for _, address := range addresses[:min(len(addresses), maxAddresses)] {
		if !plainHTTP(address) {
			continue
		}
		answer, err = o.fetch(ctx, http.MethodPost, address, "application/ocsp-request", request, ocsp.MaxResponseSize)
		if err == nil {
			err = checkNonce(answer, nonce)
		}
		if err == nil {
			return answer, address, nil
		}
	}
	return nil, "", err
}

// checkNonce refuses an answer to another question. One without a nonce was
// made in advance; its times decide.
func checkNonce(answer, nonce []byte) error {
	response, err := ocsp.ParseResponse(answer)
	if err != nil {
		return err
	}
	if len(response.Nonce) == 0 {
		return nil
	}
	return response.CheckNonce(nonce)
}

// issuerOf fetches the certificate of the issuer.
func (o *Online) issuerOf(ctx context.Context, cert *x509.Certificate) (*x509.Certificate, error) {
	err := errNoCAAddress
	for _, address := range cert.IssuingCertificateURL[:min(len(cert.IssuingCertificateURL), maxAddresses)] {
		if !plainHTTP(address) {
			continue
		}
		var content []byte
		if content, err = o.fetch(ctx, http.MethodGet, address, "", nil, maxCertificate); err != nil {
			continue
		}
		var certs []*x509.Certificate
		if certs, err = parseCertificates(content); err == nil && len(certs) == 1 {
			return certs[0], nil
		}
	}
	return nil, err
}

// plainHTTP says whether an address can be asked. LDAP, which the field's
// certificates name too, can't.
func plainHTTP(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && u.Host != "" && u.User == nil
}

func (o *Online) fetch(ctx context.Context, method, address, contentType string, body []byte, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, onlineTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	client := http.Client{
		Transport:     o.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("wallet: %s answers %s", address, resp.Status)
	}
	content, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("wallet: answer of %s is longer than %d bytes", address, limit)
	}
	return content, nil
}
