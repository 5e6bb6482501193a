package reports

import (
	"bytes"
	"io"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// A column heads one column of a table. Cells longer than max are cut; 0 means 40.
type column struct {
	name string
	kind cellKind
	max  int
}

// A cellKind says what a column's cells are, so that formats can set them apart.
type cellKind uint8

const (
	words    cellKind = iota // of ours
	numbers                  // to the right
	fromWire                 // of the peers': never markup
	marked                   // an action, outcome or direction: coloured
)

func col(name string, max int) column     { return column{name, words, max} }
func num(name string) column              { return column{name, numbers, 14} }
func traffic(name string, max int) column { return column{name, fromWire, max} }
func verdict(name string) column          { return column{name, marked, 12} }
func direction(name string) column        { return column{name, marked, 12} }

// writeTable draws a table whose width follows from its cells alone: neither the
// terminal nor the locale is asked.
func writeTable(w io.Writer, cols []column, rows [][]string) error {
	header := make([]any, len(cols))
	align := make(tw.Alignment, len(cols))
	for i, c := range cols {
		header[i] = c.name
		align[i] = tw.AlignLeft
		if c.kind == numbers {
			align[i] = tw.AlignRight
		}
	}
	var buf bytes.Buffer
	t := tablewriter.NewTable(&buf,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Symbols: tw.NewSymbols(tw.StyleLight),
			Borders: tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
				Lines:      tw.Lines{ShowHeaderLine: tw.On},
			},
		})),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(align),
	)
	t.Header(header...)
	for _, row := range rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			max := cols[i].max
			if max == 0 {
				max = 40
			}
			shown := clip(Visible(cell), max)
			if cols[i].kind == marked {
				shown = painted(w, markClass(cell), shown)
			}
			cells[i] = shown
		}
		if err := t.Append(cells...); err != nil {
			return err
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	for line := range bytes.Lines(buf.Bytes()) {
		if _, err := w.Write(append(bytes.TrimRight(line, " \n"), '\n')); err != nil {
			return err
		}
	}
	return nil
}
