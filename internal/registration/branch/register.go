package branch

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

//go:embed data/branches.json
var sampleBranches []byte

//go:embed data/holidays.json
var koreanHolidays []byte

// The refusals.
var (
	// ErrPlace refuses a name that is none of a place known here.
	ErrPlace = fault.Define(2601, "place-unknown", fault.NotFound,
		fault.Text{KO: "입력한 지역을 찾지 못했어요.", EN: "We could not find that place."},
		fault.Text{KO: "시·군·구나 역 이름으로 다시 찾아 주세요. 예: 종로구, 부산역", EN: "Please try the name of a city, a district or a station, such as Jongno-gu or Busan Station."})
	// ErrLong refuses what is too long to be a place's name.
	ErrLong = fault.Define(2602, "place-too-long", fault.Invalid,
		fault.Text{KO: "지역 이름이 너무 길어요.", EN: "That is too long for the name of a place."},
		fault.Text{KO: "60자까지 입력할 수 있어요. 시·군·구나 역 이름만 적어 주세요.", EN: "It may have up to 60 letters. A city, a district or a station is enough."})
	// ErrUnknown refuses the number of a branch that there is not.
	ErrUnknown = fault.Define(2603, "branch-unknown", fault.NotFound,
		fault.Text{KO: "이 번호의 영업점은 없어요.", EN: "There is no branch with this number."},
		fault.Text{KO: "영업점 목록에서 다시 찾아 주세요.", EN: "Please look for it in the list of branches."})
	// ErrService refuses a service that no branch can have.
	ErrService = fault.Define(2604, "branch-service-unknown", fault.Invalid,
		fault.Text{KO: "이런 업무는 없어요.", EN: "There is no such service."},
		fault.Text{KO: "목록에 있는 업무 가운데 골라 주세요.", EN: "Please choose from the list of services."})
)

// Register is the bank's branches, and what is needed to find the right one. It
// does not change once it is made.
type Register struct {
	branches []Branch // by number
	number   map[string]int
	holidays map[string]fault.Text // by day, 2027-03-01
	until    string                // the last day that holidays are known of
	places   *gazetteer
}

// Sample gives invented branches all over Korea, for a demo. An error is a
// defect in the embedded data.
func Sample() (*Register, error) { return Read(sampleBranches) }

// All gives the branches by number.
func (r *Register) All() []Branch { return slices.Clone(r.branches) }

// ByNumber gives a branch; the error is ErrUnknown.
func (r *Register) ByNumber(number string) (Branch, error) {
	if i, ok := r.number[number]; ok {
		return r.branches[i], nil
	}
	return Branch{}, ErrUnknown.With(nil)
}

// Branch says whether there is a branch of a number. A register that holds none
// can't know: it takes any three digits for one.
func (r *Register) Branch(number string) bool {
	if len(r.branches) == 0 {
		return threeDigits(number)
	}
	_, ok := r.number[number]
	return ok
}

// Name is how people read a branch by its number: its name, or the number when
// it is not in the register.
func (r *Register) Name(number string) fault.Text {
	if i, ok := r.number[number]; ok {
		return r.branches[i].Name
	}
	return fault.Text{KO: "영업점 " + number, EN: "branch " + number}
}

// Filter narrows a search. The zero value lets all branches through.
type Filter struct {
	OpenAt   time.Time // open at this moment; zero: whenever
	Services []Service // all of them
}

// Found is a branch and how far it is.
type Found struct {
	Branch
	Metres float64 // in a straight line; 0 when nothing was measured
}

// Filter gives the branches that a filter lets through, by number.
func (r *Register) Filter(f Filter) []Found {
	var found []Found
	for _, b := range r.branches {
		if r.passes(b, f) {
			found = append(found, Found{Branch: b})
		}
	}
	return found
}

// Near gives those that a filter lets through, the nearest first. Position in
// degrees, WGS 84.
func (r *Register) Near(latitude, longitude float64, f Filter) []Found {
	found := r.Filter(f)
	for i := range found {
		found[i].Metres = Distance(latitude, longitude, found[i].Latitude, found[i].Longitude)
	}
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(a.Metres, b.Metres) })
	return found
}

func (r *Register) passes(b Branch, f Filter) bool {
	for _, s := range f.Services {
		if !slices.Contains(b.Services, s) {
			return false
		}
	}
	return f.OpenAt.IsZero() || r.Standing(b, f.OpenAt).Open
}

// earth is the mean radius of the earth in metres (IUGG).
const earth = 6371008.8

// Distance gives the metres between two positions in a straight line, by the
// haversine formula. Positions in degrees.
func Distance(latitude1, longitude1, latitude2, longitude2 float64) float64 {
	const degree = math.Pi / 180
	north, east := (latitude2-latitude1)*degree, (longitude2-longitude1)*degree
	half := func(x float64) float64 { s := math.Sin(x / 2); return s * s }
	h := half(north) + math.Cos(latitude1*degree)*math.Cos(latitude2*degree)*half(east)
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(h)))
}

func threeDigits(s string) bool {
	return len(s) == 3 && strings.Trim(s, "0123456789") == ""
}
