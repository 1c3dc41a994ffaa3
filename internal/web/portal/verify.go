package portal

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// verifier judges signed messages; verification.Service does.
type verifier interface {
	Verify(ctx context.Context, message, content []byte) (verification.Report, error)
}

// verify is GET /verify.
func (p *Portal) verify(w http.ResponseWriter, r *http.Request) {
	f, said, err := p.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, pages.Verify{Frame: f, Text: said.Typed["text"]})
}

// signatures bounds what comes to be verified. A signature may come in base64.
var signatures = kit.Upload{
	Files: map[string]int64{"signature": maxSignature, "content": verification.MaxContent},
	Texts: map[string]int64{"text": maxSignature},
}

const maxSignature = verification.MaxMessage / 3 * 4

// verified is POST /verify. The verdict is the answer to the POST itself: it
// changes nothing, so asking again is harmless, and what it is about belongs
// into no address. Anybody may ask, so it is bounded by address, together with
// what comes over the API.
func (p *Portal) verified(w http.ResponseWriter, r *http.Request) {
	if wait := p.VerifyLimit.Take(kit.Address(r.Context())); wait > 0 {
		kit.Fail(w, r, kit.ErrTooMany.With(nil).After(wait))
		return
	}
	done, err := p.CardTurns.Take(r.Context(), "from "+kit.Address(r.Context()).String())
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	defer done()
	form, err := signatures.Read(r)
	message := form.File("signature")
	if len(message) == 0 {
		message = []byte(strings.TrimSpace(form.Get("text")))
	}
	if err == nil && len(message) == 0 {
		err = errNoSignature.With(nil)
	}
	var report verification.Report
	if err == nil {
		report, err = p.Verification.Verify(r.Context(), message, form.File("content"))
	}
	if errors.Is(err, kit.ErrTooLarge) {
		err = verification.ErrTooLarge.With(err)
	}
	if err != nil {
		p.refuse(w, r, "/verify", err, kit.Form{})
		return
	}
	f, _, err := p.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, pages.Verify{Frame: f, Report: reportOf(report, f.Lang)})
}

func reportOf(r verification.Report, lang string) *pages.Report {
	shown := &pages.Report{
		Verdict: string(r.Verdict), Reason: string(r.Reason), Title: r.Title.In(lang), Detail: r.Detail.In(lang), At: r.At,
		Text: r.Text(maxShown), Size: int64(len(r.Content)),
	}
	for _, s := range r.Signers {
		shown.Signers = append(shown.Signers, pages.Signer{Name: s.Owner, Issuer: s.Issuer, Serial: s.Serial,
			SignedAt: s.SigningTime, Verdict: string(s.Verdict), Title: s.Kind.In(lang), NotAfter: s.NotAfter})
	}
	return shown
}

// maxShown is how many bytes of a signed text are shown.
const maxShown = 16 << 10
