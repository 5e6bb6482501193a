package reports

import (
	"io"

	"github.com/rulewind/rulewind/replay"
)

// A Format is one way to write a T.
type Format[T any] struct {
	Name  string
	Write func(io.Writer, T) error
	// File, if set, is what goes into a file where one is named; Write then goes to
	// standard output all the same, and the file keeps what it had.
	File func(io.Writer, T) error
}

// Formats are the ways to write a report of sessions: a line here and a file there.
var Formats = []Format[*Report]{
	{Name: "text", Write: Text},
	{Name: "markdown", Write: Markdown},
	{Name: "html", Write: HTML},
	{Name: "json", Write: JSON},
}

// ReplayFormats are the ways to write a replay's result.
var ReplayFormats = []Format[*replay.Result]{
	{Name: "text", Write: ReplayText},
	{Name: "markdown", Write: ReplayMarkdown},
	{Name: "html", Write: ReplayHTML},
	{Name: "json", Write: asJSON[*replay.Result]},
	{Name: "junit", Write: ReplayJUnit},
	{Name: "sarif", Write: ReplaySARIF},
	{Name: "github", Write: ReplayGitHub, File: ReplayMarkdown},
	{Name: "tap", Write: ReplayTAP},
}

// CoverageFormats are the ways to write what recordings exercise of a policy.
var CoverageFormats = []Format[*replay.Coverage]{
	{Name: "text", Write: CoverageText},
	{Name: "json", Write: asJSON[*replay.Coverage]},
	{Name: "lcov", Write: CoverageLCOV},
}

func asJSON[T any](w io.Writer, v T) error { return WriteJSON(w, v) }

// Names lists the names of formats.
func Names[T any](formats []Format[T]) []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = f.Name
	}
	return out
}
