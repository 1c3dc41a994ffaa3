package ca

import (
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
)

var stateWords = map[State]fault.Text{
	Pending: {KO: "만드는 중", EN: "being made"}, Held: {KO: "발급 보류", EN: "held"}, Valid: {KO: "유효", EN: "valid"},
	Suspended: {KO: "효력정지", EN: "suspended"}, Revoked: {KO: "폐지", EN: "revoked"}, Expired: {KO: "만료", EN: "expired"},
}

// Word is how people read a state.
func (s State) Word() fault.Text { return stateWords[s] }

// deskWords are desks that have a name of their own.
var deskWords = map[string]fault.Text{
	DeskBank: {KO: "은행 본점", EN: "the bank"}, "online": {KO: "인터넷", EN: "the web"},
	"lost": {KO: "분실 신고", EN: "the report of a loss"}, "": {KO: "은행", EN: "the bank"},
}

// DeskWord is how people read a desk: a branch by its number.
func DeskWord(desk string) fault.Text {
	if number, ok := strings.CutPrefix(desk, "branch:"); ok {
		return fault.Text{KO: "영업점 " + number, EN: "branch " + number}
	}
	if word, ok := deskWords[desk]; ok {
		return word
	}
	return fault.Text{KO: desk, EN: desk}
}
