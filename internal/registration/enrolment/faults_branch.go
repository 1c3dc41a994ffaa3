package enrolment

import "github.com/ingam-pki/ingam/internal/fault"

// What is applied for at a branch.
var (
	ErrAtBranch = fault.Define(2531, "branch-application", fault.Invalid,
		fault.Text{KO: "창구 신청의 내용이 서로 맞지 않아요.", EN: "What was entered for this application does not fit together."},
		fault.Text{KO: "영업점 번호와 인증서 종류, 예외 승인을 다시 확인해 주세요.", EN: "Please check branch, kind of certificate and exception."})
	ErrProofAtBranch = fault.Define(2532, "branch-proof", fault.Refused,
		fault.Text{KO: "창구에서 한 본인확인 기록이 없어요.", EN: "There is no record that the identity was proven at the counter."},
		fault.Text{KO: "신분증 진위확인을 마친 다음 다시 승인해 주세요.", EN: "Please have the identity document checked, then approve once more."})
	ErrChildAtBranch = fault.Define(2533, "branch-under-14", fault.Refused,
		fault.Text{KO: "만 14세가 안 된 고객에게는 인증서를 발급하지 않아요.", EN: "No certificate is issued to customers under 14."},
		fault.Text{KO: "만 14세가 된 다음 다시 신청하도록 안내해 주세요.", EN: "Please tell them to apply again from their 14th birthday on."})
	ErrLapsedAtBranch = fault.Define(2534, "branch-application-lapsed", fault.Gone,
		fault.Text{KO: "인증서를 받을 수 있는 기간이 지나서 이 신청은 끝났어요.", EN: "The time in which the certificate could be fetched is over, so this application has ended."},
		fault.Text{KO: "신분증을 가지고 영업점에서 다시 신청해 주세요. 고객센터 1588-0000", EN: "Please apply again at a branch with your identity document. Call centre 1588-0000"})
	ErrCodesNeeded = fault.Define(2535, "codes-needed", fault.Refused,
		fault.Text{KO: "영업점에서 신청한 인증서라서 참조번호와 인가코드로 받아야 해요.", EN: "This certificate was applied for at a branch, so it is fetched with the reference number and the authorization code."},
		fault.Text{KO: "‘참조번호와 인가코드로 받기’에서 받은 번호를 넣어 주세요. 잃어버리셨으면 그 영업점에서 다시 받아 주세요.", EN: "Please choose “Fetch with reference number and code”. If you lost them, ask that branch for new ones."})
)
