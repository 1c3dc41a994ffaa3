package server

import (
	"errors"
	"io/fs"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
)

// The refusals that an operator meets.
var (
	ErrConfig = fault.Define(6001, "configuration", fault.Invalid,
		fault.Text{KO: "설정이 올바르지 않아요.\n{why}", EN: "The configuration is not right.\n{why}"},
		fault.Text{KO: "설정 파일을 고쳐 주세요. ‘ingamd config print’가 모든 항목과 뜻을 보여 줘요.",
			EN: "Please correct the file. “ingamd config print” shows every setting and what it means."})
	ErrNoAuthority = fault.Define(6002, "no-authority", fault.NotFound,
		fault.Text{KO: "{data} 폴더에 인증기관이 없어요.", EN: "There is no authority in the folder {data}."},
		fault.Text{KO: "‘ingamd init --data {data}’로 만들거나, 폴더 이름을 확인해 주세요.",
			EN: "Make one by “ingamd init --data {data}”, or check the folder's name."})
	ErrAuthorityExists = fault.Define(6003, "authority-exists", fault.Conflict,
		fault.Text{KO: "{data} 폴더에 이미 인증기관이 있어서 아무것도 바꾸지 않았어요.", EN: "There is an authority in the folder {data} already; nothing was changed."},
		fault.Text{KO: "다른 폴더를 골라 주세요. 인증기관의 키는 다시 만들 수 없으니 지우기 전에 꼭 확인해 주세요.",
			EN: "Please choose another folder. An authority's keys can't be made again: think twice before you delete them."})
	ErrPassphrase = fault.Define(6004, "wrong-passphrase", fault.Forbidden,
		fault.Text{KO: "암호문구로 키 파일을 열 수 없어요.", EN: "The passphrase does not open the key files."},
		fault.Text{KO: "암호문구를 확인해 주세요. 맞다면 파일이 바뀌었을 수 있으니 백업과 비교해 주세요.",
			EN: "Please check the passphrase. If it is right, a file may have been changed: compare with your backup."})
	ErrKeys = fault.Define(6005, "authority-files", fault.Internal,
		fault.Text{KO: "{data} 폴더의 인증기관 파일이 빠졌거나 서로 맞지 않아요.", EN: "Files of the authority in {data} are missing or don't belong together."},
		fault.Text{KO: "백업에서 되돌려 주세요. 자세한 원인은 로그에 있어요.", EN: "Please restore them from your backup. The log has the cause."})
	ErrDatabase = fault.Define(6006, "database", fault.Unavailable,
		fault.Text{KO: "데이터베이스에 연결할 수 없어요.", EN: "The database can't be reached."},
		fault.Text{KO: "주소와 데이터베이스 서버의 상태를 확인해 주세요.", EN: "Please check its address and whether its server runs."})
	ErrOldDatabase = fault.Define(6007, "database-old", fault.Conflict,
		fault.Text{KO: "데이터베이스가 이 프로그램보다 오래된 판이에요.", EN: "The database is older than this program."},
		fault.Text{KO: "백업한 뒤 ‘ingamd migrate’를 실행해 주세요.", EN: "Back it up, then run “ingamd migrate”."})
	ErrOtherDatabase = fault.Define(6008, "database-foreign", fault.Conflict,
		fault.Text{KO: "이 데이터베이스는 이 인증기관의 것이 아니에요.", EN: "This database does not belong to this authority."},
		fault.Text{KO: "데이터베이스 주소와 데이터 폴더가 짝이 맞는지 확인해 주세요.", EN: "Please check that database address and data folder belong together."})
	ErrNewDatabase = fault.Define(6009, "database-new", fault.Conflict,
		fault.Text{KO: "데이터베이스가 이 프로그램보다 새 판이에요.", EN: "The database was made by a newer version of this program."},
		fault.Text{KO: "프로그램을 새 판으로 바꿔 주세요.", EN: "Please update the program."})
	ErrListen = fault.Define(6010, "listen", fault.Unavailable,
		fault.Text{KO: "{address}에서 접속을 받을 수 없어요.", EN: "It is not possible to listen on {address}."},
		fault.Text{KO: "다른 프로그램이 쓰고 있는지 확인하거나 --listen으로 다른 주소를 정해 주세요.",
			EN: "Please check whether another program uses it, or choose another address by --listen."})
	ErrFolder = fault.Define(6011, "data-folder", fault.Unavailable,
		fault.Text{KO: "{data} 폴더를 쓸 수 없어요.", EN: "The folder {data} can't be used."},
		fault.Text{KO: "폴더가 있는지, 쓸 권한과 남은 공간이 있는지 확인해 주세요.", EN: "Please check that it exists, that you may write there and that there is space."})
	ErrNoService = fault.Define(6012, "service-missing", fault.Invalid,
		fault.Text{KO: "본인확인에 쓸 서비스가 정해지지 않았어요: {services}", EN: "Services that identities are checked by are not set: {services}"},
		fault.Text{KO: "설정의 services에 주소를 적어 주세요. 시험용이라면 services.simulators에 이름을 적어야 흉내 서비스가 켜져요.",
			EN: "Please put their addresses under services. For a test, name them under services.simulators; no simulator runs unless it is named."})
)

// ErrRingChanged protects data keys that another command made meanwhile.
var ErrRingChanged = fault.Define(6014, "ring-changed", fault.Conflict,
	fault.Text{KO: "그동안 다른 명령이 {data} 폴더의 데이터 키를 바꿔서, 바뀐 키를 덮어쓰지 않았어요.", EN: "Another command changed the data keys in {data} meanwhile, so they were not written over."},
	fault.Text{KO: "그 명령이 끝난 것을 확인하고 다시 실행해 주세요.", EN: "Make sure that it has ended, then run this one again."})

// ErrNotDemo protects a real authority from being opened as a demo.
var ErrNotDemo = fault.Define(6013, "not-a-demo", fault.Conflict,
	fault.Text{KO: "{data} 폴더에는 데모가 아닌 인증기관이 있어요.", EN: "The folder {data} holds an authority that is no demo."},
	fault.Text{KO: "데모는 다른 폴더에서 시작하거나, 이 폴더는 ‘ingamd serve’로 시작해 주세요.", EN: "Start the demo in another folder, or this one by “ingamd serve”."})

// storeFault gives an operator's face to what the store says.
func storeFault(err error) error {
	var definition *fault.Fault
	switch {
	case err == nil || errors.As(err, &definition):
		return err
	case errors.Is(err, store.ErrOldSchema):
		definition = ErrOldDatabase
	case errors.Is(err, store.ErrNewSchema):
		definition = ErrNewDatabase
	case errors.Is(err, store.ErrStranger), errors.Is(err, store.ErrWrongRing):
		definition = ErrOtherDatabase
	case errors.Is(err, store.ErrURL):
		return ErrConfig.With(err, "why", "database: neither sqlite:PATH nor postgres://…")
	default:
		definition = ErrDatabase
	}
	return definition.With(err)
}

// keyFault gives an operator's face to what opening key files says.
func keyFault(err error, data string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keys.ErrWrongPassphrase), errors.Is(err, keys.ErrNoPassphrase):
		return ErrPassphrase.With(err)
	case errors.Is(err, fs.ErrPermission):
		return ErrFolder.With(err, "data", data)
	}
	return ErrKeys.With(err, "data", data)
}
