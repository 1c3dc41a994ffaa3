package terminal

import (
	"io"
	"strings"
)

// MaxColumns is the width that everything printed fits in.
const MaxColumns = 80

// Column is one column of a table.
type Column struct {
	Title string
	Right bool // numbers stand at the right
	Min   int  // how narrow it may be made when the table is too wide; 0: it keeps its width
}

// Cell is one field of a table: what it says and how it may be coloured.
type Cell struct {
	Text  string
	Paint Paint
}

// Table is rows under titled columns.
type Table struct {
	Columns []Column
	Rows    [][]Cell
}

const gap = "  "

// Write prints the table within MaxColumns. Columns that may shrink do, the
// widest first; what does not fit ends in ….
func (t Table) Write(w io.Writer, s Style) error {
	widths := t.widths()
	var b strings.Builder
	titles := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = Cell{Text: c.Title, Paint: Faint}
	}
	t.line(&b, titles, widths, s)
	for _, row := range t.Rows {
		t.line(&b, row, widths, s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t Table) widths() []int {
	widths := make([]int, len(t.Columns))
	total := len(gap) * (len(t.Columns) - 1)
	for i, c := range t.Columns {
		widths[i] = Width(c.Title)
		for _, row := range t.Rows {
			widths[i] = max(widths[i], Width(row[i].Text))
		}
		total += widths[i]
	}
	for ; total > MaxColumns; total-- {
		widest := -1
		for i, c := range t.Columns {
			if c.Min > 0 && widths[i] > c.Min && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return widths
}

func (t Table) line(b *strings.Builder, row []Cell, widths []int, s Style) {
	var line strings.Builder
	for i, cell := range row {
		if i > 0 {
			line.WriteString(gap)
		}
		text := Cut(cell.Text, widths[i])
		fill := strings.Repeat(" ", max(0, widths[i]-Width(text)))
		if t.Columns[i].Right {
			line.WriteString(fill)
			fill = ""
		}
		line.WriteString(s.Paint(cell.Paint, text))
		line.WriteString(fill)
	}
	b.WriteString(strings.TrimRight(line.String(), " "))
	b.WriteByte('\n')
}

// Field is one line of a description: a label and what it says.
type Field struct {
	Label string
	Value string
	Paint Paint
}

// WriteFields prints labels in one column and their values beside them,
// wrapped within MaxColumns.
func WriteFields(w io.Writer, s Style, fields []Field) error {
	left := 0
	for _, f := range fields {
		left = max(left, Width(f.Label))
	}
	var b strings.Builder
	for _, f := range fields {
		for i, line := range Wrap(f.Value, MaxColumns-left-len(gap)) {
			label := ""
			if i == 0 {
				label = f.Label
			}
			b.WriteString(s.Paint(Faint, Pad(label, left)))
			b.WriteString(gap)
			b.WriteString(s.Paint(f.Paint, line))
			b.WriteByte('\n')
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
