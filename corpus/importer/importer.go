// Package importer opens whatever holds sessions (case files, recordings, foreign
// logs) and yields them as cases. It finds the format by content.
//
// It declares what each format lacks (corpus.Missing) and marks what it made up
// (Case.Imported, Step.Synthetic), so that nothing derived passes for a recording
// (law L10). A file that it can't read to the end is an error that names file and
// line, never a shorter corpus.
package importer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/rulewind/rulewind/corpus"
)

// Open yields the cases of all sources, in order. A source is a file, a glob (one
// without a match is an error), or a folder, whose files that look like sources
// are taken in the order of their names.
func Open(sources ...string) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		files, err := Files(sources...)
		if err != nil {
			yield(corpus.Case{}, err)
			return
		}
		for _, f := range files {
			for c, err := range openFile(f) {
				if !yield(c, err) || err != nil {
					return
				}
			}
		}
	}
}

// Files returns the files that the sources stand for, without repetition.
func Files(sources ...string) (out []string, err error) {
	for _, s := range sources {
		files, err := expand(s)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

func expand(source string) ([]string, error) {
	info, err := os.Stat(source)
	switch {
	case err == nil && info.IsDir():
		return folder(source)
	case err == nil:
		return []string{source}, nil
	case !strings.ContainsAny(source, "*?["):
		return nil, fmt.Errorf("opening source: %w", err)
	}
	files, err := filepath.Glob(source)
	if err != nil {
		return nil, fmt.Errorf("source %q is not a glob: %w", source, err)
	}
	files = slices.DeleteFunc(files, func(f string) bool {
		info, err := os.Stat(f)
		return err != nil || info.IsDir()
	})
	if len(files) == 0 {
		return nil, fmt.Errorf("no file matches %q; quote the glob, and check the folder", source)
	}
	return files, nil
}

// endings are the names that a folder's files are taken by.
var endings = []string{".jsonl", ".jsonl.zst", ".txtar", ".db", ".sqlite", ".sqlite3"}

// mixed are names of files that hold sessions or something else, such as a policy:
// a folder's are taken if their format is known.
var mixed = []string{".yaml", ".yml", ".json"}

func folder(dir string) (out []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		switch {
		case slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(path, e) }):
			out = append(out, path)
		case slices.ContainsFunc(mixed, func(e string) bool { return strings.HasSuffix(path, e) }):
			known, err := recognised(path)
			if known {
				out = append(out, path)
			}
			return err
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("no file in %s ends in %s, or is a YAML file with cases in it", dir, strings.Join(endings, ", "))
	}
	return out, err
}

// A source is one opened file.
type source struct {
	path, name string // name is without folder
	r          io.Reader
	start      []byte          // the first bytes
	head       []corpus.Member // the members of the first line, if it is an object
}

// A format is one way in which files hold sessions.
type format struct {
	name, doc string
	is        func(s *source) bool
	read      func(s *source) iter.Seq2[corpus.Case, error]
}

// formats are tried in order.
var formats = []format{
	{"recording", "a database of Rulewind", isDatabase, readDatabase},
	{"cases", "Rulewind's own export", isCases, readCases},
	{"rows", "JSON Lines of messages, with labels or with times", isRows, readRows},
	{"transcript", "a transcript of Claude Code", isTranscript, readTranscript},
	{"audit-log", "an audit log of mcpwall or Agent Wall", isAuditLog, readAuditLog},
	{"toolwall", "an audit log of Toolwall", isToolwall, readToolwall},
	{"egress-bench", "cases of agent-egress-bench", isEgressBench, readEgressBench},
	{"cassette", "a cassette of mcp-recorder or mcp-cassette", isCassette, readCassette},
	{"calls", "JSON Lines of {tool, args}", isCalls, readCalls},
	{"vector", "a txtar archive with a session", isVector, readVector},
	{"case-file", "a YAML file of cases", isCaseFile, readCaseFile},
}

func openFile(path string) iter.Seq2[corpus.Case, error] {
	return func(yield func(corpus.Case, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(corpus.Case{}, fmt.Errorf("opening source: %w", err))
			return
		}
		defer f.Close()
		s := &source{path: path, name: filepath.Base(path)}
		closer, err := s.open(f)
		if err != nil {
			yield(corpus.Case{}, fmt.Errorf("reading %s: %w", path, err))
			return
		}
		defer closer()
		if s.r == nil { // empty
			return
		}
		for i := range formats {
			if !formats[i].is(s) {
				continue
			}
			for c, err := range formats[i].read(s) {
				if !yield(c, err) || err != nil {
					return
				}
			}
			return
		}
		yield(corpus.Case{}, fmt.Errorf("reading %s: no known format; known are %s", path, names()))
	}
}

// recognised reports whether a file begins like one of a known format.
func recognised(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("opening source: %w", err)
	}
	defer f.Close()
	s := &source{path: path, name: filepath.Base(path)}
	closer, err := s.open(f)
	if err != nil {
		return false, fmt.Errorf("reading %s: %w", path, err)
	}
	defer closer()
	return s.r != nil && slices.ContainsFunc(formats, func(x format) bool { return x.is(s) }), nil
}

func names() string {
	var out []string
	for _, f := range formats {
		out = append(out, f.name+" ("+f.doc+")")
	}
	return strings.Join(out, ", ")
}

// startBytes is how much of a file tells its format.
const startBytes = 16 << 10

func isBinary(b []byte) bool { return bytes.IndexByte(b, 0) >= 0 }

var zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// maxWindow bounds the window of compressed sources in memory.
const maxWindow = 128 << 20

// open looks through compression and reads the first line that isn't blank. An
// empty file leaves s.r nil.
func (s *source) open(f io.Reader) (closer func(), err error) {
	closer = func() {}
	b := bufio.NewReaderSize(f, 64<<10)
	if magic, _ := b.Peek(len(zstdMagic)); bytes.Equal(magic, zstdMagic) {
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return closer, err
		}
		closer = z.Close
		b = bufio.NewReaderSize(z, 64<<10)
		s.name = strings.TrimSuffix(s.name, ".zst")
	}
	start, err := b.Peek(startBytes)
	switch {
	case len(start) == 0 && err == io.EOF:
		return closer, nil
	case err != nil && err != io.EOF:
		return closer, err
	}
	s.start = bytes.Clone(start)
	if s.r = b; isBinary(s.start) {
		return closer, nil
	}
	var head bytes.Buffer
	for line, err := range corpus.Lines(io.TeeReader(b, &head), s.path) {
		if err == nil {
			if members, err := corpus.Members(nil, line.Text); err == nil {
				s.head = slices.Clone(members)
				for i := range s.head {
					s.head[i].Value = bytes.Clone(s.head[i].Value)
				}
			}
		}
		break
	}
	s.r = io.MultiReader(&head, b)
	return closer, nil
}

// has reports whether the first line has all of those members.
func (s *source) has(names ...string) bool {
	for _, n := range names {
		if !slices.ContainsFunc(s.head, func(m corpus.Member) bool { return m.Name == n }) {
			return false
		}
	}
	return true
}
