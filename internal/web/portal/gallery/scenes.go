package gallery

import (
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// scene is one page in one state, in any language.
type scene struct {
	page, state, title string
	element            string // state of the page's element; empty: as it comes
	view               func(f pages.Frame) pages.View
}

// plain is a scene whose view is made by the frame.
func plain(page, state, title string, view func(f pages.Frame) pages.View) scene {
	return scene{page: page, state: state, title: title, view: view}
}

// refused is a scene with a problem on the page.
func refused(page, state, title string, f *fault.Error, field string, view func(f pages.Frame) pages.View) scene {
	return plain(page, state, title, func(frame pages.Frame) pages.View {
		frame.Problem = problemIn(frame.Lang, f, field)
		return view(frame)
	})
}

func problemIn(lang string, f *fault.Error, field string) *pages.Problem {
	what, todo := f.Public(lang)
	return &pages.Problem{Title: what, Detail: todo, Code: f.Number, Field: field}
}

// acted is a scene whose element is given a state in the browser.
func acted(page, element, title string, view func(f pages.Frame) pages.View) scene {
	return scene{page: page, state: element, title: title, element: element, view: view}
}

func scenes(clock func() time.Time) ([]scene, error) {
	made := slicesOf(frontScenes(), loginScenes(), verifyScenes(), lifeScenes(), applyScenes(), factorScenes(clock), finishScenes(), redeemScenes(), elementScenes(), failureScenes())
	terms, err := termsScenes()
	if err != nil {
		return nil, err
	}
	branches, err := branchScenes()
	return slicesOf(made, terms, branches), err
}

func slicesOf(all ...[]scene) (joined []scene) {
	for _, s := range all {
		joined = append(joined, s...)
	}
	return joined
}
