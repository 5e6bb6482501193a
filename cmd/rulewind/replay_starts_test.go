package main_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// No replay but `replay against` starts a server or dials anything: its code can't
// reach what does. Those that read a policy from git run git, and nothing else.
func TestReplayStartsNothing(t *testing.T) {
	uses, roots := callGraph(t)
	checked := 0
	for _, root := range roots {
		recv := receiver(root)
		if !strings.HasPrefix(recv, "replay") || root.Name() != "Run" {
			continue
		}
		checked++
		found := reaches(uses, root)
		against := recv == "replayAgainstCmd"
		if against != slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, module+"/proxy.Run ") }) {
			t.Errorf("%s reaches the proxy: %v, want %v", recv, !against, against)
		}
		for _, f := range found {
			if !against && !strings.HasSuffix(f, " git.go") {
				t.Errorf("%s reaches %s", recv, f)
			}
		}
	}
	if checked < 8 {
		t.Errorf("only %d commands were looked at", checked)
	}
	below := []string{"replay", "corpus", "corpus/importer", "recorder", "reports", "proxy/policy"}
	for _, p := range listPackages(t) {
		if name, ours := strings.CutPrefix(p.ImportPath, module+"/"); ours && slices.Contains(below, name) {
			for _, dep := range []string{"net", "os/exec"} {
				if slices.Contains(p.Deps, dep) {
					t.Errorf("%s reaches %s", name, dep)
				}
			}
		}
	}
}

// reaches lists what of the world outside a function can come to use, each with the
// file that it is used in.
func reaches(uses map[*types.Func][]use, root *types.Func) (out []string) {
	seen := map[*types.Func]bool{root: true}
	for queue := []*types.Func{root}; len(queue) > 0; queue = queue[1:] {
		for _, u := range uses[queue[0]] {
			if starts(u.what) {
				out = append(out, u.what.Pkg().Path()+"."+u.what.Name()+" "+u.file)
			}
			if !seen[u.what] {
				seen[u.what] = true
				queue = append(queue, u.what)
			}
		}
	}
	return out
}

// starts reports whether a function of another package starts a process or dials.
func starts(f *types.Func) bool {
	if f.Pkg() == nil {
		return false
	}
	switch path := f.Pkg().Path(); path {
	case "os/exec", "net", "net/http", module + "/proxy":
		return f.Signature().Recv() == nil && !strings.HasPrefix(f.Name(), "Is")
	case "os", "syscall":
		return f.Name() == "StartProcess" || f.Name() == "ForkExec" || f.Name() == "Exec"
	}
	return false
}

// A use is a function that another one names, and where.
type use struct {
	what *types.Func
	file string
}

// callGraph tells of each function of this program which others it names.
func callGraph(t *testing.T) (uses map[*types.Func][]use, all []*types.Func) {
	t.Helper()
	exports := map[string]string{}
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			exports[path] = file
		}
	}
	names, err := exec.Command("go", "list", "-f", `{{join .GoFiles "\n"}}`, ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for name := range strings.FieldsSeq(string(names)) {
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	cfg := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
	if _, err := cfg.Check("main", fset, files, info); err != nil {
		t.Fatal(err)
	}
	uses = map[*types.Func][]use{}
	for _, f := range files {
		file := filepath.Base(fset.Position(f.Pos()).Filename)
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from := info.Defs[fn.Name].(*types.Func)
			all = append(all, from)
			ast.Inspect(fn, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if to, ok := info.Uses[id].(*types.Func); ok {
						uses[from] = append(uses[from], use{to, file})
					}
				}
				return true
			})
		}
	}
	return uses, all
}

// receiver is the name of the type that a method is of, "" for a function.
func receiver(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return ""
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}
