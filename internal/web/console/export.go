package console

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// export is POST /console/customers/{number}/export.csv: the customer's
// certificates as a table (RFC 4180, UTF-8 with a mark that spreadsheets look
// for).
func (c *Console) export(w http.ResponseWriter, r *http.Request) {
	number, err := numberOf(r)
	var found counter.Customer
	if err == nil {
		found, err = c.Desk.Counter.Export(r.Context(), caller(r), number, c.why(r, number))
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	body := c.csvOf(kit.Language(r), found)
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="certificates-`+number+`.csv"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// csvOf is the table.
func (c *Console) csvOf(lang string, found counter.Customer) []byte {
	say := func(key string) string { return c.pages.Text(lang, key) }
	var out bytes.Buffer
	out.WriteString("\uFEFF")
	rows := csv.NewWriter(&out)
	rows.UseCRLF = true
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = inert(cells[i])
		}
		_ = rows.Write(cells) // writing to memory never fails
	}
	write(say("b.number"), say("b.name"), say("b.csv.serial"), say("b.kind"), say("b.state"), say("b.csv.from"), say("b.csv.to"), say("b.csv.issued"), say("b.csv.reason"))
	for _, record := range found.Certificates {
		if len(record.DER) == 0 {
			continue
		}
		state, reason := record.StateAt(c.Now()), ""
		if state == ca.Revoked {
			reason = say("reason." + ca.Reason(record.Reason).String())
		}
		write(found.Subscriber.CustomerNumber, found.Subscriber.Name, record.Serial, say("kind."+string(record.Kind)), say("state."+string(state)),
			seoul.Day(record.NotBefore), seoul.Day(record.NotAfter), seoul.Day(record.IssuedAt), reason)
	}
	rows.Flush()
	return out.Bytes()
}

// inert keeps a spreadsheet from taking a cell for a formula. Blanks and signs
// before it don't help: programs pass over them.
func inert(cell string) string {
	first := strings.TrimLeft(cell, " \t\r\n\u00a0\u3000\ufeff")
	if first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) || first != cell && cell != "" && strings.ContainsRune("\t\r\n", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
