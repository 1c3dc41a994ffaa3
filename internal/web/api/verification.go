package api

import (
	"net/http"

	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

const (
	maxVerification = 8 << 20  // the largest body, in bytes
	maxText         = 64 << 10 // the largest content that is shown, in bytes
)

// Verify answers POST /api/v1/verifications. Anybody may ask, so it is bounded
// by address: how often, and how many large bodies at once.
func (h *handlers) Verify(w http.ResponseWriter, r *http.Request) {
	err := within(h.VerifyLimit, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	done, err := h.CardTurns.Take(r.Context(), "from "+kit.Address(r.Context()).String())
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	defer done()
	var body VerificationRequest
	var report verification.Report
	if err = take(r, maxVerification, &body); err == nil {
		report, err = h.Verifier.Verify(r.Context(), body.Signature, body.Content)
	}
	answer(w, r, http.StatusOK, verificationOf(report, kit.Language(r)), err)
}

func verificationOf(rep verification.Report, lang string) Verification {
	shown := Verification{
		Verdict: Verdict(rep.Verdict), Reason: string(rep.Reason), Title: rep.Title.In(lang), Detail: rep.Detail.In(lang),
		At: rep.At, Attached: rep.Attached, Size: len(rep.Content), Text: rep.Text(maxText),
		Signers: make([]VerifiedSigner, 0, len(rep.Signers)),
	}
	for _, s := range rep.Signers {
		shown.Signers = append(shown.Signers, signerOf(s, lang))
	}
	return shown
}

func signerOf(s verification.Signer, lang string) VerifiedSigner {
	shown := VerifiedSigner{
		Verdict: Verdict(s.Verdict), Reason: string(s.Reason), Title: s.Title.In(lang), Detail: s.Detail.In(lang),
		Name: s.Owner, Subject: s.Subject, Issuer: s.Issuer, IssuerName: s.IssuerName, Serial: s.Serial,
		Ours: s.Ours, Kind: s.Kind.In(lang), State: SignerState(s.State), Since: s.Since,
		NotBefore: s.NotBefore, NotAfter: s.NotAfter, SigningTime: s.SigningTime,
		Digest: s.Digest, Bound: s.Bound, Certificate: s.Certificate,
		Evidence: make([]Evidence, 0, len(s.Evidence)),
	}
	for _, e := range s.Evidence {
		shown.Evidence = append(shown.Evidence, Evidence{
			Kind: e.Kind, Subject: e.Subject, SHA256: e.SHA256, ThisUpdate: e.ThisUpdate, NextUpdate: e.NextUpdate, Problem: e.Problem,
		})
	}
	return shown
}
