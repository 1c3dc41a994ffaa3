package pages

import (
	"math"
	"strings"
	"testing"
)

func toNowhere(b Branch, closer bool) string {
	if closer {
		return "+" + b.Number
	}
	return "#" + b.Number
}

func TestMapMeasures(t *testing.T) {
	t.Parallel()
	// Two branches, ten kilometres apart from west to east.
	a := Branch{Number: "001", Latitude: 37.5, Longitude: 127}
	b := Branch{Number: "002", Latitude: 37.5, Longitude: 127 + 10/kmDegree/math.Cos(37.5*math.Pi/180), Metres: 10_000}
	m := Around(Spot{"here", 37.5, 127}, []Branch{a, b}, func(Part) []Spot { return nil }, toNowhere)
	if len(m.Marks) != 2 || m.Marks[0].Href != "#001" || m.Here == nil || m.Here.X != m.Marks[0].X {
		t.Fatalf("%+v", m)
	}
	km := float64(0)
	switch m.Scale.Text {
	case "2 km":
		km = 2
	case "1 km":
		km = 1
	default:
		t.Fatalf("the scale says %s", m.Scale.Text)
	}
	if got := (m.Marks[1].X - m.Marks[0].X) / m.Scale.Length * km; math.Abs(got-10) > 0.05 || m.Marks[1].Y != m.Marks[0].Y {
		t.Errorf("by the scale they are %.2f km apart", got)
	}
	for _, mark := range m.Marks {
		if mark.X < 14 || mark.X > mapWidth-14 || mark.Y < 14 || mark.Y > float64(m.Height)-14 {
			t.Errorf("a mark sticks out: %+v", mark)
		}
	}
}

func TestMapCounts(t *testing.T) {
	t.Parallel()
	near := []Branch{{Number: "001", Name: "first", Latitude: 37.5, Longitude: 127}, {Number: "002", Latitude: 37.51, Longitude: 127.01, Open: true},
		{Number: "003", Latitude: 35.1, Longitude: 129}}
	m := Country(near, nil, toNowhere)
	if len(m.Marks) != 2 || m.Marks[0].Many != 1 || m.Marks[0].Text != "×2" || m.Marks[0].Href != "+001" || !m.Marks[0].Open {
		t.Errorf("%+v", m.Marks)
	}
	if m.Marks[1].Text != "3" || m.Marks[1].Href != "#003" || m.Marks[1].Open {
		t.Errorf("%+v", m.Marks[1])
	}
	if len(m.Coasts) < 8 {
		t.Errorf("%d outlines", len(m.Coasts))
	}
	for _, path := range m.Coasts {
		if !strings.HasPrefix(path, "M") || !strings.HasSuffix(path, "Z") || strings.ContainsAny(path, "NI-") {
			t.Errorf("an outline leaves the map: %.60s", path)
		}
	}
}

// TestCoastHoldsTheCities: the outline is right enough that cities at the shore
// are on land, and islands and sea are not the mainland.
func TestCoastHoldsTheCities(t *testing.T) {
	t.Parallel()
	lines := strings.Split(coastLines, "\n")
	var mainland [][2]float64
	for _, line := range lines {
		if line != "" && line[0] != '#' {
			fields := strings.Fields(line)
			if len(fields)%2 != 0 {
				t.Fatalf("an odd line: %.40s", line)
			}
			m := outline(fields, func(lat, lon float64) (float64, float64) {
				if mainland == nil || len(mainland) < len(fields)/2 && fields[0] == "126.67" {
					mainland = append(mainland, [2]float64{lon, lat})
				}
				return lon, lat
			})
			if m == "" {
				t.Error("no outline")
			}
		}
	}
	for name, c := range map[string]struct {
		lon, lat float64
		land     bool
	}{
		"Seoul": {126.98, 37.57, true}, "Incheon": {126.71, 37.46, true}, "Gangneung": {128.88, 37.75, true}, "Pohang": {129.34, 36.02, true},
		"Ulsan": {129.31, 35.54, true}, "Busan": {129.06, 35.16, true}, "Mokpo": {126.42, 34.82, true}, "Gunsan": {126.74, 35.97, true},
		"Jeju": {126.53, 33.49, false}, "Yellow Sea": {125.5, 36, false}, "East Sea": {130, 37, false}, "Pyongyang": {125.75, 39.03, false}, "Kaesong": {126.55, 37.97, false},
	} {
		if inside(mainland, c.lon, c.lat) != c.land {
			t.Errorf("%s: on the mainland is %v", name, !c.land)
		}
	}
}

func inside(line [][2]float64, x, y float64) (in bool) {
	for i, j := 0, len(line)-1; i < len(line); j, i = i, i+1 {
		a, b := line[i], line[j]
		if (a[1] > y) != (b[1] > y) && x < (b[0]-a[0])*(y-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

func TestRoundKilometres(t *testing.T) {
	t.Parallel()
	for km, want := range map[float64]float64{1: 1, 1.9: 1, 2: 2, 4.9: 2, 5: 5, 9: 5, 12: 10, 0.3: 0.2, 170: 100} {
		if got := roundKilometres(km); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v km: %v, want %v", km, got, want)
		}
	}
}
