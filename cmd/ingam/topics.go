package main

import "github.com/ingam-pki/ingam/internal/fault"

var jsonTopic = fault.Text{
	KO: `모든 명령은 --json을 붙이면 표준 출력에 JSON 하나로 답해요. 이름은 판이 바뀌어도 그대로이고, 새 이름이 더해질 수는 있어요. 시각은 RFC 3339(UTC)예요.

오류 (종료 코드는 ingam help exit-codes)
  {"error": {"code": 5030, "name": "certificate-expired",
             "title": "무슨 일인지", "detail": "무엇을 하면 되는지"}}
  때에 따라 request(은행의 요청 번호), retryAfterSeconds, cause(--verbose)

인증서
  owner, kind, policy, authority, subject, issuer, serial, notBefore, notAfter
  이 기기의 것이면 folder와
  state(not-yet-valid, usable, expires-soon, expired)

list
  {"certificates": [{"number": 1, 인증서…}], "unreadable": ["…"]}
show
  {인증서…, keyBits, use, vid, fingerprintSHA256, hasKey, daysLeft}
  개인키가 있으면 encryption, encryptionStrength(weak, fair, strong)
  --check-password를 붙이면 r
issue, renew, reissue
  {인증서…, application, fingerprintSHA256, resumed, emergencyCode}
  renew와 reissue에는 replaced(전의 일련번호)
status
  {"certificates": [{"number": 1, 인증서…,
     status: valid | suspended | revoked | expired | not-yet-valid | unknown,
     ocsp: {status: good | revoked | suspended | unknown | no-answer,
       address, thisUpdate, nextUpdate, since, reason, problem},
     crl(--crl): ocsp와 같아요, next, advice}]}
lost
  {suspended, before, begun, stopped}
suspend
  {serial, state, until}
resume
  {serial, state}
revoke
  {serial, state, reason, at}
sign
  {out, bytes, detached, attributes, signer, serial, fingerprintSHA256}
verify
  {verdict: valid | invalid | unknown, reason, sentence, at,
   content: {attached, bytes, sha256},
   signers: [{인증서…, signedAt, verdict, reason, chain, policies,
     evidence, revocation: {status: good | revoked | suspended |
       unknown | not-checked,
       source, address, thisUpdate, nextUpdate, since, reason, problem}}]}
version
  {version}`,
	EN: `With --json every command answers with one JSON value on standard output. The names stay from version to version; new ones may be added. Times are RFC 3339 in UTC.

Errors (exit codes: ingam help exit-codes)
  {"error": {"code": 5030, "name": "certificate-expired",
             "title": "what happened", "detail": "what to do"}}
  sometimes request (the bank's number of it), retryAfterSeconds,
  cause (--verbose)

A certificate
  owner, kind, policy, authority, subject, issuer, serial, notBefore, notAfter
  on this device also folder and
  state (not-yet-valid, usable, expires-soon, expired)

list
  {"certificates": [{"number": 1, certificate…}], "unreadable": ["…"]}
show
  {certificate…, keyBits, use, vid, fingerprintSHA256, hasKey, daysLeft}
  with a key also encryption, encryptionStrength (weak, fair, strong)
  with --check-password also r
issue, renew, reissue
  {certificate…, application, fingerprintSHA256, resumed, emergencyCode}
  renew and reissue also replaced (serial of the one before)
status
  {"certificates": [{"number": 1, certificate…,
     status: valid | suspended | revoked | expired | not-yet-valid | unknown,
     ocsp: {status: good | revoked | suspended | unknown | no-answer,
       address, thisUpdate, nextUpdate, since, reason, problem},
     crl (with --crl): as ocsp, next, advice}]}
lost
  {suspended, before, begun, stopped}
suspend
  {serial, state, until}
resume
  {serial, state}
revoke
  {serial, state, reason, at}
sign
  {out, bytes, detached, attributes, signer, serial, fingerprintSHA256}
verify
  {verdict: valid | invalid | unknown, reason, sentence, at,
   content: {attached, bytes, sha256},
   signers: [{certificate…, signedAt, verdict, reason, chain, policies,
     evidence, revocation: {status: good | revoked | suspended |
       unknown | not-checked,
       source, address, thisUpdate, nextUpdate, since, reason, problem}}]}
version
  {version}`,
}

var answersTopic = fault.Text{
	KO: `issue, renew, reissue 같은 명령의 --answers 파일은 물어볼 것에 미리 답해요. 빠진 것은 물어보고, 모르는 이름은 거절해요. 비밀이 들어가니 자기만 읽을 수 있게 하세요 (chmod 600).

  {
    "loginPassword": "은행 로그인 비밀번호",
    "keyPassword": "새 인증서의 암호",
    "oldKeyPassword": "갱신할 인증서의 암호 (renew)",
    "agreeRequired": true,
    "card": {
      "document": "resident-card",
      "number": "식별번호",
      "name": "신분증에 적힌 이름",
      "issueDate": "2019-07-22",
      "licence": "운전면허 번호 (운전면허증일 때)",
      "image": "사진 파일"
    },
    "account": {"account": "계좌번호", "password": "계좌 비밀번호"},
    "otp": "OTP 번호",
    "phoneCode": "휴대폰 인증번호"
  }

document는 resident-card(주민등록증), drivers-licence(운전면허증), passport(여권), alien-registration-card(외국인등록증) 가운데 하나예요.

체험용 은행에서는 번호 대신 otpURL과 phoneCodeURL에 이 기기(http://127.0.0.1)의 주소를 적으면 거기서 여섯 자리 번호를 가져와요.`,
	EN: `The --answers FILE of issue, renew, reissue and others answers what would be asked. What is left out is asked for; a name that is not known is refused. The file holds secrets: let only its owner read it (chmod 600).

  {
    "loginPassword": "bank login password",
    "keyPassword": "password for the new certificate",
    "oldKeyPassword": "password of the one to renew (renew)",
    "agreeRequired": true,
    "card": {
      "document": "resident-card",
      "number": "number on the card",
      "name": "name on the card",
      "issueDate": "2019-07-22",
      "licence": "licence number (of a driver's licence)",
      "image": "file with a picture"
    },
    "account": {"account": "account number", "password": "account password"},
    "otp": "one-time password",
    "phoneCode": "code sent to the phone"
  }

The document is one of resident-card, drivers-licence, passport and alien-registration-card.

With a demo bank, otpURL and phoneCodeURL may name addresses on this machine (http://127.0.0.1) instead, from which the six digits are taken.`,
}
