package portal_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/letters"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

// visited has a sample apply at a branch.
func visited(t *testing.T, d *server.Demo, loginID string) (path string, slip redeem.Slip) {
	t.Helper()
	v, err := d.Visit(t.Context(), server.Visit{LoginID: loginID, Branch: "014", Way: enrolment.Issue, Kind: npki.PersonalBank, By: redeem.Print})
	if err != nil {
		t.Fatal(err)
	}
	return "/apply/" + v.Application, v.Slip
}

func (b *browser) enter(reference, code string, more ...string) page {
	b.t.Helper()
	return b.post("/redeem", append([]string{"reference", reference, "code", code}, more...)...)
}

// certified does what the script of the key's page does.
func (b *browser) certified(path string, key *rsa.PrivateKey) int {
	b.t.Helper()
	api := "/api/v1" + strings.Replace(path, "/apply/", "/applications/", 1)
	asked := b.once(http.MethodPost, api+"/key-request", "application/json", []byte("{}"))
	var wanted struct{ Challenge, KMCertificate string }
	if err := json.Unmarshal([]byte(asked.body), &wanted); err != nil || asked.status != 200 {
		b.t.Fatalf("key request: %d %s", asked.status, asked.body)
	}
	der, err := base64.StdEncoding.DecodeString(wanted.KMCertificate)
	if err != nil {
		b.t.Fatal(err)
	}
	km, err := x509.ParseCertificate(der)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := npki.NewR(rand.Reader)
	if err != nil {
		b.t.Fatal(err)
	}
	vid, err := npki.EncryptVID(rand.Reader, km, r)
	if err != nil {
		b.t.Fatal(err)
	}
	csr, err := pkcs10.Create(rand.Reader, key, wanted.Challenge, vid)
	if err != nil {
		b.t.Fatal(err)
	}
	body := fmt.Sprintf(`{"csr":%q}`, base64.StdEncoding.EncodeToString(csr))
	return b.once(http.MethodPost, api+"/certificate", "application/json", []byte(body)).status
}

// From the slip to the certificate without a login, in both languages.
func TestRedeem(t *testing.T) {
	t.Parallel()
	d, log := demo(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	path, slip := visited(t, d, "hong")
	b := newBrowser(t, d, "ko")
	b.get("/").want(t, "home", 200, "/", "참조번호와 인가코드로 받기")
	b.get("/redeem").want(t, "form", 200, "/redeem", "참조번호", "인가코드")

	// What is wrong is said beside its field, and the number stays.
	b.enter("", slip.Code).want(t, "empty", 200, "/redeem", "비어 있는 칸")
	typo := b.enter(slip.Reference[:11]+"x", slip.Code).want(t, "typo", 200, "/redeem", "참조번호를 잘못 옮겨")
	if !strings.Contains(typo.body, `aria-invalid="true"`) || !strings.Contains(typo.body, slip.Reference[:11]+"x") {
		t.Errorf("the typo is not shown at its field:\n%s", typo.main())
	}
	wrong := b.enter(slip.Reference, redeem.FormatCode(letters.Of(make([]byte, 12), 20))).want(t, "wrong", 200, "/redeem", "받을 수 있는 인증서가 없어요")
	if !strings.Contains(wrong.body, `value="`+slip.Reference+`"`) || strings.Contains(wrong.body, "00000-00000") {
		t.Errorf("the number is gone, or the code is not:\n%s", wrong.main())
	}

	// The key's page, of two steps; nobody's name is on it, and nothing else is open.
	shown := b.enter(" "+strings.ReplaceAll(slip.Reference, "-", " "), strings.ToLower(slip.Code), "keys", "junk "+strings.Repeat("0a", 32)).
		want(t, "right", 200, path+"/key", "2단계 중 1단계", "영업점 014", "<ingam-issue", "codes")
	if strings.Contains(shown.body, "홍길동") || strings.Contains(shown.body, "/abandon") || !strings.Contains(shown.body, `name="ingam-enter" content="/redeem"`) {
		t.Errorf("the key's page:\n%s", shown.main())
	}
	b.get("/redeem").want(t, "again", 200, "/redeem", "이어서 하기")
	for _, other := range []string{"/apply", "/certificates", "/advice", "/settings/notices", path + "/confirm", path + "/terms"} {
		if p := b.get(other); !strings.HasPrefix(p.path, "/login") {
			t.Errorf("%s is open: %d at %s", other, p.status, p.path)
		}
	}
	path2, _ := visited(t, d, "kim")
	if p := b.get(path2); p.status != 404 {
		t.Errorf("another application: %d", p.status)
	}

	if status := b.certified(path, key); status != 201 {
		t.Fatalf("certificate: %d", status)
	}
	b.get(path).want(t, "done", 200, path+"/done", "2단계 중 2단계", "홍길동", "비상 코드", "마치고 나가기")
	b.post("/logout").want(t, "leaving", 200, "/")
	if p := b.get(path + "/done"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("after leaving: %s", p.path)
	}

	// Spent; but for who has the key and lost the answer.
	en := newBrowser(t, d, "en")
	en.enter(slip.Reference, slip.Code).want(t, "spent", 200, "/redeem", "have been used")
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(spki)
	en.enter(slip.Reference, slip.Code, "keys", hex.EncodeToString(sum[:])).want(t, "answer lost", 200, path+"/done", "Step 2 of 2")
	for _, secret := range []string{slip.Code, strings.ReplaceAll(slip.Code, "-", ""), slip.Reference, strings.ReplaceAll(slip.Reference, "-", "")} {
		if strings.Contains(log.String(), secret) {
			t.Error("the log holds a code or a number")
		}
		for _, address := range append(append(b.seen, b.heard...), append(en.seen, en.heard...)...) {
			if strings.Contains(address, secret) {
				t.Errorf("an address holds a code or a number: %s", address)
			}
		}
	}
}

// The same pair in another browser takes over; the first one is told why.
func TestRedeemElsewhere(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	path, slip := visited(t, d, "hong")
	first, second := newBrowser(t, d, "en"), newBrowser(t, d, "ko")
	first.enter(slip.Reference, slip.Code).want(t, "first", 200, path+"/key")
	second.enter(slip.Reference, slip.Code).want(t, "second", 200, path+"/key")
	first.get(path+"/key").want(t, "first again", 200, "/redeem", "entered somewhere else")
	first.get("/redeem").want(t, "afresh", 200, "/redeem")
	second.get(path+"/key").want(t, "second again", 200, path+"/key")
	first.enter(slip.Reference, slip.Code).want(t, "taken back", 200, path+"/key")

	// A customer who is logged in sees what waits, but makes no key by that.
	c := logIn(t, d, "hong", "ko")
	c.get("/apply").want(t, "list", 200, "/apply", "참조번호와 인가코드로 받기")
	c.get(path).want(t, "their application", 200, "/redeem", "영업점에서 신청한 인증서", "영업점 014", "로그인은 끝나고")
	c.get(path+"/key").want(t, "its key", 200, "/redeem")
	// Codes end the login: the browser is one thing at a time.
	c.enter(slip.Reference, slip.Code).want(t, "codes", 200, path+"/key")
	if p := c.get("/certificates"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("still logged in: %s", p.path)
	}
	c.post("/login", "loginId", c.LoginID, "password", c.Password).want(t, "login", 200, "/")
	c.get(path+"/key").want(t, "the codes are over", 200, "/redeem")
	c.post(path+"/abandon").want(t, "given up", 200, "/apply")
	second.enter(slip.Reference, slip.Code).want(t, "too late", 200, "/redeem", "취소하신 신청")
}
