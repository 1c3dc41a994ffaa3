package server

import (
	"bytes"
	_ "embed"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// DefaultConfig is a configuration file with every setting at its default, and
// what it means beside it. It is the manual of Config.
//
//go:embed default.yaml
var DefaultConfig []byte

// maxConfig is the size of the largest configuration file, in bytes.
const maxConfig = 1 << 20

// Config says what a service is to be. The zero value is that of default.yaml,
// which describes each setting; a demo runs on it as it stands.
type Config struct {
	Data           string         `yaml:"data"`           // folder of keys and, by default, the database
	Listen         string         `yaml:"listen"`         // host:port to listen on
	URL            string         `yaml:"url"`            // as customers and certificates name us; from Listen when empty
	StatusURL      string         `yaml:"statusURL"`      // as certificates name OCSP and lists, http only; from URL when empty
	Database       string         `yaml:"database"`       // "sqlite:PATH" or "postgres://…"; in Data when empty
	TrustedProxies []netip.Prefix `yaml:"trustedProxies"` // whose X-Forwarded-For is believed
	Bank           Bank           `yaml:"bank"`
	Authority      Authority      `yaml:"authority"`
	Enrolment      Enrolment      `yaml:"enrolment"`
	Services       Services       `yaml:"services"`
	Staff          Staff          `yaml:"staff"`
	Counter        Counter        `yaml:"counter"`
	Status         Status         `yaml:"status"`
	Limits         Limits         `yaml:"limits"`
	Log            Log            `yaml:"log"`
}

// Bank is who runs the service.
type Bank struct {
	Title  string `yaml:"title"`  // in messages to customers
	Name   string `yaml:"name"`   // in certificates' names (ou)
	Code   string `yaml:"code"`   // 4 digits, in certificates' common names
	Branch string `yaml:"branch"` // 3 digits, likewise
	Mail   string `yaml:"mail"`   // address that mails to customers come from

	Branches string `yaml:"branches"` // file with the branches, JSON
}

// Authority is the CA. Name, PolicyArc and Bits count when it is made; after
// that its certificates say what it is.
type Authority struct {
	Name      string `yaml:"name"`      // o of every name, and the wallets' folder
	PolicyArc string `yaml:"policyArc"` // dotted; the bank's own
	CPS       string `yaml:"cps"`       // URL of the practice statement
	Bits      Bits   `yaml:"bits"`
}

// Bits are RSA key sizes; zero is the profile's own.
type Bits struct {
	Root    int `yaml:"root"`
	Issuing int `yaml:"issuing"`
	KM      int `yaml:"km"`
	OCSP    int `yaml:"ocsp"`
}

// Enrolment says what customers can have.
type Enrolment struct {
	Online  []npki.Kind `yaml:"online"`  // kinds that can be applied for online
	MinBits int         `yaml:"minBits"` // the shortest RSA key of a customer
}

// Services are the bank's other systems: base URLs of what identities are
// checked by. Those named in Simulators are played by this program instead.
type Services struct {
	IDCheck         string   `yaml:"idcheck"`
	CoreBank        string   `yaml:"corebank"`
	Message         string   `yaml:"message"`
	Mail            string   `yaml:"mail"`             // "smtp://user@host:587" or "smtps://…"; no mails when empty
	MailPassword    string   `yaml:"mailPasswordFile"` // file with the password of its user
	Simulators      []string `yaml:"simulators"`
	SimulatorListen string   `yaml:"simulatorListen"` // loopback only
}

// Counter says what the branches keep.
type Counter struct {
	ScansLast time.Duration `yaml:"scansLast"` // after a case has ended
}

// Status says how revocation is told.
type Status struct {
	CRLLasts  time.Duration `yaml:"crlLasts"`
	OCSPLasts time.Duration `yaml:"ocspLasts"`
}

// Limits bound what one address may do.
type Limits struct {
	Requests Rate `yaml:"requests"`
	Status   Rate `yaml:"status"`
	Logins   Rate `yaml:"logins"`
}

// Rate is a number of requests a minute, and how many may come at once.
type Rate struct {
	PerMinute int `yaml:"perMinute"`
	Burst     int `yaml:"burst"`
}

// Log says what is written about the service's work.
type Log struct {
	Level slog.Level `yaml:"level"`
	JSON  bool       `yaml:"json"`
}

// The names by which Services.Simulators are turned on.
const (
	SimIDCheck  = "idcheck"
	SimCoreBank = "corebank"
	SimMessage  = "message"
	SimMail     = "mail"
	SimSignIn   = "signin"
)

// ParseConfig reads a configuration file. Settings that it does not have are
// at their default; one that is not known is an error that names its line.
func ParseConfig(text []byte) (Config, error) {
	var c Config
	if len(text) > maxConfig {
		return c, errors.New("the configuration is larger than 1 MiB")
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return Config{}, fmt.Errorf("reading configuration: %w", err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Config{}, errors.New("the configuration has more than one document")
	}
	return c, c.Check()
}

// withDefaults fills in what is not set.
func (c Config) withDefaults() Config {
	set(&c.Listen, "127.0.0.1:8480")
	set(&c.Bank.Title, "인감은행")
	set(&c.Bank.Name, "INGAM")
	set(&c.Bank.Code, "0000")
	set(&c.Bank.Branch, "041")
	set(&c.Authority.Name, "ingam")
	set(&c.Authority.PolicyArc, profile.DefaultArc.String())
	set(&c.Enrolment.MinBits, 2048)
	if len(c.Enrolment.Online) == 0 {
		c.Enrolment.Online = []npki.Kind{npki.PersonalBank}
	}
	set(&c.Services.SimulatorListen, "127.0.0.1:8481")
	set(&c.Staff.Provider.NumberClaim, "employee_number")
	set(&c.Counter.ScansLast, counter.ScansLast)
	set(&c.Status.CRLLasts, 24*time.Hour)
	set(&c.Status.OCSPLasts, 10*time.Minute)
	c.Limits.Requests.fill(1200, 200)
	c.Limits.Status.fill(6000, 500)
	c.Limits.Logins.fill(30, 20)
	if c.Database == "" && c.Data != "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "ingam.db")
	}
	return c
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (r *Rate) fill(perMinute, burst int) {
	if *r == (Rate{}) {
		*r = Rate{perMinute, burst}
	}
}

// Check says what is wrong with a configuration, all at once.
func (c Config) Check() error {
	c = c.withDefaults()
	var wrong []error
	say := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	_, port, err := net.SplitHostPort(c.Listen)
	_, portErr := strconv.ParseUint(port, 10, 16)
	say(err == nil && portErr == nil, "listen: %q is not host:port", c.Listen)
	say(c.URL == "" || webURL(c.URL), "url: %q is not http(s)://host[:port][/path]", c.URL)
	say(c.StatusURL == "" || webURL(c.StatusURL) && strings.HasPrefix(c.StatusURL, "http://"), "statusURL: %q is not http://host[:port][/path]", c.StatusURL)
	if u, err := url.Parse(c.URL); err == nil && u.Scheme == "https" && u.Port() != "" {
		say(c.StatusURL != "", "statusURL: has to be set, since url is https with a port of its own")
	}
	say(c.Database == "" || knownDatabase(c.Database), "database: neither sqlite:PATH nor postgres://…")
	say(digits(c.Bank.Code, 4), "bank.code: not 4 digits")
	say(digits(c.Bank.Branch, 3), "bank.branch: not 3 digits")
	_, err = parseArc(c.Authority.PolicyArc)
	say(err == nil, "authority.policyArc: %q is not a dotted object identifier", c.Authority.PolicyArc)
	say(c.Authority.CPS == "" || webURL(c.Authority.CPS), "authority.cps: not a web address")
	for _, kind := range c.Enrolment.Online {
		_, known := profile.Set(profile.DefaultArc).OfKind(kind)
		say(known, "enrolment.online: there is no kind %q", kind)
	}
	say(c.Enrolment.MinBits >= 2048 && c.Enrolment.MinBits <= 4096, "enrolment.minBits: not between 2048 and 4096")
	for name, bits := range map[string]int{"root": c.Authority.Bits.Root, "issuing": c.Authority.Bits.Issuing,
		"km": c.Authority.Bits.KM, "ocsp": c.Authority.Bits.OCSP} {
		say(bits == 0 || bits >= 2048 && bits <= 8192, "authority.bits.%s: not between 2048 and 8192", name)
	}
	say(c.Counter.ScansLast >= 24*time.Hour, "counter.scansLast: shorter than a day")
	say(c.Status.CRLLasts >= time.Minute, "status.crlLasts: shorter than a minute")
	say(c.Status.OCSPLasts >= time.Minute, "status.ocspLasts: shorter than a minute")
	for name, r := range map[string]Rate{"requests": c.Limits.Requests, "status": c.Limits.Status, "logins": c.Limits.Logins} {
		say(r.PerMinute > 0 && r.Burst > 0, "limits.%s: perMinute and burst are both needed", name)
	}
	wrong = append(wrong, c.Services.check()...)
	wrong = append(wrong, c.checkMail()...)
	wrong = append(wrong, c.checkStaff()...)
	slices.SortFunc(wrong, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(wrong...)
}

func (s Services) check() (wrong []error) {
	urls := map[string]string{SimIDCheck: s.IDCheck, SimCoreBank: s.CoreBank, SimMessage: s.Message, SimMail: s.Mail, SimSignIn: ""}
	for _, name := range s.Simulators {
		if _, known := urls[name]; !known {
			wrong = append(wrong, fmt.Errorf("services.simulators: there is no simulator %q", name))
		}
	}
	for name, address := range urls {
		switch {
		case address != "" && slices.Contains(s.Simulators, name):
			wrong = append(wrong, fmt.Errorf("services.%s: has an address and is simulated; it can be one of both", name))
		case address != "" && name != SimMail && !webURL(address):
			wrong = append(wrong, fmt.Errorf("services.%s: not a web address", name))
		}
	}
	host, _, err := net.SplitHostPort(s.SimulatorListen)
	addr, addrErr := netip.ParseAddr(host)
	if err != nil || addrErr != nil || !addr.IsLoopback() {
		wrong = append(wrong, fmt.Errorf("services.simulatorListen: %q is not a loopback address and port", s.SimulatorListen))
	}
	return wrong
}

func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

func knownDatabase(s string) bool {
	return strings.HasPrefix(s, "sqlite:") && s != "sqlite:" || strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

func digits(s string, n int) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == n
}

func parseArc(s string) (asn1.ObjectIdentifier, error) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 20 {
		return nil, errors.New("not a dotted object identifier")
	}
	arc := make(asn1.ObjectIdentifier, len(parts))
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != part {
			return nil, errors.New("not a dotted object identifier")
		}
		arc[i] = int(n)
	}
	if arc[0] > 2 || arc[0] < 2 && arc[1] > 39 {
		return nil, errors.New("no object identifier begins so")
	}
	return arc, nil
}
