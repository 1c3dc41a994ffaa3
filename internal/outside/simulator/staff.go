package simulator

import "github.com/ingam-pki/ingam/internal/outside/simulator/provider"

// Staff are those who work at the demo's bank, as its provider for logins knows
// them.
var Staff = []provider.Person{
	{Number: "240117", Name: "김창구", RomanName: "Kim Chang-gu", Role: "teller", Branch: "012"},
	{Number: "230508", Name: "이접수", RomanName: "Lee Jeop-su", Role: "teller", Branch: "012"},
	{Number: "150302", Name: "박책임", RomanName: "Park Chaek-im", Role: "supervisor", Branch: "012"},
	{Number: "160909", Name: "최승인", RomanName: "Choi Seung-in", Role: "supervisor", Branch: "012"},
	{Number: "220611", Name: "정다른", RomanName: "Jung Da-reun", Role: "teller", Branch: "101"},
	{Number: "140404", Name: "한다른", RomanName: "Han Da-reun", Role: "supervisor", Branch: "101"},
	{Number: "120801", Name: "오운영", RomanName: "Oh Un-yeong", Role: "operator"},
	{Number: "110215", Name: "안보안", RomanName: "Ahn Bo-an", Role: "security-officer"},
	{Number: "130627", Name: "감감사", RomanName: "Kam Gam-sa", Role: "auditor"},
}
