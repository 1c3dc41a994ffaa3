package api

import (
	"math"
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// ListBranches answers GET /api/v1/branches.
func (h *handlers) ListBranches(w http.ResponseWriter, r *http.Request, params ListBranchesParams) {
	lang, now := kit.Language(r), h.Now()
	list := Branches{Branches: []Branch{}, HolidaysKnown: h.Branches.Known(now)}
	filter, err := filterOf(params, now)
	var found []branch.Found
	switch {
	case err != nil:
	case params.Place == "":
		found = h.Branches.Filter(filter)
	default:
		var places []branch.Place
		places, err = h.Branches.Find(params.Place)
		if len(places) == 1 {
			list.Place = places[0].Full().In(lang)
			found = h.Branches.Near(places[0].Latitude, places[0].Longitude, filter)
			break
		}
		for _, p := range places {
			list.Choices = append(list.Choices, p.Full().In(lang))
		}
	}
	for _, b := range found {
		list.Branches = append(list.Branches, h.branch(b, lang, now))
		if list.Place != "" {
			list.Branches[len(list.Branches)-1].Metres = int(math.Max(1, math.Round(b.Metres)))
		}
	}
	answer(w, r, http.StatusOK, list, err)
}

func filterOf(params ListBranchesParams, now time.Time) (f branch.Filter, err error) {
	if params.Open {
		f.OpenAt = now
	}
	if len(params.Service) > 8 {
		return f, kit.ErrField.With(nil, "field", "service")
	}
	for _, s := range params.Service {
		if !s.Valid() {
			return f, branch.ErrService.With(nil)
		}
		f.Services = append(f.Services, branch.Service(s))
	}
	return f, nil
}

// GetBranch answers GET /api/v1/branches/{number}.
func (h *handlers) GetBranch(w http.ResponseWriter, r *http.Request, number string) {
	b, err := h.Branches.ByNumber(number)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	kit.WriteJSON(w, r, http.StatusOK, h.branch(branch.Found{Branch: b}, kit.Language(r), h.Now()))
}

// branch is a branch as it is now.
func (h *handlers) branch(b branch.Found, lang string, now time.Time) Branch {
	standing := h.Branches.Standing(b.Branch, now)
	shown := Branch{
		Number: b.Number, Name: b.Name.In(lang), Address: b.Address.In(lang), Phone: b.Phone,
		Latitude: b.Latitude, Longitude: b.Longitude, Open: standing.Open, Until: standing.Until, Opens: standing.From,
		Holiday: standing.Holiday.In(lang), Services: []BranchService{}, Week: make([]BranchDay, 0, 7),
	}
	for _, s := range b.Services {
		shown.Services = append(shown.Services, BranchService(s))
	}
	for i := range 7 {
		at := now.Add(time.Duration(i) * 24 * time.Hour) // Seoul knows no summer time
		day := BranchDay{Day: seoul.Day(at), Holiday: h.Branches.Holiday(at).In(lang)}
		if from, to := h.Branches.On(b.Branch, at); !from.IsZero() {
			day.From, day.To = clock(from), closing(from, to)
		}
		shown.Week = append(shown.Week, day)
	}
	return shown
}

func clock(at time.Time) string { return at.In(seoul.Zone).Format("15:04") }

// closing writes midnight at the end of a day as 24:00.
func closing(from, to time.Time) string {
	if seoul.Day(to) != seoul.Day(from) {
		return "24:00"
	}
	return clock(to)
}
