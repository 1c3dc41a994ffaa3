#!/usr/bin/env bash
# Lets programs that others wrote judge what ingam made, and ingam what they
# made: OpenSSL, curl and a Bouncy Castle program, on a story and on a running
# demo. Every check demands an answer; nothing passes because a server is down.
set -euo pipefail
cd "$(dirname "$0")/../.."
ingam=$PWD/bin/ingam
ingamd=$PWD/bin/ingamd
java=$PWD/test/peers/Peer.java
work=$(mktemp -d)
demo=
cleanup() {
	[ -z "$demo" ] || kill "$demo" 2>/dev/null || true
	[ -z "$demo" ] || wait "$demo" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
export LC_ALL=C.UTF-8 NO_COLOR=1
checks=0

ok() { # ok WHAT COMMAND…: the command has to end well
	local what=$1
	shift
	if ! "$@" >"$work/log" 2>&1; then
		echo "FAILED  $what" >&2
		cat "$work/log" >&2
		exit 1
	fi
	checks=$((checks + 1))
	echo "ok      $what"
}
says() { # says PATTERN WHAT COMMAND…: it has to end well and print the pattern
	local pattern=$1
	shift
	ok "$@"
	if ! grep -qE "$pattern" "$work/log"; then
		echo "FAILED  $1: it does not say /$pattern/" >&2
		cat "$work/log" >&2
		exit 1
	fi
}
no() { # no PATTERN WHAT COMMAND…: it has to refuse, and say why
	local pattern=$1 what=$2
	shift 2
	if "$@" >"$work/log" 2>&1; then
		echo "FAILED  $what: it should have been refused" >&2
		exit 1
	fi
	if ! grep -qiE "$pattern" "$work/log"; then
		echo "FAILED  $what: refused, but not by /$pattern/" >&2
		cat "$work/log" >&2
		exit 1
	fi
	checks=$((checks + 1))
	echo "ok      $what"
}
field() { # field NAME FILE: a string of story.json or another of our JSON texts
	grep -o "\"$1\": *\"[^\"]*\"" "$2" | head -1 | sed 's/^[^:]*: *"//; s/"$//'
}

echo "== a story, and what others think of it"
s=$work/story
ok "the story is told" "$ingamd" demo --story --out "$s"
folder=$s/$(field folder "$s/story.json")
field password "$s/story.json" >"$work/password"
field identityNumber "$s/story.json" >"$work/idn"
openssl x509 -inform DER -in "$folder/signCert.der" -out "$s/user.pem"
cat "$s/root.pem" "$s/issuing.pem" >"$s/chain.pem"
policy=$(openssl x509 -in "$s/user.pem" -noout -ext certificatePolicies | sed -n 's/.*Policy: //p')

says ': OK$' "openssl verify: path" openssl verify -CAfile "$s/root.pem" -untrusted "$s/issuing.pem" "$s/user.pem"
says ': OK$' "openssl verify: explicit policy $policy" openssl verify -policy "$policy" -policy_check -explicit_policy -CAfile "$s/root.pem" -untrusted "$s/issuing.pem" "$s/user.pem"
no 'no explicit policy|policy' "openssl verify: refuses another policy" openssl verify -policy 1.2.3.4 -policy_check -explicit_policy -CAfile "$s/root.pem" -untrusted "$s/issuing.pem" "$s/user.pem"
openssl crl -inform DER -in "$s/crl-before.der" -out "$s/crl.pem"
says 'verify OK' "openssl crl: signature" openssl crl -inform DER -in "$s/crl-before.der" -CAfile "$s/chain.pem" -noout
says ': OK$' "openssl verify: path with CRL" openssl verify -crl_check -CRLfile "$s/crl.pem" -CAfile "$s/root.pem" -untrusted "$s/issuing.pem" "$s/user.pem"
says 'CRL Number' "openssl crl: has a number" openssl crl -inform DER -in "$s/crl-before.der" -noout -text
for tool in smime cms; do
	ok "openssl $tool: attached" openssl "$tool" -verify -binary -inform DER -in "$s/signed.p7" -CAfile "$s/chain.pem" -purpose any -out "$work/content"
	ok "openssl $tool: the content is what was signed" cmp "$work/content" "$s/content.txt"
	ok "openssl $tool: detached" openssl "$tool" -verify -binary -inform DER -in "$s/detached.p7" -content "$s/content.txt" -CAfile "$s/chain.pem" -purpose any -out /dev/null
	echo tampered >"$work/tampered"
	no 'digest|signature|content verify' "openssl $tool: refuses other content" openssl "$tool" -verify -binary -inform DER -in "$s/detached.p7" -content "$work/tampered" -CAfile "$s/chain.pem" -purpose any -out /dev/null
done
says ': good' "openssl ocsp: the kept answer" openssl ocsp -respin "$s/ocsp.der" -issuer "$s/issuing.pem" -cert "$s/user.pem" -CAfile "$s/root.pem" -verify_other "$s/issuing.pem" -no_nonce

jars=/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar
ok "javac: the Bouncy Castle program" javac -d "$work/classes" -cp "$jars" "$java"
peer() { java -cp "$jars:$work/classes" Peer "$@"; }
for file in root issuing; do openssl x509 -in "$s/$file.pem" -outform DER -out "$s/$file.der"; done
says 'gives the VID' "bouncy castle: opens signPri.key from its bytes, reads R" peer key "$folder" "$work/password" "$work/idn"
says 'path validates' "bouncy castle: path" peer path "$folder/signCert.der" "$s/issuing.der" "$s/root.der" "$s/crl-before.der"
says 'attached signature verifies' "bouncy castle: attached" peer cms "$s/signed.p7" "$folder/signCert.der" "$s/content.txt"
says 'detached signature verifies' "bouncy castle: detached" peer cms "$s/detached.p7" "$folder/signCert.der" "$s/content.txt"
says 'ocsp says good' "bouncy castle: ocsp" peer ocsp "$s/ocsp.der" "$s/issuing.der" "$folder/signCert.der" good
says 'absent' "bouncy castle: crl" peer crl "$s/crl-before.der" "$s/issuing.der" "$folder/signCert.der" absent

echo "== renewed and revoked, and what others think of it"
renewed=$s/$(sed -n '/"renewed"/,/}/p' "$s/story.json" | field folder /dev/stdin)
[ "$renewed" != "$folder" ] && [ "$(dirname "$renewed")" = "$(dirname "$folder")" ] || { echo "FAILED  the renewed folder does not stand beside the old one" >&2; exit 1; }
openssl x509 -inform DER -in "$renewed/signCert.der" -out "$s/renewed.pem"
openssl crl -inform DER -in "$s/crl.der" -out "$s/after.pem"
says ': OK$' "openssl verify: the renewed certificate's path and policy" openssl verify -policy "$policy" -policy_check -explicit_policy -CAfile "$s/root.pem" -untrusted "$s/issuing.pem" "$s/renewed.pem"
says ': OK$' "openssl verify: before it was revoked" openssl verify -crl_check -CRLfile "$s/crl.pem" -CAfile "$s/root.pem" -untrusted "$s/issuing.pem" "$s/renewed.pem"
says 'same person' "bouncy castle: the renewed certificate is the same person's, with a new key and a new R" peer renewed "$folder" "$renewed" "$work/password" "$work/idn"
no 'old one|differ' "bouncy castle: refuses one that is no other" peer renewed "$folder" "$folder" "$work/password" "$work/idn"
says 'path validates' "bouncy castle: its path, before it was revoked" peer path "$renewed/signCert.der" "$s/issuing.der" "$s/root.der" "$s/crl-before.der"
kept() { openssl ocsp -respin "$s/$1" -issuer "$s/issuing.pem" -cert "$2" -CAfile "$s/root.pem" -verify_other "$s/issuing.pem" -no_nonce; }
says ': good' "openssl ocsp: renewed, good" kept ocsp-good.der "$s/renewed.pem"
says 'superseded' "openssl ocsp: the old one, revoked as superseded" kept ocsp-replaced.der "$s/user.pem"
says 'keyCompromise' "openssl ocsp: the renewed one, revoked" kept ocsp-revoked.der "$s/renewed.pem"
says 'ocsp says good' "bouncy castle: ocsp, renewed" peer ocsp "$s/ocsp-good.der" "$s/issuing.der" "$renewed/signCert.der" good
says 'ocsp says revoked' "bouncy castle: ocsp, the old one" peer ocsp "$s/ocsp-replaced.der" "$s/issuing.der" "$folder/signCert.der" revoked
says 'ocsp says revoked' "bouncy castle: ocsp, the renewed one at last" peer ocsp "$s/ocsp-revoked.der" "$s/issuing.der" "$renewed/signCert.der" revoked
says 'verify OK' "openssl crl: signature of the last list" openssl crl -inform DER -in "$s/crl.der" -CAfile "$s/chain.pem" -noout
for which in user renewed; do
	no 'certificate revoked' "openssl verify: refuses $which.pem by the last list" openssl verify -crl_check -CRLfile "$s/after.pem" -CAfile "$s/root.pem" -untrusted "$s/issuing.pem" "$s/$which.pem"
done
for dir in "$folder" "$renewed"; do
	says 'listed' "bouncy castle: the last list has it" peer crl "$s/crl.der" "$s/issuing.der" "$dir/signCert.der" listed
done
no 'revoked' "bouncy castle: no path by the last list" peer path "$renewed/signCert.der" "$s/issuing.der" "$s/root.der" "$s/crl.der"

echo "== what others made, and what we think of it"
verify() { "$ingam" verify --lang en --root "$s/root.pem" --chain "$s/issuing.pem" --crl "$s/crl-before.der" "$@"; }
ok "bouncy castle: writes the key anew" peer rekey "$folder" "$work/password" "$work/rekeyed"
ok "ingam sign: with the key that Bouncy Castle wrote" "$ingam" sign --cert "$work/rekeyed" --password-file "$work/password" --in "$s/content.txt" --out "$work/rekeyed.p7"
ok "it is the same signature as before" cmp "$work/rekeyed.p7" "$s/signed.p7"
for form in attached detached; do
	ok "bouncy castle: signs $form" peer sign "$folder" "$work/password" "$s/content.txt" "$work/bc-$form.p7" "$form"
	ok "ingam verify: what Bouncy Castle signed $form" verify --in "$work/bc-$form.p7" --content "$s/content.txt"
done

# An authority that OpenSSL runs alone: certificate, key file, signatures, CRL.
o=$work/openssl
mkdir -p "$o/folder"
cat >"$o/ca.cnf" <<CNF
[ca]
default_ca = here
[here]
database = $o/index.txt
crlnumber = $o/crlnumber
default_md = sha256
default_crl_days = 7
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[user]
keyUsage = critical, digitalSignature, nonRepudiation
authorityKeyIdentifier = keyid
CNF
{
	printf '[req]\ndistinguished_name = name\n[name]\n'
	cat "$o/ca.cnf"
} >"$o/req.cnf"
: >"$o/index.txt"
echo 01 >"$o/crlnumber"
(
	cd "$o"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj '/C=kr/O=other/CN=Other CA' -days 30 -config req.cnf -extensions root
	openssl genrsa -out user.key 2048
	openssl req -new -key user.key -subj '/C=kr/O=other/CN=somebody' -out user.csr -config req.cnf
	openssl x509 -req -in user.csr -CA ca.pem -CAkey ca.key -set_serial 0x77 -days 20 -extfile ca.cnf -extensions user -out user.pem
	openssl x509 -in user.pem -outform DER -out folder/signCert.der
	openssl pkcs8 -provider legacy -provider default -topk8 -v2 seed-cbc -v2prf hmacWithSHA1 -iter 2048 -in user.key -outform DER -out folder/signPri.key -passout "file:$work/password"
	openssl ca -config ca.cnf -gencrl -cert ca.pem -keyfile ca.key -out empty.pem
	openssl ca -config ca.cnf -revoke user.pem -cert ca.pem -keyfile ca.key -crl_reason keyCompromise
	openssl ca -config ca.cnf -gencrl -cert ca.pem -keyfile ca.key -out listed.pem
	for list in empty listed; do openssl crl -in $list.pem -outform DER -out $list.der; done
	openssl cms -sign -binary -nodetach -signer user.pem -inkey user.key -in "$s/content.txt" -outform DER -out attached.p7
	openssl cms -sign -binary -signer user.pem -inkey user.key -in "$s/content.txt" -outform DER -out detached.p7
	openssl cms -sign -binary -nodetach -stream -signer user.pem -inkey user.key -in "$s/content.txt" -outform DER -out stream.p7
	openssl smime -sign -binary -nodetach -noattr -md sha256 -signer user.pem -inkey user.key -in "$s/content.txt" -outform DER -out noattr.p7
) >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
other() { "$ingam" verify --lang en --root "$o/ca.pem" "$@"; }
for form in attached detached stream noattr; do
	ok "ingam verify: what OpenSSL signed ($form)" other --in "$o/$form.p7" --content "$s/content.txt" --crl "$o/empty.der"
done
no 'revoked' "ingam verify: refuses what OpenSSL revoked" other --in "$o/attached.p7" --crl "$o/listed.der"
no 'undecided.*|not at hand' "ingam verify: does not decide without a path to a trusted root" "$ingam" verify --lang en --root "$s/root.pem" --in "$o/attached.p7"
ok "ingam sign: with a key file that OpenSSL wrote (PBES2, SEED)" "$ingam" sign --cert "$o/folder" --password-file "$work/password" --in "$s/content.txt" --out "$o/ours.p7"
ok "it is byte for byte what OpenSSL signs" cmp "$o/ours.p7" "$o/noattr.p7"

echo "== a running demo"
"$ingamd" demo --data "$work/demo" --listen 127.0.0.1:0 --json >"$work/guide" 2>"$work/demo.log" &
demo=$!
for _ in $(seq 300); do
	[ -s "$work/guide" ] && break
	kill -0 "$demo" || { cat "$work/demo.log" >&2; exit 1; }
	sleep 0.1
done
url=$(field url "$work/guide")
[ -n "$url" ] || { echo "FAILED  the demo says no address" >&2; exit 1; }
d=$work/demo
ok "ingam issue: a certificate over the API" "$ingam" issue --json --server "$url" --login "$(field login "$work/guide")" --answers "$(field answers "$work/guide")" --out "$work/NPKI"
cp "$work/log" "$work/made"
folder=$(dirname "$(find "$work/NPKI" -name signCert.der)")
openssl x509 -inform DER -in "$folder/signCert.der" -out "$work/user.pem"
serial=$(openssl x509 -in "$work/user.pem" -noout -serial | sed 's/.*=//' | tr 'A-F' 'a-f')
cp "$d/ca/root.pem" "$work/root.pem"
cp "$d/ca/issuing.pem" "$work/issuing.pem"
openssl x509 -in "$work/issuing.pem" -outform DER -out "$work/issuing.der"
ask() { openssl ocsp -issuer "$work/issuing.pem" -cert "$work/user.pem" -url "$url/ocsp" -CAfile "$work/root.pem" -verify_other "$work/issuing.pem" "$@"; }
says ': good' "openssl ocsp: good, with nonce" ask
says ': good' "openssl ocsp: good, without nonce" ask -no_nonce
says ': good' "openssl ocsp: SHA-256 certificate ids" openssl ocsp -sha256 -issuer "$work/issuing.pem" -cert "$work/user.pem" -url "$url/ocsp" -CAfile "$work/root.pem" -verify_other "$work/issuing.pem"
says 'issuing.pem|0x01: unknown|: unknown' "openssl ocsp: two certificates in one request" ask -serial 0x01
openssl ocsp -issuer "$work/issuing.pem" -cert "$work/user.pem" -no_nonce -reqout "$work/question"
get=$(base64 -w0 "$work/question" | sed 's/+/%2B/g; s/\//%2F/g; s/=/%3D/g')
ok "curl: OCSP by GET" curl -fsS -o "$work/answer" "$url/ocsp/$get"
says ': good' "openssl ocsp: the answer by GET" openssl ocsp -respin "$work/answer" -issuer "$work/issuing.pem" -cert "$work/user.pem" -CAfile "$work/root.pem" -verify_other "$work/issuing.pem" -no_nonce
ok "curl: the issuing CA's certificate by its AIA" curl -fsS -o "$work/aia.cer" "$url/ca/issuing.cer"
ok "it is the one in the data folder" cmp "$work/aia.cer" "$work/issuing.der"

stands() { "$ingam" status --lang en --npki "$work/NPKI" 1 "$@"; }
says '● valid' "ingam status: valid, by OCSP and list" stands --crl
passphrase=$(find "$d" -maxdepth 1 -name '*passphrase*')
crl=$(openssl x509 -in "$work/user.pem" -noout -ext crlDistributionPoints | sed -n 's/.*URI://p')
ok "ingamd hold: on hold" "$ingamd" hold "$serial" --data "$d" --passphrase-file "$passphrase"
ok "ingamd crl issue" "$ingamd" crl issue --data "$d" --passphrase-file "$passphrase"
says ': revoked' "openssl ocsp: held" ask
says 'certificateHold' "openssl ocsp: by certificateHold" ask
ok "curl: CRL" curl -fsS -o "$work/crl.der" "$crl"
says 'Certificate Hold' "openssl crl: lists the held certificate" openssl crl -inform DER -in "$work/crl.der" -noout -text
says 'listed' "bouncy castle: crl lists it" peer crl "$work/crl.der" "$work/issuing.der" "$folder/signCert.der" listed
no 'suspended \(.*Revocation list +suspended' "ingam status: suspended, by OCSP and list" bash -c "'$ingam' status --lang en --npki '$work/NPKI' 1 --crl > '$work/said'; code=\$?; tr '\n' ' ' < '$work/said'; exit \$code"
ok "ingamd release: no longer" "$ingamd" release "$serial" --data "$d" --passphrase-file "$passphrase"
says ': good' "openssl ocsp: good again" ask
ok "ingamd crl issue" "$ingamd" crl issue --data "$d" --passphrase-file "$passphrase"
ok "curl: CRL" curl -fsS -o "$work/crl.der" "$crl"
says 'absent' "bouncy castle: crl lists it no more" peer crl "$work/crl.der" "$work/issuing.der" "$folder/signCert.der" absent
says '● valid' "ingam status: valid again" stands --crl
field emergencyCode "$work/made" >"$work/code"
says 'suspended now' "ingam lost: by the emergency code that was handed out" "$ingam" lost --lang en --server "$url" --code-file "$work/code"
says 'certificateHold' "openssl ocsp: suspended at once" ask
ok "ingam resume: by proving who one is" "$ingam" resume "$serial" --server "$url" --login "$(field login "$work/guide")" --answers "$(field answers "$work/guide")"
says ': good' "openssl ocsp: good once more" ask
ok "ingamd revoke: final" "$ingamd" revoke "$serial" --reason key-compromise --data "$d" --passphrase-file "$passphrase"
ok "ingamd crl issue" "$ingamd" crl issue --data "$d" --passphrase-file "$passphrase"
says 'keyCompromise' "openssl ocsp: revoked" ask
no 'revoked' "ingam status: revoked" stands
ok "curl: CRL" curl -fsS -o "$work/crl.der" "$crl"
openssl crl -inform DER -in "$work/crl.der" -out "$work/crl.pem"
no 'certificate revoked' "openssl verify: refuses the revoked certificate" openssl verify -crl_check -CRLfile "$work/crl.pem" -CAfile "$work/root.pem" -untrusted "$work/issuing.pem" "$work/user.pem"
says 'listed' "bouncy castle: crl lists it" peer crl "$work/crl.der" "$work/issuing.der" "$folder/signCert.der" listed
openssl ocsp -issuer "$work/issuing.pem" -cert "$work/user.pem" -url "$url/ocsp" -noverify -respout "$work/answer" >/dev/null 2>&1
says 'ocsp says revoked' "bouncy castle: ocsp" peer ocsp "$work/answer" "$work/issuing.der" "$folder/signCert.der" revoked
says 'suspended +emergency-code +lost' "ingamd history: who did what" "$ingamd" history "$serial" --data "$d" --passphrase-file "$passphrase" --lang en
ok "ingamd audit verify: the log holds" "$ingamd" audit verify --data "$d" --passphrase-file "$passphrase"

echo "$checks passed, 0 failed"
