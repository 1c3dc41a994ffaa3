package console

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter/printout"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/paper"
)

// Codes are on one page, once. The answer to the handing-out carries them in a
// sealed cookie to the page of the slip and to nobody but who handed them out;
// the page takes the cookie away. What the page itself gives back for its PDF,
// or to be shown on the other size, is sealed for the same person, case and a
// few minutes. No process remembers a code, and none is in a URL.
const (
	slipCookie = "ingam_slip"
	slipLasts  = 10 * time.Minute
	maxSlip    = 2 << 10 // bytes of a sealed slip as a form has it
)

var errSlipOver = fault.Define(1095, "console-slip-over", fault.Gone,
	fault.Text{KO: "이 안내를 출력할 수 있는 시간이 지났어요.", EN: "The time to print this slip is over."},
	fault.Text{KO: "건에서 참조번호와 인가코드를 새로 내 주세요. 앞의 번호는 그때 쓸 수 없게 돼요.", EN: "Please hand out a new reference number and code from the case; the earlier ones then stop working."})

// pair is a slip on its way between two requests of one browser.
type pair struct {
	Reference string     `json:"r"`
	Code      string     `json:"c"`
	Phone     string     `json:"p"`
	Until     time.Time  `json:"u"`
	Over      time.Time  `json:"o"` // when it can't be shown any more
	In        string     `json:"l"`
	Size      paper.Size `json:"s"`
}

// handOut is POST /console/cases/{id}/codes.
func (c *Console) handOut(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	id := r.PathValue("id")
	slip, err := c.Printing.Codes.HandOut(r.Context(), caller(r), id, redeem.Way(form.Get("by")))
	if err != nil {
		if fault.Of(err).Kind == fault.NotFound {
			kit.Fail(w, r, err)
			return
		}
		c.refuse(w, r, casePath(id), err, form, "by")
		return
	}
	c.sayPair(w, r, pair{Reference: slip.Reference, Code: slip.Code, Phone: slip.Phone, Until: slip.Until,
		Over: c.Now().Add(slipLasts), In: form.Get("in"), Size: sizeOf(form.Get("size"))})
}

func sizeOf(s string) paper.Size {
	if s == string(paper.Receipt) {
		return paper.Receipt
	}
	return paper.A4
}

// slips carry a pair to the page of the slip.
func (c *Console) slips() kit.Sayings {
	s := c.sayings()
	s.Cookie = slipCookie
	return s
}

func (c *Console) sayPair(w http.ResponseWriter, r *http.Request, p pair) {
	sealed, err := c.sealPair(r, p)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.slips().Say(w, r, casePath(r.PathValue("id"))+"/print/slip", kit.Saying{Secret: sealed})
}

// slip is GET …/print/slip: what was just handed out, or that it is gone.
func (c *Console) slip(w http.ResponseWriter, r *http.Request) {
	view := pages.PrintSlip{Case: r.PathValue("id"), Gone: true}
	if sealed := c.slips().Heard(w, r).Secret; sealed != "" {
		p, sheet, err := c.slipSheet(r, sealed)
		if err != nil {
			kit.Fail(w, r, err)
			return
		}
		view.Gone, view.In, view.Sealed, view.Sheet = false, p.In, sealed, sheet
	}
	var err error
	if view.Frame, _, err = c.frame(w, r); err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.showUnpacked(w, r, view)
}

// showUnpacked answers with a page that isn't compressed: its length would tell
// something of the code (see kit.WritePage).
func (c *Console) showUnpacked(w http.ResponseWriter, r *http.Request, v pages.View) {
	var page bytes.Buffer
	if err := c.pages.Render(&page, v); err != nil {
		kit.Fail(w, r, fmt.Errorf("showing a page: %w", err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", kit.Language(r))
	h.Set("Content-Length", strconv.Itoa(page.Len()))
	_, _ = page.WriteTo(w) // a visitor who has left hears nothing
}

// slipAgain is POST …/print/slip/size: the same page, on the other size or in
// the other language.
func (c *Console) slipAgain(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	var p pair
	if err == nil {
		p, err = c.openPair(r, form.Get("slip"))
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if size := form.Get("size"); size != "" {
		p.Size = sizeOf(size)
	}
	if in := form.Get("in"); in != "" {
		p.In = in
	}
	c.sayPair(w, r, p)
}

// slipFile is POST …/print/slip/pdf.
func (c *Console) slipFile(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	var sheet paper.Sheet
	if err == nil {
		_, sheet, err = c.slipSheet(r, form.Get("slip"))
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	writePDF(w, r, string(printout.Slip), sheet)
}

// slipSheet is the paper of a sealed pair.
func (c *Console) slipSheet(r *http.Request, sealed string) (pair, paper.Sheet, error) {
	p, err := c.openPair(r, sealed)
	if err != nil {
		return p, paper.Sheet{}, err
	}
	out, err := c.Printing.Papers.Print(r.Context(), caller(r), r.PathValue("id"), printout.Slip)
	if err != nil {
		return p, paper.Sheet{}, err
	}
	p.In = readIn(p.In, out.Customer.Sort)
	return p, c.pages.Slip(pages.SlipPaper{Filed: c.filed(p.In, p.Size, out), Reference: p.Reference, Code: p.Code, Phone: p.Phone,
		Until: p.Until, Address: c.Printing.Origin + "/redeem", Server: c.Printing.Origin}), nil
}

// sealPair closes a pair to all but who is logged in, at this case.
func (c *Console) sealPair(r *http.Request, p pair) (string, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	sealed, err := c.Sealer.Seal("form", slipCookie, slipRow(r), plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

func (c *Console) openPair(r *http.Request, value string) (pair, error) {
	var p pair
	if value == "" || len(value) > maxSlip {
		return p, errSlipOver
	}
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return p, errSlipOver.With(err)
	}
	plain, err := c.Sealer.Open("form", slipCookie, slipRow(r), sealed)
	if err == nil {
		err = json.Unmarshal(plain, &p)
	}
	if err != nil {
		return pair{}, errSlipOver.With(err)
	}
	if !c.Now().Before(p.Over) {
		return pair{}, errSlipOver
	}
	return p, nil
}

func slipRow(r *http.Request) string { return me(r).ID + " " + r.PathValue("id") }
