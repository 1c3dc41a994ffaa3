package main

import (
	"context"
	"crypto/rand"
	"flag"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/letters"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/npki"
)

// cmdVisit has a sample customer apply at a branch of the script's bank: visit
// [-way W] [-kind K] [-serial-file F] LOGIN sets REF, and TYPO of it, and writes
// code.txt, typo.txt and wrong.txt: a code that is mistyped, and another one.
// With -again the customer is given another pair for what they applied for.
func cmdVisit(ts *testscript.TestScript, _ bool, args []string) {
	flags := flag.NewFlagSet("visit", flag.ContinueOnError)
	way := flags.String("way", string(enrolment.Issue), "")
	kind := flags.String("kind", "", "")
	serialFile := flags.String("serial-file", "", "")
	again := flags.Bool("again", false, "")
	ts.Check(flags.Parse(args))
	if *way == string(enrolment.Issue) && *kind == "" {
		*kind = string(npki.PersonalBank)
	}
	serial := ""
	if *serialFile != "" {
		serial = strings.TrimSpace(ts.ReadFile(*serialFile))
	}
	var slip redeem.Slip
	var err error
	if *again {
		slip, err = bankOf(ts).HandOut(context.Background(), ts.Getenv("APPLICATION"), redeem.Print)
	} else {
		var visited server.Visited
		visited, err = bankOf(ts).Visit(context.Background(), server.Visit{LoginID: flags.Arg(0), Branch: "014",
			Way: enrolment.Way(*way), Kind: npki.Kind(*kind), Serial: serial, By: redeem.Print})
		slip = visited.Slip
		ts.Setenv("APPLICATION", visited.Application)
	}
	ts.Check(err)
	ts.Setenv("REF", slip.Reference)
	last := slip.Reference[len(slip.Reference)-1]
	ts.Setenv("TYPO", slip.Reference[:len(slip.Reference)-1]+string('0'+(last-'0'+1)%10))
	random := make([]byte, 12)
	_, err = rand.Read(random)
	ts.Check(err)
	first := map[bool]string{true: "1", false: "0"}[slip.Code[0] == '0']
	for name, code := range map[string]string{"code.txt": slip.Code, "typo.txt": first + slip.Code[1:],
		"wrong.txt": redeem.FormatCode(letters.Of(random, 20))} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(code+"\n"), 0o600))
	}
}
