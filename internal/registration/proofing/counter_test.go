package proofing_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/idcheck"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
)

// branch is a made-up bank's counter: a real database, and the issuers played.
type branch struct {
	*proofing.Service
	t     *testing.T
	world *simulator.Simulator
	asked atomic.Int64
	mu    sync.Mutex
	at    time.Time
}

func (b *branch) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *branch) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

func openBranch(t *testing.T, invented bool) *branch {
	t.Helper()
	b := &branch{t: t, at: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	b.world = simulator.New(b.now)
	world := b.world.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.asked.Add(1)
		world.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	ring := keys.NewRing()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "branch.db"), ring)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	must(t, db.Migrate(t.Context()))
	b.Service = proofing.New(proofing.Config{Tx: db, Counter: db, Locks: db, Index: ring.Index, Now: b.now, Invented: invented,
		Cards: idcheck.Client{Client: rest.Client{Base: server.URL, Timeout: 5 * time.Second}}})
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that err is a fault whose texts are whole.
func refused(t testing.TB, name string, err error, want *fault.Fault) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %s", name, err, want.Name)
		return
	}
	for _, lang := range []string{"ko", "en"} {
		if what, todo := fault.Of(err).Public(lang); strings.ContainsAny(what+todo, "{}") {
			t.Errorf("%s in %s: %s %s", name, lang, what, todo)
		}
	}
}

func personOf(s simulator.Sample) proofing.Person {
	return proofing.Person{ID: "subscriber", CustomerNumber: s.Number, Foreigner: s.Sort == subscriber.Foreigner, Name: s.Name,
		IdentityNumber: s.IdentityNumber, Birth: s.Birth, Phone: s.Phone}
}

func read(c simulator.Card) proofing.CounterCard {
	return proofing.CounterCard{Document: string(c.Document), Number: c.Number, Name: c.Name, IssueDate: c.IssueDate, Expires: c.Expires,
		Licence: c.Licence, LicenceSerial: c.LicenceSerial, MRZ: c.MRZ}
}

var (
	hong   = simulator.Samples[0]
	lee    = simulator.Samples[2] // has a passport
	ingam  = simulator.Samples[11]
	visits = proofing.Person{Name: "오대표"}
)

// In a made-up bank each genuine card of a sample is confirmed; a real bank takes
// none of those that are old enough for a check digit, and asks nobody about it.
func TestSamplesAtTheCounter(t *testing.T) {
	t.Parallel()
	demo, bank := openBranch(t, true), openBranch(t, false)
	confirmed, old := 0, 0
	for _, s := range simulator.Samples {
		for i, card := range s.Cards {
			p := personOf(s)
			if s.Sort == subscriber.Corporate {
				p = proofing.Person{Name: card.Name}
			}
			proof, err := demo.CheckAtCounter(t.Context(), p, "case of "+s.LoginID, read(card))
			want := map[string]*fault.Fault{"park": proofing.ErrCounterLost, "choi": proofing.ErrCounterExpired, "kang": proofing.ErrCounterName,
				"bae": proofing.ErrCounterName}[s.LoginID]
			if want != nil && i == 0 {
				refused(t, s.LoginID, err, want)
				continue
			}
			if err != nil || proof.Factor != proofing.AtCounter || proof.Evidence["document"] != string(card.Document) || proof.Evidence["transaction"] == "" {
				t.Errorf("%s: %+v, %v", s.LoginID, proof, err)
				continue
			}
			confirmed++
			if card.IssueDate < "20201005" && card.MRZ == "" {
				_, err = bank.CheckAtCounter(t.Context(), p, "case", read(card))
				refused(t, s.LoginID, err, proofing.ErrNumberCheck)
				old++
			}
		}
	}
	if confirmed < 15 || old < 8 || bank.asked.Load() != 0 {
		t.Errorf("%d confirmed, %d of them old; the real bank asked %d times", confirmed, old, bank.asked.Load())
	}
	if _, err := demo.BusinessNumber(ingam.IdentityNumber); err != nil {
		t.Error(err)
	}
	_, err := bank.BusinessNumber(ingam.IdentityNumber)
	refused(t, "the sample's business number", err, proofing.ErrBusinessCheck)
}

// What can't stand on a genuine card is said, nobody is asked and no try counted.
func TestCounterForm(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	licence, passport, resident := read(hong.Cards[1]), read(lee.Cards[0]), read(hong.Cards[0])
	foreign := proofing.MRZ{Document: "P", Issuer: "UTO", Surname: "LEE", Given: "YEOGWON", Number: "M00000003", Nationality: "UTO",
		Birth: "19790720", Sex: "M", Expires: "20340105"}.String()
	numbered := proofing.MRZ{Document: "PM", Issuer: "KOR", Surname: "LEE", Given: "YEOGWON", Number: "MA0000003", Nationality: "KOR",
		Birth: "19790720", Sex: "M", Expires: "20340105"}.String()
	for _, test := range []struct {
		name   string
		who    simulator.Sample
		card   proofing.CounterCard
		change func(*proofing.CounterCard)
		want   *fault.Fault
	}{
		{"no document", hong, resident, func(c *proofing.CounterCard) { c.Document = "library-card" }, proofing.ErrCounterDocument},
		{"a foreigner's card of a Korean", hong, resident, func(c *proofing.CounterCard) { c.Document = "alien-registration-card" }, proofing.ErrCounterDocument},
		{"no name", hong, resident, func(c *proofing.CounterCard) { c.Name = " " }, proofing.ErrCounterNameForm},
		{"61 letters", hong, resident, func(c *proofing.CounterCard) { c.Name = strings.Repeat("홍", 61) }, proofing.ErrCounterNameForm},
		{"12 digits", hong, resident, func(c *proofing.CounterCard) { c.Number = c.Number[:12] }, proofing.ErrNumberForm},
		{"no such day", hong, resident, func(c *proofing.CounterCard) { c.Number = "8502301000011" }, proofing.ErrNumberDate},
		{"a foreigner's number", hong, resident, func(c *proofing.CounterCard) { c.Number = "8503145000011" }, proofing.ErrNumberKind},
		{"a digit mistyped", hong, resident, func(c *proofing.CounterCard) { c.Number = "8503141000111" }, proofing.ErrNumberCheck},
		{"another birth date", hong, resident, func(c *proofing.CounterCard) { c.Birth = "19850315" }, proofing.ErrBirthDiffers},
		{"issued tomorrow", hong, resident, func(c *proofing.CounterCard) { c.IssueDate = "20261124" }, proofing.ErrIssueDate},
		{"issued before birth", hong, resident, func(c *proofing.CounterCard) { c.IssueDate = "19850313" }, proofing.ErrIssueBeforeBirth},
		{"no date of issue", hong, resident, func(c *proofing.CounterCard) { c.IssueDate = "" }, proofing.ErrIssueDate},
		{"expires when issued", hong, resident, func(c *proofing.CounterCard) { c.Expires = c.IssueDate }, proofing.ErrExpiryDate},
		{"expired yesterday", hong, resident, func(c *proofing.CounterCard) { c.Expires = "2026.11.22" }, proofing.ErrCounterExpired},
		{"MRZ on a resident card", hong, resident, func(c *proofing.CounterCard) { c.MRZ = passport.MRZ }, proofing.ErrCardForm},
		{"serial on a resident card", hong, resident, func(c *proofing.CounterCard) { c.LicenceSerial = "ABCDE" }, proofing.ErrCardForm},
		{"licence on a resident card", hong, resident, func(c *proofing.CounterCard) { c.Licence = licence.Licence }, proofing.ErrCardForm},
		{"nationality on a resident card", hong, resident, func(c *proofing.CounterCard) { c.Nationality = "KOR" }, proofing.ErrCardForm},
		{"no serial", hong, licence, func(c *proofing.CounterCard) { c.LicenceSerial = "" }, proofing.ErrLicenceSerial},
		{"11 digits of a licence", hong, licence, func(c *proofing.CounterCard) { c.Licence = c.Licence[:13] }, proofing.ErrLicenceForm},
		{"no such region", hong, licence, func(c *proofing.CounterCard) { c.Licence = "98" + c.Licence[2:] }, proofing.ErrLicenceRegion},
		{"no MRZ", lee, passport, func(c *proofing.CounterCard) { c.MRZ = "\n" }, proofing.ErrMRZMissing},
		{"half an MRZ", lee, passport, func(c *proofing.CounterCard) { c.MRZ = c.MRZ[:44] }, proofing.ErrMRZLines},
		{"MRZ mistyped", lee, passport, func(c *proofing.CounterCard) { c.MRZ = strings.Replace(c.MRZ, "790720", "790721", 1) }, proofing.ErrMRZCheck},
		{"another country's", lee, passport, func(c *proofing.CounterCard) { c.MRZ = foreign }, proofing.ErrForeignPassport},
		{"a number that Korea gives none", lee, passport, func(c *proofing.CounterCard) { c.MRZ = numbered }, proofing.ErrPassportNumber},
		{"another number than the MRZ", lee, passport, func(c *proofing.CounterCard) { c.Number = "M00000004" }, proofing.ErrMRZDiffers},
		{"another birth date than the MRZ", lee, passport, func(c *proofing.CounterCard) { c.Birth = "19790721" }, proofing.ErrMRZDiffers},
		{"half a birth date", lee, passport, func(c *proofing.CounterCard) { c.Birth = "790720" }, proofing.ErrMRZDiffers},
		{"another expiry than the MRZ", lee, passport, func(c *proofing.CounterCard) { c.Expires = "20340106" }, proofing.ErrMRZDiffers},
		{"another nationality than the MRZ", lee, passport, func(c *proofing.CounterCard) { c.Nationality = "USA" }, proofing.ErrMRZDiffers},
		{"another name than the MRZ", lee, passport, func(c *proofing.CounterCard) { c.Name = "LEE YEOGWAN" }, proofing.ErrMRZDiffers},
		{"a picture that is none", hong, resident, func(c *proofing.CounterCard) { c.Image = []byte("<svg/>") }, proofing.ErrPictureFormat},
	} {
		test.change(&test.card)
		_, err := b.CheckAtCounter(t.Context(), personOf(test.who), "case", test.card)
		refused(t, test.name, err, test.want)
	}
	if b.asked.Load() != 0 {
		t.Errorf("somebody was asked %d times", b.asked.Load())
	}
	for range proofing.MaxTries - 1 { // had one try been counted, the last of these would be locked
		card := resident
		card.Name = "아무개"
		_, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", card)
		refused(t, "another name", err, proofing.ErrCounterName)
	}
}

// How a passport's fields may be entered: all of them, few, or by a reader.
func TestPassportAtTheCounter(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	for name, change := range map[string]func(*proofing.CounterCard){
		"all fields": func(c *proofing.CounterCard) {
			c.Number, c.Birth, c.Expires, c.Nationality = "m 00000003", "1979-07-20", "2034.01.05", "kor"
		},
		"the lines alone":                 func(c *proofing.CounterCard) { c.Number, c.Expires = "", "" },
		"the lines in one, small letters": func(c *proofing.CounterCard) { c.MRZ = strings.ToLower(strings.ReplaceAll(c.MRZ, "\n", "")) },
	} {
		card := read(lee.Cards[0])
		change(&card)
		if proof, err := b.CheckAtCounter(t.Context(), personOf(lee), "case", card); err != nil || proof.Evidence["document"] != "passport" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Another customer's passport: birth date and name decide.
	_, err := b.CheckAtCounter(t.Context(), personOf(hong), "another case", read(lee.Cards[0]))
	refused(t, "another's passport", err, proofing.ErrCounterBirth)
}

func TestCounterTries(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	right := read(hong.Cards[0])
	other := right
	other.Number = "9001012000046" // in form, another person's
	for left := proofing.MaxTries - 1; left > 0; left-- {
		_, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", other)
		refused(t, "another's number", err, proofing.ErrCounterNumber)
	}
	_, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", other)
	refused(t, "the last try", err, proofing.ErrCounterLocked)
	if b.asked.Load() != 0 {
		t.Error("the issuer was asked about a stranger's card")
	}
	_, err = b.CheckAtCounter(t.Context(), personOf(hong), "case", right)
	refused(t, "locked, yet right", err, proofing.ErrCounterLocked)
	locked, err := b.Locked(t.Context(), "case")
	if err != nil || locked[proofing.AtCounter].IsZero() {
		t.Errorf("locked: %v, %v", locked, err)
	}
	// Another case, and the customer online, are not.
	_, err = b.CheckAtCounter(t.Context(), personOf(hong), "another case", right)
	must(t, err)
	if online, err := b.Locked(t.Context(), "subscriber"); err != nil || len(online) != 0 {
		t.Errorf("locked online: %v, %v", online, err)
	}
	b.pass(proofing.LockFor)
	_, err = b.CheckAtCounter(t.Context(), personOf(hong), "case", right)
	must(t, err)
	must(t, b.Settle(t.Context(), "case", "", proofing.AtCounter))
	for range proofing.MaxTries - 1 {
		_, err = b.CheckAtCounter(t.Context(), personOf(hong), "case", other)
		refused(t, "after settling", err, proofing.ErrCounterNumber)
	}
}

// Guesses made at once are all counted.
func TestCounterTriesAtOnce(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	card := read(hong.Cards[0])
	card.IssueDate = "20190723"
	var wait sync.WaitGroup
	for range 12 {
		wait.Go(func() {
			_, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", card)
			if !errors.Is(err, proofing.ErrCounterMismatch) && !errors.Is(err, proofing.ErrCounterLocked) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := b.asked.Load(); n != proofing.MaxTries {
		t.Errorf("the issuer was asked %d times", n)
	}
}

func TestIssuersAnswers(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	resident, licence := read(hong.Cards[0]), read(hong.Cards[1])
	for name, change := range map[string]func() proofing.CounterCard{
		"another date of issue": func() proofing.CounterCard { c := resident; c.IssueDate = "20190723"; return c },
		"another serial":        func() proofing.CounterCard { c := licence; c.LicenceSerial = "DEMO99"; return c },
		"another licence":       func() proofing.CounterCard { c := licence; c.Licence = "99-19-000002-00"; return c },
		"another expiry":        func() proofing.CounterCard { c := licence; c.Expires = "20300101"; return c },
	} {
		_, err := b.CheckAtCounter(t.Context(), personOf(hong), name, change())
		refused(t, name, err, proofing.ErrCounterMismatch)
	}
	for standing, want := range map[simulator.Standing]*fault.Fault{simulator.Lost: proofing.ErrCounterLost, simulator.Expired: proofing.ErrCounterExpired} {
		b.world.Update(hong.Number, func(s *simulator.Sample) {
			s.Cards = append([]simulator.Card(nil), s.Cards...)
			s.Cards[0].Standing = standing
		})
		for range proofing.MaxTries { // it is said to the last
			_, err := b.CheckAtCounter(t.Context(), personOf(hong), string(standing), resident)
			refused(t, string(standing), err, want)
		}
		_, err := b.CheckAtCounter(t.Context(), personOf(hong), string(standing), resident)
		refused(t, "after the last", err, proofing.ErrCounterLocked)
	}
	// A card that can't be made out in its picture can be without one.
	jung := simulator.Samples[5]
	card := read(jung.Cards[0])
	card.Image = simulator.Picture(jung.Number)
	_, err := b.CheckAtCounter(t.Context(), personOf(jung), "unreadable", card)
	refused(t, "unreadable", err, proofing.ErrCounterUnreadable)
}

// When there is no answer that is said, and nothing is counted.
func TestIssuerSilent(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	must(t, b.world.Script(simulator.Fault{Service: simulator.IDCheck, Mode: simulator.Status, Count: 3},
		simulator.Fault{Service: simulator.IDCheck, Mode: simulator.Reset, Count: 3}, simulator.Fault{Service: simulator.IDCheck, Mode: simulator.Malformed, Count: 3}))
	for range 9 {
		_, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", read(hong.Cards[0]))
		refused(t, "no answer", err, proofing.ErrIssuerSilent)
		if f := fault.Of(err); !errors.Is(err, idcheck.ErrUnavailable) || f.Kind != fault.Unavailable || f.Retry <= 0 {
			t.Errorf("cause %v, retry after %s", f.Cause, f.Retry)
		}
	}
	must(t, b.world.Script(simulator.Fault{Service: simulator.IDCheck, Mode: simulator.Slow, Delay: "50ms"}))
	_, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", read(hong.Cards[0]))
	must(t, err)
}

// The proof says what was checked and nothing that tells who it is about.
func TestCounterEvidence(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	without, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", read(hong.Cards[0]))
	must(t, err)
	card := read(hong.Cards[0])
	card.Image = simulator.Picture(hong.Number)
	with, err := b.CheckAtCounter(t.Context(), personOf(hong), "case", card)
	must(t, err)
	for _, name := range []string{"pictureSHA256", "pictureType", "pictureBytes"} {
		if _, there := without.Evidence[name]; there || with.Evidence[name] == "" {
			t.Errorf("%s: %q without a picture, %q with one", name, without.Evidence[name], with.Evidence[name])
		}
	}
	if with.Evidence["person"] != b.Tag(personOf(hong)) || !with.At.Equal(b.now()) {
		t.Errorf("of another person, or another time: %+v", with)
	}
	for value := range maps.Values(with.Evidence) {
		for _, secret := range []string{hong.Name, hong.IdentityNumber, hong.Birth, hong.IdentityNumber[6:]} {
			if strings.Contains(value, secret) {
				t.Errorf("the evidence tells who it is about: %s", value)
			}
		}
	}
}

// A business's visitor is proven by what their card says.
func TestVisitor(t *testing.T) {
	t.Parallel()
	b := openBranch(t, true)
	card := read(ingam.Cards[0])
	proof, err := b.CheckAtCounter(t.Context(), visits, "case", card)
	must(t, err)
	if want := b.Tag(proofing.Person{Name: card.Name, IdentityNumber: card.Number}); proof.Evidence["person"] != want {
		t.Error("the proof is of nobody")
	}
	_, err = b.CheckAtCounter(t.Context(), proofing.Person{}, "case", card) // the name was not asked before
	must(t, err)
	_, err = b.CheckAtCounter(t.Context(), proofing.Person{Name: "문대리"}, "case", card)
	refused(t, "another visitor", err, proofing.ErrVisitorName)
	asked := b.asked.Load()
	card.Number = "7004151000219"
	_, err = b.CheckAtCounter(t.Context(), visits, "case", card)
	refused(t, "a number that nobody has", err, proofing.ErrNumberCheck)
	if b.asked.Load() != asked {
		t.Error("the issuer was asked")
	}
	alien := read(simulator.Samples[7].Cards[0]) // a foreigner may come for a business
	_, err = b.CheckAtCounter(t.Context(), proofing.Person{Name: alien.Name}, "case", alien)
	must(t, err)
}
