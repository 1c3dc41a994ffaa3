package pages

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

//go:embed map/coast.txt
var coastLines string

// Map is a drawing of where branches are, on a field of Width by Height. Lines
// are of degrees, projected so that east and north have one scale in its middle.
type Map struct {
	Width, Height int
	Country       bool     // all of it; else around a place
	Single        bool     // around one branch
	Coasts        []string // outlines, as paths; only of the whole country
	Grid          []Line
	Labels        []Label
	Marks         []Mark
	Here          *Label // the place that was looked for
	Scale         Scale
}

// Line is one of the grid.
type Line struct{ X1, Y1, X2, Y2 float64 }

// Label is a name on the map, in the middle of its text.
type Label struct {
	X, Y float64
	Text string
}

// Mark is one branch, or several that stand too close to be told apart.
type Mark struct {
	X, Y float64
	Text string // its place in the list, or how many
	Many int    // how many more than one; 0: it is one
	Name string // of the first
	Href string
	Open bool
}

// Scale is the bar that says how far is how much.
type Scale struct {
	Length float64
	Text   string
}

// Spot is a named position.
type Spot struct {
	Name                string
	Latitude, Longitude float64
}

const (
	mapWidth   = 400
	markRoom   = 30.0  // marks that are closer than this would cover each other
	kmDegree   = 111.2 // kilometres of a degree of latitude
	narrowest  = 4.0   // kilometres that a map shows at least from side to side
	mostLabels = 14
)

// Part is a part of the earth, in degrees.
type Part struct{ South, West, North, East float64 }

// Wide says whether it is more than a city and what lies around it.
func (p Part) Wide() bool { return p.North-p.South > 0.6 }

// korea is the whole country with its outermost islands.
var korea = Part{32.95, 124.4, 38.75, 132.05}

// Country draws all branches on the outline of the country.
func Country(branches []Branch, labels []Spot, to func(Branch, bool) string) *Map {
	m, project := newMap(korea)
	m.Country = true
	m.coasts(project)
	m.mark(branches, project, to)
	m.label(labels, project, -24)
	return m
}

// Around draws those of some branches, the nearest first, that are near a place,
// with the place, and what words gives for a part of the earth. The shores are
// drawn where they are not too rough for it.
func Around(place Spot, branches []Branch, words func(Part) []Spot, to func(Branch, bool) string) *Map {
	near := branches[:nearest(branches)]
	part := around(place, near, narrowest)
	m, project := newMap(part)
	if part.Wide() {
		m.coasts(project)
	}
	m.mark(near, project, to)
	x, y := project(place.Latitude, place.Longitude)
	m.Here = &Label{X: x, Y: y, Text: place.Name}
	m.label(words(part), project, 4)
	return m
}

// One draws where one branch is.
func One(b Branch, words func(Part) []Spot) *Map {
	part := around(Spot{b.Name, b.Latitude, b.Longitude}, nil, 4*narrowest)
	m, project := newMap(part)
	m.Single = true
	x, y := project(b.Latitude, b.Longitude)
	m.Marks = []Mark{{X: x, Y: y, Name: b.Name, Open: true}}
	m.label(words(part), project, 4)
	return m
}

func (m *Map) coasts(project func(latitude, longitude float64) (x, y float64)) {
	for line := range strings.Lines(coastLines) {
		if line[0] != '#' {
			m.Coasts = append(m.Coasts, outline(strings.Fields(line), project))
		}
	}
}

// nearest is how many of some branches a map shows: those up to half as far
// again as the third, if that is not across the country.
func nearest(branches []Branch) int {
	n := min(3, len(branches))
	for n < min(shownFirst, len(branches)) && branches[n].Metres <= max(5000, 1.5*branches[2].Metres) {
		n++
	}
	for n > 1 && branches[n-1].Metres > 100_000 && branches[n-1].Metres > 2*branches[0].Metres {
		n--
	}
	return n
}

// around is the part of the earth that holds a place and branches.
func around(place Spot, branches []Branch, narrowest float64) Part {
	f := Part{place.Latitude, place.Longitude, place.Latitude, place.Longitude}
	for _, b := range branches {
		f.West, f.East = min(f.West, b.Longitude), max(f.East, b.Longitude)
		f.South, f.North = min(f.South, b.Latitude), max(f.North, b.Latitude)
	}
	lat, lon := (f.South+f.North)/2, (f.West+f.East)/2
	squeeze := math.Cos(lat * math.Pi / 180)
	// Room for marks at the edge; three quarters as high as wide.
	wide := max(narrowest/kmDegree, 1.25*(f.East-f.West)*squeeze, 1.25*(f.North-f.South)*4/3)
	return Part{lat - wide*3/8, lon - wide/2/squeeze, lat + wide*3/8, lon + wide/2/squeeze}
}

func newMap(f Part) (*Map, func(latitude, longitude float64) (x, y float64)) {
	squeeze := math.Cos((f.South + f.North) / 2 * math.Pi / 180)
	unit := mapWidth / ((f.East - f.West) * squeeze) // of the drawing, for a degree of latitude
	m := &Map{Width: mapWidth, Height: int(math.Round((f.North - f.South) * unit))}
	project := func(latitude, longitude float64) (x, y float64) {
		return tenth((longitude - f.West) * squeeze * unit), tenth((f.North - latitude) * unit)
	}
	step := roundKilometres(float64(mapWidth) / unit * kmDegree / 4)
	m.Scale = Scale{Length: tenth(step / kmDegree * unit), Text: strconv.FormatFloat(step, 'f', -1, 64) + " km"}
	for x := m.Scale.Length; x < mapWidth; x += m.Scale.Length {
		m.Grid = append(m.Grid, Line{tenth(x), 0, tenth(x), float64(m.Height)})
	}
	for y := m.Scale.Length; y < float64(m.Height); y += m.Scale.Length {
		m.Grid = append(m.Grid, Line{0, tenth(y), mapWidth, tenth(y)})
	}
	return m, project
}

// roundKilometres is the largest of 1, 2, 5, 10, 20 … that is not above.
func roundKilometres(km float64) float64 {
	for power := math.Pow(10, math.Floor(math.Log10(km))); ; power /= 10 {
		for _, n := range []float64{5, 2, 1} {
			if n*power <= km {
				return n * power
			}
		}
	}
}

func tenth(x float64) float64 { return math.Round(10*x) / 10 }

// outline is a closed line of longitudes and latitudes, as a path.
func outline(degrees []string, project func(latitude, longitude float64) (x, y float64)) string {
	var path strings.Builder
	for i := 0; i+1 < len(degrees); i += 2 {
		longitude, _ := strconv.ParseFloat(degrees[i], 64)
		latitude, _ := strconv.ParseFloat(degrees[i+1], 64)
		x, y := project(latitude, longitude)
		fmt.Fprintf(&path, "%c%g %g", "LM"[btoi(i == 0)], x, y)
	}
	return path.String() + "Z"
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mark sets the marks. One that would cover another's is counted there instead.
func (m *Map) mark(branches []Branch, project func(latitude, longitude float64) (x, y float64), to func(Branch, bool) string) {
	first := map[int]Branch{}
	for i, b := range branches {
		x, y := project(b.Latitude, b.Longitude)
		if x < 0 || y < 0 || x > mapWidth || y > float64(m.Height) {
			continue
		}
		at := slices.IndexFunc(m.Marks, func(o Mark) bool { return math.Hypot(o.X-x, o.Y-y) < markRoom })
		if at < 0 {
			first[len(m.Marks)] = b
			m.Marks = append(m.Marks, Mark{X: x, Y: y, Text: strconv.Itoa(i + 1), Name: b.Name, Href: to(b, false), Open: b.Open})
			continue
		}
		m.Marks[at].Many++
		m.Marks[at].Open = m.Marks[at].Open || b.Open
	}
	for i := range m.Marks {
		if o := &m.Marks[i]; o.Many > 0 {
			o.Text, o.Href = "×"+strconv.Itoa(o.Many+1), to(first[i], true)
		}
	}
}

// label writes names where they cover no mark and no other name.
func (m *Map) label(labels []Spot, project func(latitude, longitude float64) (x, y float64), up float64) {
	for _, l := range labels {
		x, y := project(l.Latitude, l.Longitude)
		y += up
		half := widthOf(l.Name) / 2
		taken := func(ox, oy, wide, high float64) bool { return math.Abs(ox-x) < half+wide && math.Abs(oy-y) < 7+high }
		covered := slices.ContainsFunc(m.Marks, func(o Mark) bool { return taken(o.X, o.Y, 16, 14) }) ||
			slices.ContainsFunc(m.Labels, func(o Label) bool { return taken(o.X, o.Y, widthOf(o.Text)/2, 7) }) ||
			m.Here != nil && taken(m.Here.X, m.Here.Y, 10, 10) ||
			taken(50, float64(m.Height)-14, 50, 12) // the scale
		if !covered && len(m.Labels) < mostLabels && x > half && x < mapWidth-half && y > 12 && y < float64(m.Height)-8 {
			m.Labels = append(m.Labels, Label{X: x, Y: y, Text: l.Name})
		}
	}
}

// widthOf is about how wide a name is on the map.
func widthOf(name string) (width float64) {
	for _, c := range name {
		if c < 0x1100 {
			width += 6.5
		} else {
			width += 11
		}
	}
	return width
}

// Below is where the scale's bar stands.
func (m *Map) Below() int { return m.Height - 10 }
