package gallery

import (
	"time"

	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// branchScenes are those of the branch finder, with the demo's branches and
// names of pages' own length.
func branchScenes() ([]scene, error) {
	register, err := branch.Sample()
	if err != nil {
		return nil, err
	}
	s := branchStage{register}
	open, shut, late := day(2027, 3, 15, 11), day(2027, 2, 7, 11), day(2030, 5, 6, 11)
	return []scene{
		plain("branches", "all", "all branches, on a weekday", func(f pages.Frame) pages.View { return s.all(at(f, open)) }),
		plain("branches", "near", "near a place", func(f pages.Frame) pages.View { return s.near(at(f, open), "강남역") }),
		plain("branches", "far", "near a place without a branch", func(f pages.Frame) pages.View { return s.near(at(f, open), "울릉군") }),
		plain("branches", "holiday", "all are closed, on a public holiday", func(f pages.Frame) pages.View { return s.near(at(f, shut), "부산역") }),
		plain("branches", "several", "several places of the name", func(f pages.Frame) pages.View {
			v := s.none(at(f, open))
			v.Place = "중구"
			places, _ := register.Find(v.Place)
			for _, p := range places {
				v.Choices = append(v.Choices, p.Full().In(f.Lang))
			}
			return v
		}),
		refused("branches", "unknown", "a place that is none", branch.ErrPlace.With(nil), "place", func(f pages.Frame) pages.View {
			v := s.none(at(f, open))
			v.Place = "평양"
			return v
		}),
		plain("branches", "shut", "none is open now", func(f pages.Frame) pages.View {
			v := s.none(at(f, shut))
			v.OpenOnly, v.Services = true, []string{"certificates"}
			next := s.branch(v.Frame, branch.Found{Branch: register.All()[0]})
			v.Next = &next
			return v
		}),
		plain("branches", "nothing", "none is like that", func(f pages.Frame) pages.View {
			v := s.none(at(f, open))
			v.Services = []string{"foreign", "saturday", "corporate", "parking"}
			return v
		}),
		plain("branches", "unsure", "holidays are not known", func(f pages.Frame) pages.View {
			v := s.all(at(f, late))
			v.Sure = false
			return v
		}),
		plain("branches", "empty", "a bank that has told none", func(f pages.Frame) pages.View { return pages.Branches{Frame: at(f, open)} }),
		acted("branches", "near-asked", "by the device's position", func(f pages.Frame) pages.View { return s.all(at(f, open)) }),
		acted("branches", "near-denied", "the position may not be used", func(f pages.Frame) pages.View { return s.all(at(f, open)) }),
		plain("branch", "open", "one branch, open", func(f pages.Frame) pages.View { return s.one(at(f, open), "101") }),
		plain("branch", "closed", "one branch, over New Year", func(f pages.Frame) pages.View { return s.one(at(f, shut), "801") }),
	}, nil
}

func day(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour-9, 0, 0, 0, time.UTC)
}

func at(f pages.Frame, now time.Time) pages.Frame {
	f.Now, f.Path = now, "/branches"
	return f
}

type branchStage struct{ register *branch.Register }

func (s branchStage) none(f pages.Frame) pages.Branches {
	v := pages.Branches{Frame: f, Total: len(s.register.All()), Sure: true}
	for _, service := range branch.Services {
		v.All = append(v.All, string(service))
	}
	return v
}

func (s branchStage) branch(f pages.Frame, b branch.Found) pages.Branch {
	standing := s.register.Standing(b.Branch, f.Now)
	shown := pages.Branch{Number: b.Number, Name: b.Name.In(f.Lang), Address: b.Address.In(f.Lang), Phone: b.Phone,
		Latitude: b.Latitude, Longitude: b.Longitude, Metres: b.Metres,
		Open: standing.Open, Until: standing.Until, From: standing.From, Holiday: standing.Holiday.In(f.Lang)}
	for _, service := range b.Services {
		shown.Services = append(shown.Services, string(service))
	}
	for i := range 7 {
		at := f.Now.Add(time.Duration(i) * 24 * time.Hour)
		from, to := s.register.On(b.Branch, at)
		shown.Week = append(shown.Week, pages.Opening{Day: at, From: from, To: to, Holiday: s.register.Holiday(at).In(f.Lang)})
	}
	return shown
}

func (s branchStage) words(lang string) func(pages.Part) []pages.Spot {
	return func(part pages.Part) []pages.Spot {
		if part.Wide() {
			return s.spots(lang, part, branch.Area)
		}
		return s.spots(lang, part, branch.District, branch.City, branch.Station)
	}
}

func (s branchStage) spots(lang string, part pages.Part, sorts ...branch.Sort) (spots []pages.Spot) {
	for _, p := range s.register.Around(part.South, part.West, part.North, part.East, sorts...) {
		spots = append(spots, pages.Spot{Name: p.Name.In(lang), Latitude: p.Latitude, Longitude: p.Longitude})
	}
	return spots
}

func jumpTo(b pages.Branch, closer bool) string {
	if closer {
		return pages.Branches{}.With(b.Name)
	}
	return "#b-" + b.Number
}

func (s branchStage) all(f pages.Frame) pages.Branches {
	v := s.none(f)
	for _, b := range s.register.Filter(branch.Filter{}) {
		v.Branches = append(v.Branches, s.branch(f, b))
	}
	v.Map = pages.Country(v.Branches, s.spots(f.Lang, pages.Part{South: 33, West: 124, North: 39, East: 132}, branch.Area), jumpTo)
	return v
}

func (s branchStage) near(f pages.Frame, place string) pages.Branches {
	v := s.none(f)
	places, _ := s.register.Find(place)
	here := pages.Spot{Name: places[0].Full().In(f.Lang), Latitude: places[0].Latitude, Longitude: places[0].Longitude}
	v.Place, v.Found = here.Name, here.Name
	for _, b := range s.register.Near(here.Latitude, here.Longitude, branch.Filter{}) {
		v.Branches = append(v.Branches, s.branch(f, b))
	}
	v.Map = pages.Around(here, v.Branches, s.words(f.Lang), jumpTo)
	return v
}

func (s branchStage) one(f pages.Frame, number string) pages.BranchView {
	b, _ := s.register.ByNumber(number)
	shown := s.branch(f, branch.Found{Branch: b})
	return pages.BranchView{Frame: f, Branch: shown, Sure: true, Map: pages.One(shown, s.words(f.Lang))}
}
