package server

import (
	"github.com/ingam-pki/ingam/internal/registration/counter/printout"
	"github.com/ingam-pki/ingam/internal/web/console"
)

// printing is what the papers of the branches' cases need.
func (s *Server) printing() console.Printing {
	db := s.desk.Store
	return console.Printing{
		Papers: printout.New(printout.Config{Cases: db, People: db, Texts: s.enrolment, Names: s.staff, Log: s.desk.Audit}),
		Codes:  s.counter, Branches: s.branches, Origin: s.PortalURL(),
	}
}
