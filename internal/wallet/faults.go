package wallet

import "github.com/ingam-pki/ingam/internal/fault"

// Refusals about certificates on this device.
var (
	errNoCertificates = fault.Define(5010, "no-certificates", fault.NotFound,
		fault.Text{KO: "이 기기에서 인증서를 찾지 못했어요.", EN: "There are no certificates on this device."},
		fault.Text{KO: "다른 폴더에 있다면 --npki 폴더로 알려 주세요. 새로 받으려면 ingam issue를 실행하세요.", EN: "If they are elsewhere, name the folder with --npki. To get a new one, run ingam issue."})
	errNoSuchNumber = fault.Define(5011, "no-such-number", fault.NotFound,
		fault.Text{KO: "목록에 {number}번 인증서가 없어요.", EN: "There is no certificate number {number} in the list."},
		fault.Text{KO: "ingam list로 번호를 확인해 주세요. 1번부터 {last}번까지 있어요.", EN: "See the numbers with ingam list; they run from 1 to {last}."})
	errNotACertificate = fault.Define(5012, "not-a-certificate", fault.Invalid,
		fault.Text{KO: "{path}에서 인증서를 읽지 못했어요.", EN: "{path} holds no certificate that can be read."},
		fault.Text{KO: "signCert.der가 들어 있는 폴더나 인증서 파일, 또는 목록의 번호를 알려 주세요.", EN: "Name a folder that holds signCert.der, a certificate file, or a number from ingam list."})
	errUnreadable = fault.Define(5013, "file-unreadable", fault.NotFound,
		fault.Text{KO: "{path} 파일을 읽지 못했어요.", EN: "{path} can't be read."},
		fault.Text{KO: "이름이 맞는지, 읽을 권한이 있는지 확인해 주세요.", EN: "Please check its name and that you may read it."})
	errTooLarge = fault.Define(5014, "file-too-large", fault.TooLarge,
		fault.Text{KO: "{path} 파일은 너무 커서 다룰 수 없어요. {limit}까지 돼요.", EN: "{path} is too large: the limit is {limit}."},
		fault.Text{KO: "더 작은 파일로 나누어 주세요.", EN: "Please use a smaller file."})
	errNotOneCertificate = fault.Define(5015, "not-one-certificate", fault.Invalid,
		fault.Text{KO: "쓸 수 있는 인증서가 여러 개라서 하나를 골라야 해요.", EN: "Several certificates could be used, so one has to be chosen."},
		fault.Text{KO: "ingam list로 번호를 보고 --cert 번호로 골라 주세요.", EN: "See their numbers with ingam list and choose with --cert NUMBER."})
	errNoKey = fault.Define(5016, "no-key-beside", fault.NotFound,
		fault.Text{KO: "이 인증서 옆에 개인키(signPri.key)가 없어요.", EN: "There is no private key (signPri.key) beside this certificate."},
		fault.Text{KO: "개인키가 함께 있는 폴더를 골라 주세요. 키를 잃었다면 은행에서 재발급을 받으세요.", EN: "Choose a folder that holds the key, too. If the key is lost, ask your bank to reissue."})
)

// Refusals about keys and passwords.
var (
	errWrongPassword = fault.Define(5020, "wrong-key-password", fault.Unauthenticated,
		fault.Text{KO: "인증서 암호가 맞지 않아요.", EN: "That is not the password of this certificate."},
		fault.Text{KO: "대소문자와 한/영 키를 확인하고 다시 입력해 주세요. 암호를 잊었다면 ingam reissue로 재발급을 받으세요.", EN: "Check upper and lower case and the keyboard, and try again. If it is forgotten, have it reissued with ingam reissue."})
	errPasswordRules = fault.Define(5021, "password-rules", fault.Invalid,
		fault.Text{KO: "이 암호는 쓸 수 없어요: {rules}.", EN: "This password can't be used: {rules}."},
		fault.Text{KO: "10자 이상으로, 영문자·숫자·특수문자를 모두 넣어 주세요.", EN: "Use at least 10 characters with a letter, a digit and a special character."})
	errKeyDamaged = fault.Define(5022, "key-damaged", fault.Invalid,
		fault.Text{KO: "개인키 파일을 읽을 수 없어요. 파일이 손상되었거나 모르는 형식이에요.", EN: "The key file can't be read: it is damaged or of an unknown form."},
		fault.Text{KO: "다른 곳에 복사해 둔 폴더가 있다면 그것을 쓰세요. 없다면 은행에서 재발급을 받으세요.", EN: "Use a copy of the folder if you have one; otherwise ask your bank to reissue."})
	errKeyCostly = fault.Define(5024, "key-too-costly", fault.Refused,
		fault.Text{KO: "이 개인키 파일은 여는 데 계산을 너무 많이 시켜서 열지 않았어요.", EN: "This key file was not opened: it asks for too much computing."},
		fault.Text{KO: "보통의 인증서 프로그램은 이렇게 만들지 않아요. 다른 곳에 복사해 둔 폴더를 쓰거나 은행에서 재발급을 받으세요.", EN: "No usual program writes it so. Use a copy of the folder, or ask your bank to reissue."})
	errKeyDoesNotFit = fault.Define(5023, "key-does-not-fit", fault.Invalid,
		fault.Text{KO: "이 개인키는 이 인증서의 것이 아니에요.", EN: "This key does not belong to this certificate."},
		fault.Text{KO: "두 파일이 같은 폴더에서 함께 복사된 것인지 확인해 주세요.", EN: "Please check that both files were copied from the same folder."})
)

// Refusals of signing and verifying.
var (
	errCertificateExpired = fault.Define(5030, "certificate-expired", fault.Refused,
		fault.Text{KO: "이 인증서는 {until}에 만료되어 서명할 수 없어요.", EN: "This certificate expired on {until} and can't sign any more."},
		fault.Text{KO: "만료된 뒤에는 갱신이 되지 않아요. ingam issue로 새로 발급받거나, ingam list에서 다른 인증서를 골라 주세요.", EN: "After expiry it can't be renewed. Get a new one with ingam issue, or choose another from ingam list."})
	errCertificateEarly = fault.Define(5031, "certificate-not-yet-valid", fault.Refused,
		fault.Text{KO: "이 인증서는 {from}부터 쓸 수 있어요.", EN: "This certificate can be used from {from} on."},
		fault.Text{KO: "이 기기의 날짜와 시각이 맞는지 확인해 주세요.", EN: "Please check this device's date and time."})
	errNotForSigning = fault.Define(5032, "not-for-signing", fault.Refused,
		fault.Text{KO: "이 인증서는 서명용이 아니에요.", EN: "This certificate is not for signing."},
		fault.Text{KO: "서명용 인증서를 골라 주세요. ingam show로 용도를 볼 수 있어요.", EN: "Choose one for signing; ingam show says what each is for."})
	errNotASignature = fault.Define(5033, "not-a-signature", fault.Invalid,
		fault.Text{KO: "{path} 파일은 읽을 수 있는 서명(PKCS#7)이 아니에요.", EN: "{path} is no signature (PKCS#7) that can be read."},
		fault.Text{KO: "서명 파일이 맞는지, 끝까지 받은 파일인지 확인해 주세요.", EN: "Please check that it is the signature file and that it is complete."})
	errContentMissing = fault.Define(5034, "content-missing", fault.Invalid,
		fault.Text{KO: "이 서명에는 원문이 들어 있지 않아요.", EN: "This signature does not hold what was signed."},
		fault.Text{KO: "--content 원문파일로 원문을 함께 알려 주세요.", EN: "Name the file that was signed with --content FILE."})
)

// Refusals on the way to a new certificate.
var (
	errServerInsecure = fault.Define(5050, "server-insecure", fault.Refused,
		fault.Text{KO: "{server} 주소는 암호화된 연결(https)이 아니에요.", EN: "{server} is not an encrypted connection (https)."},
		fault.Text{KO: "비밀번호를 그대로 보낼 수는 없어요. https로 시작하는 은행 주소를 알려 주세요.", EN: "Passwords are not sent in clear. Please give the bank's address that begins with https."})
	errServerUnreachable = fault.Define(5051, "server-unreachable", fault.Unavailable,
		fault.Text{KO: "은행({server})에 연결하지 못했어요.", EN: "The bank ({server}) can't be reached."},
		fault.Text{KO: "인터넷 연결을 확인하고 같은 명령을 다시 실행해 주세요. 지금까지 한 단계는 그대로 남아 있어요.", EN: "Check the connection and run the same command again. The steps done so far are kept."})
	errRenewEarly = fault.Define(5060, "renewal-early-here", fault.Refused,
		fault.Text{KO: "갱신할 때가 된 인증서가 이 기기에 없어요.", EN: "No certificate on this device is due for renewal."},
		fault.Text{KO: "만료 30일 전부터 갱신할 수 있어요. ingam list로 만료일을 보고, 그래도 하려면 --cert 번호로 골라 주세요.", EN: "A certificate can be renewed from 30 days before its end. See the dates with ingam list; to try all the same, choose with --cert NUMBER."})
	errServerAnswer = fault.Define(5052, "server-answer", fault.Unavailable,
		fault.Text{KO: "은행의 답을 이해하지 못했어요.", EN: "The bank's answer can't be understood."},
		fault.Text{KO: "주소가 맞는지 확인하고, 계속되면 은행에 알려 주세요. 만든 키는 이 기기에 그대로 있어요.", EN: "Check the address; if it goes on, tell your bank. The key that was made is still on this device."})
	errNotOurCertificate = fault.Define(5053, "not-our-certificate", fault.Unavailable,
		fault.Text{KO: "은행이 준 인증서가 이 기기에서 만든 키의 것이 아니에요.", EN: "The certificate from the bank does not belong to the key made on this device."},
		fault.Text{KO: "저장하지 않았어요. 은행에 이 일을 알려 주세요.", EN: "It was not stored. Please tell your bank."})
	errApplicationOver = fault.Define(5054, "application-over", fault.Gone,
		fault.Text{KO: "이 신청은 끝났어요 ({state}).", EN: "This application is over ({state})."},
		fault.Text{KO: "같은 명령을 다시 실행하면 새로 신청해요.", EN: "Run the same command again to apply anew."})
	errUnknownStep = fault.Define(5055, "unknown-step", fault.Unsupported,
		fault.Text{KO: "은행이 이 프로그램이 모르는 단계({step})를 요구해요.", EN: "The bank asks for a step that this program does not know ({step})."},
		fault.Text{KO: "ingam을 새 판으로 바꾸거나 은행의 웹에서 계속해 주세요.", EN: "Use a newer ingam, or go on at the bank's web page."})
	errNoKind = fault.Define(5056, "no-such-kind", fault.Invalid,
		fault.Text{KO: "이 은행은 {kind} 인증서를 온라인으로 발급하지 않아요.", EN: "This bank does not issue {kind} certificates online."},
		fault.Text{KO: "발급하는 종류: {kinds}", EN: "Kinds it issues: {kinds}"})
	errPendingDamaged = fault.Define(5057, "pending-damaged", fault.Conflict,
		fault.Text{KO: "발급하다 멈춘 키({path})를 읽을 수 없어요.", EN: "The key of an interrupted issue ({path}) can't be read."},
		fault.Text{KO: "폴더를 지우지 말고 은행에 문의하거나, 다른 곳으로 옮긴 뒤 다시 실행해 주세요.", EN: "Don't delete the folder; ask your bank, or move it elsewhere and run again."})
	errStoring = fault.Define(5058, "storing-certificate", fault.Conflict,
		fault.Text{KO: "인증서를 {path}에 저장하지 못했어요.", EN: "The certificate could not be stored in {path}."},
		fault.Text{KO: "빈 공간과 쓰기 권한을 확인하고 같은 명령을 다시 실행해 주세요. 키는 안전하게 남아 있고 같은 인증서를 받아요.", EN: "Check free space and that you may write there, then run the same command again. The key is safe and you will get the same certificate."})
	errAnswersInvalid = fault.Define(5059, "answers-invalid", fault.Invalid,
		fault.Text{KO: "답변 파일을 읽지 못했어요: {reason}.", EN: "The answers file can't be read: {reason}."},
		fault.Text{KO: "ingam help answers에 형식이 있어요.", EN: "ingam help answers shows its form."})
)
