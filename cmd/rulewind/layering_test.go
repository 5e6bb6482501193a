package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/rulewind/rulewind"

// A layer says what a package may import: of ours, and of other modules by a prefix
// of the import path. Anything says yes to all, but to what a package owns.
type layer struct {
	ours  []string
	third []string
}

var anything = []string{""}

// layers holds every package of the module: imports go down, never up.
var layers = map[string]layer{
	"proxy/mcp":       {third: []string{"golang.org/x/text", "github.com/go-json-experiment/json"}},
	"proxy/detect":    {ours: []string{"proxy/mcp"}, third: []string{"mvdan.cc/sh/v3", "github.com/nlnwa/whatwg-url", "golang.org/x/text"}},
	"proxy/policy":    {ours: []string{"proxy/mcp", "proxy/detect"}, third: []string{"go.yaml.in/yaml/v4", "github.com/bmatcuk/doublestar/v4", "github.com/google/cel-go", "github.com/google/jsonschema-go"}},
	"corpus":          {ours: []string{"proxy/mcp", "proxy/policy"}, third: []string{"golang.org/x/tools/txtar", "go.yaml.in/yaml/v4"}},
	"recorder":        {ours: []string{"proxy/mcp", "proxy/policy", "proxy/detect"}, third: []string{sqlite, "github.com/klauspost/compress/zstd", "golang.org/x/mod/sumdb", "filippo.io/age"}},
	"proxy":           {ours: []string{"proxy/mcp", "proxy/policy"}, third: []string{"golang.org/x/sys"}},
	"replay":          {ours: []string{"corpus", "proxy/policy", "proxy/mcp"}, third: []string{"github.com/RoaringBitmap/roaring"}},
	"corpus/importer": {ours: []string{"corpus", "recorder", "proxy/policy", "proxy/mcp"}, third: []string{"github.com/klauspost/compress/zstd"}},
	"reports":         {ours: []string{"replay", "corpus", "proxy/policy", "proxy/mcp", "proxy/detect"}, third: []string{"github.com/olekukonko/tablewriter", "github.com/sergi/go-diff"}},
	"cmd/rulewind":    {ours: anything, third: anything},
}

const sqlite = "github.com/mattn/go-sqlite3"

// owned are imports that only one package may have, whatever else it may.
var owned = map[string]string{sqlite: "recorder"}

// never are packages that must not be reached, not even through others.
var never = map[string][]string{
	// A replay contacts no server and starts nothing: what could isn't even linked.
	"replay":  {module + "/proxy", module + "/recorder", sqlite, "net", "net/http", "os/exec", "plugin"},
	"proxy":   {module + "/recorder", sqlite},
	"reports": {module + "/proxy", module + "/recorder", sqlite},
}

// pure packages read no clock, do no I/O and start nothing (law L3).
var pure = []string{"proxy/mcp", "proxy/detect", "proxy/policy", "corpus"}

type goPackage struct {
	ImportPath, Dir string
	Standard        bool
	Imports, Deps   []string
}

func TestLayering(t *testing.T) {
	pkgs := listPackages(t)
	for name := range layers {
		if !slices.ContainsFunc(pkgs, func(p goPackage) bool { return p.ImportPath == module+"/"+name }) {
			t.Errorf("layers has %s, which is no package", name)
		}
	}
	std := map[string]bool{"C": true}
	for _, p := range pkgs {
		std[p.ImportPath] = std[p.ImportPath] || p.Standard
	}
	for _, p := range pkgs {
		name, ours := strings.CutPrefix(p.ImportPath, module+"/")
		if !ours {
			continue
		}
		l, ok := layers[name]
		if !ok {
			t.Errorf("%s is in no layer: say in layers what it may import", name)
			continue
		}
		for _, imp := range p.Imports {
			if std[imp] {
				continue
			}
			if why := l.refuses(name, imp); why != "" {
				t.Errorf("%s imports %s: %s", name, imp, why)
			}
		}
		for _, dep := range p.Deps {
			if slices.Contains(never[name], dep) {
				t.Errorf("%s reaches %s through its imports", name, dep)
			}
		}
	}
}

// refuses returns why a package may not import another, "" if it may.
func (l layer) refuses(name, imp string) string {
	if owner := owned[imp]; owner != "" && owner != name {
		return "only " + owner + " may"
	}
	if ours, ok := strings.CutPrefix(imp, module+"/"); ok {
		if slices.Contains(l.ours, ours) || slices.Equal(l.ours, anything) {
			return ""
		}
		return fmt.Sprintf("of ours it may import only %q", l.ours)
	}
	for _, prefix := range l.third {
		if prefix == "" || imp == prefix || strings.HasPrefix(imp, prefix+"/") {
			return ""
		}
	}
	return fmt.Sprintf("of others it may import only %q", l.third)
}

func TestLayerRefuses(t *testing.T) {
	for _, tt := range []struct{ pkg, imp, want string }{
		{"replay", module + "/proxy", "of ours"},
		{"replay", module + "/proxy/mcp", ""},
		{"proxy/mcp", module + "/proxy/detect", "of ours"},
		{"proxy/mcp", "golang.org/x/text/unicode/norm", ""},
		{"proxy/mcp", "golang.org/x/textual", "of others"},
		{"cmd/rulewind", sqlite, "only recorder"},
		{"recorder", sqlite, ""},
	} {
		if got := layers[tt.pkg].refuses(tt.pkg, tt.imp); !strings.HasPrefix(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%s importing %s: %q, want %q", tt.pkg, tt.imp, got, tt.want)
		}
	}
}

// listPackages asks the go command for the module's packages and all they need.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,Standard,Imports,Deps", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var pkgs []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return pkgs
		case err != nil:
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// L3: the engine and what it stands on do no I/O and read no clock, environment,
// randomness or goroutine order. Sources for other systems are read as well.
func TestLawL3PureSources(t *testing.T) {
	for _, name := range pure {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(name), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		sources := 0
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			sources++
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, impurity := range impurities(t, file, text) {
				t.Error(impurity)
			}
		}
		if sources == 0 {
			t.Errorf("%s has no sources", name)
		}
	}
}

// impureImports are refused whole, with all below them but for pureImports.
var impureImports = []string{"os", "net", "syscall", "math/rand", "crypto/rand", "hash/maphash", "io/ioutil", "log", "plugin", "runtime",
	"path/filepath", "golang.org/x/sys", "C"}

var pureImports = []string{"net/netip", "net/url"}

// impureNames are refused of packages that are otherwise fine.
var impureNames = map[string][]string{
	"time":    {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"},
	"fmt":     {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"context": {"WithTimeout", "WithDeadline", "WithTimeoutCause", "WithDeadlineCause", "AfterFunc"},
}

// impurities returns what in a source breaks law L3, each with its position.
func impurities(t *testing.T, name string, text []byte) []string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	add := func(n ast.Node, format string, args ...any) {
		found = append(found, fmt.Sprintf("%s: %s", fset.Position(n.Pos()), fmt.Sprintf(format, args...)))
	}
	watched := map[string]string{} // local name -> import path
	for _, imp := range file.Imports {
		path, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(pureImports, path) && slices.ContainsFunc(impureImports, func(p string) bool {
			return path == p || strings.HasPrefix(path, p+"/")
		}) {
			add(imp, "imports %s", path)
		}
		if impureNames[path] == nil {
			continue
		}
		local := path
		if imp.Name != nil {
			local = imp.Name.Name
		}
		if local == "." {
			add(imp, "imports %s with a dot, which hides what it uses of it", path)
		}
		watched[local] = path
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			add(n, "starts a goroutine")
		case *ast.SelectStmt:
			add(n, "selects, and so depends on goroutine order")
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && slices.Contains(impureNames[watched[x.Name]], n.Sel.Name) {
				add(n, "uses %s.%s", watched[x.Name], n.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestImpurities(t *testing.T) {
	for _, tt := range []struct {
		source string
		want   []string
	}{
		{"package p\nimport \"time\"\nvar t = time.Unix(0, 0)", nil},
		{"package p\nimport (\"net/netip\"; \"net/url\")", nil},
		{"package p\nimport \"time\"\nvar now = time.Now", []string{"x.go:3:11: uses time.Now"}},
		{"package p\nimport clock \"time\"\nvar now = clock.Now()", []string{"x.go:3:11: uses time.Now"}},
		{"package p\nimport . \"time\"", []string{"x.go:2:8: imports time with a dot, which hides what it uses of it"}},
		{"package p\nimport (\n\"os/exec\"\n\"net\"\n\"net/http\"\n)", []string{"x.go:3:1: imports os/exec", "x.go:4:1: imports net", "x.go:5:1: imports net/http"}},
		{"package p\nfunc f() {\ngo f()\nselect {}\n}", []string{"x.go:3:1: starts a goroutine", "x.go:4:1: selects, and so depends on goroutine order"}},
	} {
		if diff := cmp.Diff(tt.want, impurities(t, "x.go", []byte(tt.source))); diff != "" {
			t.Errorf("%s\n(-want +got)\n%s", tt.source, diff)
		}
	}
}
