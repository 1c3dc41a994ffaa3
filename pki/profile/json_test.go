package profile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	set := profile.Set(profile.DefaultArc)
	data, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	read, err := profile.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(set, read); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{`"policyOID":"2.999.410.1.1.4"`, `"validity":"P1Y"`, `"keyUsage":["digitalSignature","nonRepudiation"]`, `"renewalDays":30`, `"fee":4400`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the JSON has no %s", want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	set := profile.Set(profile.DefaultArc)
	for what, change := range map[string]func(*profile.Profile){
		"no name":              func(p *profile.Profile) { p.Name = "" },
		"name in capitals":     func(p *profile.Profile) { p.Name = "Personal" },
		"name of another":      func(p *profile.Profile) { p.Name = profile.CA },
		"kind of another":      func(p *profile.Profile) { p.Kind = npki.PersonalGeneral },
		"fee below zero":       func(p *profile.Profile) { p.Fee = -1 },
		"window too long":      func(p *profile.Profile) { p.RenewalDays = 400 },
		"small keys":           func(p *profile.Profile) { p.MinKeyBits = 1024 },
		"keys below the least": func(p *profile.Profile) { p.KeyBits, p.MinKeyBits = 2048, 3072 },
		"CA without being one": func(p *profile.Profile) { p.KeyUsage |= profile.KeyCertSign },
		"notice too long":      func(p *profile.Profile) { p.NoticeText = strings.Repeat("인", 201) },
		"notice in emojis":     func(p *profile.Profile) { p.NoticeText = "😀" },
		"qualifiers alone":     func(p *profile.Profile) { p.PolicyOID = nil },
		"CPS without host":     func(p *profile.Profile) { p.CPSURI = "http:///cps" },
		"unknown identity":     func(p *profile.Profile) { p.Identity = "face" },
		"negative path":        func(p *profile.Profile) { n := -1; p.BasicConstraints = &profile.BasicConstraints{PathLen: &n} },
		"negative skip":        func(p *profile.Profile) { n := -1; p.RequireExplicitPolicy = &n },
	} {
		p, _ := set.OfKind(npki.PersonalBank)
		change(&p)
		data, err := json.Marshal(append(append(profile.Profiles{}, set[:4]...), p, set[5]))
		if err != nil {
			t.Fatal(what, err)
		}
		if _, err := profile.Parse(data); !errors.Is(err, profile.ErrProfile) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, text := range map[string]string{
		"misspelt field": `[{"name":"a","validty":"P1Y"}]`,
		"unknown usage":  `[{"name":"a","keyUsage":["sign"]}]`,
		"bad OID":        `[{"name":"a","policyOID":"3.1"}]`,
		"bad EKU":        `[{"name":"a","extKeyUsage":["1.40"]}]`,
		"trailing":       `[] []`,
		"not JSON":       `profiles:`,
	} {
		if _, err := profile.Parse([]byte(text)); !errors.Is(err, profile.ErrProfile) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := profile.Parse(make([]byte, 2<<20)); !errors.Is(err, profile.ErrProfile) {
		t.Error("2 MiB of profiles: ", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, p := range profile.Set(profile.DefaultArc)[:5] { // each alone: small seeds are fast to vary
		data, err := json.Marshal(profile.Profiles{p})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`[]`))
	f.Add([]byte(`[{"name":"a","validity":"P1Y2M3D","keyBits":2048,"minKeyBits":2048,"keyUsage":["cRLSign"]}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := profile.Parse(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(set)
		if err != nil {
			t.Fatal(err)
		}
		read, err := profile.Parse(again)
		if err != nil {
			t.Fatalf("%v, of %s", err, again)
		}
		third, err := json.Marshal(read)
		if err != nil || !bytes.Equal(again, third) {
			t.Fatalf("%s becomes %s (%v)", again, third, err)
		}
	})
}
