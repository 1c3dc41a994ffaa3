package api

import (
	"net/http"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
)

// errNoKind is the answer about the terms of a kind that there is not.
var errNoKind = fault.Define(1020, "kind-not-listed", fault.NotFound,
	fault.Text{KO: "이런 종류의 인증서는 없어요.", EN: "There is no certificate of this kind."},
	fault.Text{KO: "목록에 있는 종류 가운데 골라 주세요.", EN: "Please choose one from the list of kinds."})

// ListKinds answers GET /api/v1/kinds.
func (h *handlers) ListKinds(w http.ResponseWriter, r *http.Request) {
	lang := kit.Language(r)
	kinds := make([]KindInfo, 0, len(h.Offers))
	for _, o := range h.Offers {
		kinds = append(kinds, KindInfo{Kind: Kind(o.Kind), Title: o.Title.In(lang), ValidityDays: o.ValidityDays,
			Fee: o.Fee, Online: o.Online, CA: h.CAName})
	}
	kit.WriteJSON(w, r, http.StatusOK, Kinds{Kinds: kinds})
}

// ListTerms answers GET /api/v1/kinds/{kind}/terms.
func (h *handlers) ListTerms(w http.ResponseWriter, r *http.Request, kind string) {
	if len(kind) > 32 || !kindForm.MatchString(kind) {
		kit.Fail(w, r, errNoKind.With(nil))
		return
	}
	texts := h.Enrolment.Terms(npki.Kind(kind))
	if len(texts) == 0 {
		kit.Fail(w, r, errNoKind.With(nil))
		return
	}
	english := kit.Language(r) == "en"
	list := TermsList{Terms: make([]Terms, 0, len(texts))}
	for _, t := range texts {
		shown := Terms{Name: t.Name, Version: t.Version, SHA256: t.SHA256, Title: t.Title, Text: t.Text, Required: t.Required}
		if english {
			shown.Title, shown.Translation = t.TitleEN, t.TextEN
		}
		list.Terms = append(list.Terms, shown)
	}
	kit.WriteJSON(w, r, http.StatusOK, list)
}

// GetHealth answers GET /api/v1/health.
func (h *handlers) GetHealth(w http.ResponseWriter, r *http.Request) {
	if err := h.Ready(r.Context()); err != nil {
		kit.Fail(w, r, kit.ErrStoreDown.With(err))
		return
	}
	kit.WriteJSON(w, r, http.StatusOK, Health{Status: HealthStatusOK})
}
