package branch

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/internal/fault"
)

//go:embed data/places.txt
var placeLines string

// Sort says what a place is.
type Sort string

// The sorts of places.
const (
	Area     Sort = "area"     // a metropolitan city or province: 서울특별시
	City     Sort = "city"     // 시, 군
	District Sort = "district" // 구
	Station  Sort = "station"  // 역
	Office   Sort = "branch"   // a branch of the bank, or the street that it is in
)

// Place is somewhere that people name when they look for a branch.
type Place struct {
	Sort      Sort
	Name      fault.Text // 중구; Jung-gu
	Within    fault.Text // 서울특별시; empty for an area and a branch
	Latitude  float64    // of its middle
	Longitude float64
}

// Full is the name that is no other place's: 서울특별시 중구; Jung-gu, Seoul.
func (p Place) Full() fault.Text {
	if p.Within == (fault.Text{}) {
		return p.Name
	}
	return fault.Text{KO: p.Within.KO + " " + p.Name.KO, EN: p.Name.EN + ", " + p.Within.EN}
}

const (
	maxPlace = 60 // characters of what is looked for
	maxFound = 8  // places that Find gives at most
	together = 3_000
)

// gazetteer finds places by keys: names without blanks, marks and case.
type gazetteer struct {
	places []Place
	// Indices of places by key: by their names, and by what people leave of them.
	exact, short map[string][]int
	longest      int // characters of the longest key
}

func newGazetteer(branches []Branch) (*gazetteer, error) {
	g := &gazetteer{exact: map[string][]int{}, short: map[string][]int{}}
	for n, line := range strings.Split(placeLines, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		p, err := parsePlace(line)
		if err != nil {
			return nil, fmt.Errorf("places.txt:%d: %w", n+1, err)
		}
		g.add(p)
	}
	for _, b := range branches {
		p := Place{Sort: Office, Name: b.Name, Latitude: b.Latitude, Longitude: b.Longitude}
		g.places = append(g.places, p)
		i := len(g.places) - 1
		for _, s := range []string{b.Name.KO, b.Name.EN, b.Address.KO, b.Address.EN, b.Name.KO + b.Address.KO, b.Number} {
			g.key(g.exact, s, i)
		}
		g.key(g.short, strings.TrimSuffix(strings.TrimSuffix(b.Name.KO, "지점"), "점"), i)
	}
	return g, nil
}

func parsePlace(line string) (Place, error) {
	f := strings.Split(line, "|")
	if len(f) != 7 {
		return Place{}, fmt.Errorf("%d fields", len(f))
	}
	latitude, err1 := strconv.ParseFloat(f[5], 64)
	longitude, err2 := strconv.ParseFloat(f[6], 64)
	if err1 != nil || err2 != nil || !inKorea(latitude, longitude) {
		return Place{}, fmt.Errorf("no position in Korea: %q", f[5:])
	}
	return Place{Sort: Sort(f[0]), Name: fault.Text{KO: f[1], EN: f[3]}, Within: fault.Text{KO: f[2], EN: f[4]},
		Latitude: latitude, Longitude: longitude}, nil
}

// ends are what people leave off, or write in other ways.
var (
	koreanEnds  = []string{"특별자치시", "특별자치도", "특별시", "광역시", "시", "군", "구", "역", "도"}
	englishEnds = []string{"station", "si", "gun", "gu", "do", "city"}
	shortAreas  = map[string]string{
		"충청북도": "충북", "충청남도": "충남", "전북특별자치도": "전북", "전라남도": "전남", "경상북도": "경북", "경상남도": "경남",
	}
)

// add makes a place known by all its names.
func (g *gazetteer) add(p Place) {
	g.places = append(g.places, p)
	i := len(g.places) - 1
	names := append(bareNames(p.Name.KO, koreanEnds), bareNames(spell(p.Name.EN), englishEnds)...)
	if p.Sort == Area {
		names = append(names, withinNames(p.Name.KO)...)
	}
	for _, name := range names {
		into := g.short
		if spell(name) == spell(p.Name.KO) || spell(name) == spell(p.Name.EN) || p.Sort == Area {
			into = g.exact
		}
		g.key(into, name, i)
		for _, around := range withinNames(p.Within.KO) {
			g.key(into, around+name, i)
		}
		for _, around := range bareNames(spell(p.Within.EN), englishEnds) {
			g.key(into, around+name, i)
			g.key(into, name+around, i)
		}
	}
}

// bareNames gives a name, with and without the word for what it is. What would
// be one syllable alone stays whole: 중구 is never 중. 서울특별시 is 서울시, too.
func bareNames(name string, ends []string) []string {
	names := []string{name}
	for _, end := range ends {
		bare, found := strings.CutSuffix(name, end)
		if !found || utf8.RuneCountInString(bare) < 2 {
			continue
		}
		names = append(names, bare)
		if strings.HasSuffix(end, "시") {
			names = append(names, bare+"시")
		}
		break
	}
	return slices.Compact(names)
}

func withinNames(within string) []string {
	if within == "" {
		return nil
	}
	names := bareNames(within, koreanEnds)
	if short := shortAreas[within]; short != "" {
		names = append(names, short)
	}
	if bare, ok := strings.CutSuffix(within, "특별자치도"); ok {
		names = append(names, bare+"도")
	}
	return names
}

func (g *gazetteer) key(into map[string][]int, name string, place int) {
	k := spell(name)
	if k == "" || slices.Contains(into[k], place) {
		return
	}
	into[k] = append(into[k], place)
	g.longest = max(g.longest, utf8.RuneCountInString(k))
}

// spell makes a key of what somebody typed: composed Hangul, small letters,
// nothing but letters and digits.
func spell(s string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, norm.NFC.String(s))
}

// Find gives the places that somebody may mean by a name, however it is
// written: 강남, 강남역, 서울시 중구, jung-gu, an address. Names of several
// places give all of these, up to 8; what lies together is given once. The
// errors are ErrLong and ErrPlace.
func (r *Register) Find(name string) ([]Place, error) {
	if utf8.RuneCountInString(name) > maxPlace {
		return nil, ErrLong.With(nil)
	}
	key := spell(name)
	if found := r.places.find(key); len(found) > 0 {
		return found, nil
	}
	return nil, ErrPlace.With(nil)
}

func (g *gazetteer) find(key string) []Place {
	if key == "" {
		return nil
	}
	if found := append(slices.Clone(g.exact[key]), g.short[key]...); len(found) > 0 {
		return g.distinct(found)
	}
	if utf8.RuneCountInString(key) >= 2 { // the beginning of a name
		if found := g.begun(key); len(found) > 0 {
			return g.distinct(found)
		}
	}
	// An address begins with the name of a place.
	letters := []rune(key)
	for n := min(len(letters)-1, g.longest); n >= 2; n-- {
		begin := string(letters[:n])
		if found := append(slices.Clone(g.exact[begin]), g.short[begin]...); len(found) > 0 {
			return g.distinct(found)
		}
	}
	return nil
}

func (g *gazetteer) begun(key string) []int {
	var found []int
	for _, keys := range []map[string][]int{g.exact, g.short} {
		for name, places := range keys {
			if strings.HasPrefix(name, key) {
				found = append(found, places...)
			}
		}
	}
	slices.Sort(found)
	return found
}

// distinct gives places of which no two lie together: of those the larger one
// stands for both. A branch that has a place's name lies in it.
func (g *gazetteer) distinct(indices []int) []Place {
	rank := func(i int) int {
		return slices.Index([]Sort{Area, City, District, Station, Office}, g.places[i].Sort)
	}
	slices.SortStableFunc(indices, func(a, b int) int { return cmp.Compare(rank(a), rank(b)) })
	var some []Place
	for _, i := range indices {
		p := g.places[i]
		near := func(q Place) bool {
			limit := together
			if q.Sort == Area || q.Sort == City {
				limit = 8 * together
			}
			return Distance(p.Latitude, p.Longitude, q.Latitude, q.Longitude) < float64(limit)
		}
		if len(some) < maxFound && !slices.ContainsFunc(some, near) {
			some = append(some, p)
		}
	}
	return some
}

// Around gives the places within a frame of positions, for a map's words: those
// of the sorts that are asked for.
func (r *Register) Around(south, west, north, east float64, sorts ...Sort) []Place {
	var some []Place
	for _, p := range r.places.places {
		if slices.Contains(sorts, p.Sort) && p.Latitude >= south && p.Latitude <= north && p.Longitude >= west && p.Longitude <= east {
			some = append(some, p)
		}
	}
	return some
}
