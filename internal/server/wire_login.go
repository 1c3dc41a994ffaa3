package server

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"

	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/web/api"
)

// withLogin gives the API the ways to log in besides id and password, and what
// judges signatures.
func (s *Server) withLogin(c api.Config) (api.Config, error) {
	db := s.desk.Store
	ways, err := login.New(login.Config{
		Tx: db, Ledger: db, People: db, Passkeys: db, Verifier: s.verification, Log: s.desk.Audit,
		Now: s.options.Now, Bank: s.config.Bank.Title, Origins: origins(s.config.URL),
	})
	if err != nil {
		return c, fmt.Errorf("building logins: %w", err)
	}
	c.Login, c.Verifier = ways, s.verification
	return c, nil
}

// origins are the web addresses of a service: its URL and, when that is one of
// this computer, the other way to write it. Passkeys work at a name only, so
// at localhost and not at 127.0.0.1.
func origins(base string) []string {
	all := []string{base}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" {
		return all
	}
	var other string
	switch address, err := netip.ParseAddr(u.Hostname()); {
	case err == nil && address.IsLoopback():
		other = "localhost"
	case u.Hostname() == "localhost":
		other = "127.0.0.1"
	default:
		return all
	}
	if u.Port() != "" {
		other = net.JoinHostPort(other, u.Port())
	}
	return append(all, u.Scheme+"://"+other)
}
