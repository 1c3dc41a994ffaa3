package audit

import (
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// The bounds of an export: entries, and pages that are asked for them.
const (
	maxRows  = 100_000
	maxLooks = 2000
)

// sheet writes entries as CSV (RFC 4180) in UTF-8 with a byte order mark, by
// which spreadsheet programs know it.
type sheet struct {
	out   *csv.Writer
	begun bool
	to    io.Writer
	err   error
}

func newSheet(w io.Writer) *sheet {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &sheet{out: out, to: w}
}

var columns = []string{"time", "lane", "number", "role", "caller", "request", "act", "object", "outcome", "code", "detail", "seal"}

func (s *sheet) entry(e Entry) {
	s.row(e.At.UTC().Format(time.RFC3339Nano), strconv.Itoa(e.Lane), strconv.FormatInt(e.Seq, 10), string(e.Caller.Role), e.Caller.ID,
		e.Caller.Request, string(e.Act), e.Object, string(e.Outcome), strconv.Itoa(e.Code), plainText(e.Detail), hex.EncodeToString(e.Seal))
}

// note says that there is more than could be written.
func (s *sheet) note(rows int) {
	row := make([]string, len(columns))
	row[0] = fmt.Sprintf("CUT after %d entries: older ones are left out. %d건에서 잘렸어요. 기간을 나누어 다시 내보내 주세요.", rows, rows)
	s.row(row...)
}

func (s *sheet) begin() {
	if s.begun {
		return
	}
	s.begun = true
	if _, s.err = io.WriteString(s.to, "\ufeff"); s.err == nil {
		s.err = s.out.Write(columns)
	}
}

func (s *sheet) row(cells ...string) {
	s.begin()
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	if s.err == nil {
		s.err = s.out.Write(cells)
	}
}

func (s *sheet) flush() error {
	s.begin()
	s.out.Flush()
	if s.err != nil {
		return s.err
	}
	return s.out.Error()
}

// harmless keeps a spreadsheet program from taking a cell for a formula (CWE-1236).
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n|", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
