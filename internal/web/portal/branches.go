package portal

import (
	"net/http"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// branchPermissions let the page of branches ask for the device's position. It
// does so when a button is pressed; no other page may.
const branchPermissions = "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=()"

// branches is GET /branches: by place, by what is asked for, or all of them. The
// place stands in the address: it is no secret, and one may want to send it. Where
// the device is never comes here.
func (p *Portal) branches(w http.ResponseWriter, r *http.Request) {
	f, _, err := p.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	w.Header().Set("Permissions-Policy", branchPermissions)
	q := r.URL.Query()
	view := pages.Branches{Frame: f, Place: q.Get("place"), OpenOnly: q.Get("open") == "now",
		Services: knownServices(q["service"]), Total: len(p.Branches.All()), Sure: p.Branches.Known(p.Now())}
	for _, s := range branch.Services {
		view.All = append(view.All, string(s))
	}
	view.Path = view.With(view.Place) // where the choice of a language leads
	if view.Place != "" {
		err = p.findPlace(r, &view)
	} else if view.Total > 0 {
		p.listBranches(r, &view, p.Branches.Filter(p.wanted(view)))
		view.Map = pages.Country(view.Branches, p.spots(r, pages.Part{South: 33, West: 124, North: 39, East: 132}, branch.Area), p.toBranch(view))
	}
	if err != nil {
		kit.Note(r.Context(), err)
		problem := kit.ProblemOf(r, err)
		view.Problem = &pages.Problem{Title: problem.Title, Detail: problem.Detail, Code: problem.Code, Field: "place"}
	}
	p.show(w, r, view)
}

// knownServices are those of a list that there are, each once.
func knownServices(asked []string) (known []string) {
	for _, s := range branch.Services {
		if slices.Contains(asked, string(s)) {
			known = append(known, string(s))
		}
	}
	return known
}

// findPlace fills in what is near the place that was typed, or the several
// places of that name.
func (p *Portal) findPlace(r *http.Request, view *pages.Branches) error {
	places, err := p.Branches.Find(view.Place)
	if err != nil {
		return err
	}
	lang := kit.Language(r)
	if len(places) > 1 {
		for _, place := range places {
			view.Choices = append(view.Choices, place.Full().In(lang))
		}
		return nil
	}
	here := pages.Spot{Name: places[0].Full().In(lang), Latitude: places[0].Latitude, Longitude: places[0].Longitude}
	view.Found = here.Name
	p.listBranches(r, view, p.Branches.Near(here.Latitude, here.Longitude, p.wanted(*view)))
	if len(view.Branches) == 0 {
		return nil
	}
	view.Map = pages.Around(here, view.Branches, p.words(r), p.toBranch(*view))
	return nil
}

// wanted is what was asked for besides a place.
func (p *Portal) wanted(view pages.Branches) (f branch.Filter) {
	if view.OpenOnly {
		f.OpenAt = p.Now()
	}
	for _, s := range view.Services {
		f.Services = append(f.Services, branch.Service(s))
	}
	return f
}

// listBranches fills in what was found. When that is nothing since nothing is
// open, it says which of them opens first.
func (p *Portal) listBranches(r *http.Request, view *pages.Branches, found []branch.Found) {
	for _, b := range found {
		view.Branches = append(view.Branches, p.branchShown(r, b))
	}
	if len(found) > 0 || !view.OpenOnly {
		return
	}
	whenever := p.wanted(*view)
	whenever.OpenAt = time.Time{}
	for _, b := range p.Branches.Filter(whenever) {
		shown := p.branchShown(r, b)
		if !shown.From.IsZero() && (view.Next == nil || shown.From.Before(view.Next.From)) {
			view.Next = &shown
		}
	}
}

// branchShown is a branch as pages show it now.
func (p *Portal) branchShown(r *http.Request, b branch.Found) pages.Branch {
	lang, now := kit.Language(r), p.Now()
	standing := p.Branches.Standing(b.Branch, now)
	shown := pages.Branch{
		Number: b.Number, Name: b.Name.In(lang), Address: b.Address.In(lang), Phone: b.Phone,
		Latitude: b.Latitude, Longitude: b.Longitude, Metres: b.Metres,
		Open: standing.Open, Until: standing.Until, From: standing.From, Holiday: standing.Holiday.In(lang),
	}
	for _, s := range b.Services {
		shown.Services = append(shown.Services, string(s))
	}
	for i := range 7 {
		day := now.Add(time.Duration(i) * 24 * time.Hour) // Seoul knows no summer time
		from, to := p.Branches.On(b.Branch, day)
		shown.Week = append(shown.Week, pages.Opening{Day: day, From: from, To: to, Holiday: p.Branches.Holiday(day).In(lang)})
	}
	return shown
}

// toBranch says where a mark on the map leads: to its line in the list, and from
// several to a map that shows them apart.
func (p *Portal) toBranch(view pages.Branches) func(b pages.Branch, closer bool) string {
	return func(b pages.Branch, closer bool) string {
		if closer {
			return view.With(b.Name)
		}
		return "#b-" + b.Number
	}
}

// words gives the names that a map of a part of the country has room for.
func (p *Portal) words(r *http.Request) func(pages.Part) []pages.Spot {
	return func(part pages.Part) []pages.Spot {
		if part.Wide() {
			return p.spots(r, part, branch.Area)
		}
		return p.spots(r, part, branch.District, branch.City, branch.Station)
	}
}

func (p *Portal) spots(r *http.Request, part pages.Part, sorts ...branch.Sort) (spots []pages.Spot) {
	for _, place := range p.Branches.Around(part.South, part.West, part.North, part.East, sorts...) {
		spots = append(spots, pages.Spot{Name: place.Name.In(kit.Language(r)), Latitude: place.Latitude, Longitude: place.Longitude})
	}
	return spots
}

// branch is GET /branches/{number}.
func (p *Portal) branch(w http.ResponseWriter, r *http.Request) {
	b, err := p.Branches.ByNumber(r.PathValue("number"))
	var f pages.Frame
	if err == nil {
		f, _, err = p.frame(w, r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.BranchView{Frame: f, Branch: p.branchShown(r, branch.Found{Branch: b}), Sure: p.Branches.Known(p.Now())}
	view.Map = pages.One(view.Branch, p.words(r))
	p.show(w, r, view)
}
