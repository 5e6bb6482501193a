package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// spelt are the ways in which a secret is sent; what each gives can stand in a JSON
// string.
var spelt = []func(string) string{
	func(s string) string {
		b, err := json.Marshal(s)
		if err != nil {
			panic(err)
		}
		return string(b[1 : len(b)-1])
	},
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte("> " + s)) },
	func(s string) string { return hex.EncodeToString([]byte(s)) },
	func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
		return b.String()
	},
}

// readings are the forms of a secret to look for: as it is, and what other encodings
// make of it whatever stands around.
func readings(secret string) []string {
	out := []string{secret, strings.ToUpper(hex.EncodeToString([]byte(secret)))}
	for i, spell := range spelt {
		if i != 1 {
			out = append(out, spell(secret))
		}
	}
	for skip := range 3 {
		whole := []byte(secret)[skip:]
		out = append(out, base64.StdEncoding.EncodeToString(whole[:len(whole)/3*3]))
	}
	return out
}

// made makes an example of a kind of secret, "" if there is none.
func made(t *testing.T, kind string, seed uint32) string {
	t.Helper()
	text, _ := detect.Generate(kind, func() byte {
		seed = seed*1664525 + 1013904223
		return byte(seed >> 24)
	})
	return text
}

// secretTexts makes texts that hold secrets, and the parts of each that are secret.
func secretTexts(t *testing.T) (texts []string, secrets [][]string) {
	t.Helper()
	for i, kind := range detect.Kinds(detect.Secrets) {
		if i%14 > 0 {
			continue
		}
		text := made(t, kind, uint32(i)+1)
		var parts []string
		for _, f := range detect.Find(nil, detect.Text{Value: text, Name: "content", Place: detect.Argument, Tool: "write_file"}, detect.Secrets) {
			if f.View == "raw" && f.End-f.Start >= 8 {
				parts = append(parts, text[f.Start:f.End])
			}
		}
		if len(parts) > 0 {
			texts, secrets = append(texts, text), append(secrets, parts)
		}
	}
	if len(texts) < 15 {
		t.Fatalf("only %d secrets to send", len(texts))
	}
	return texts, secrets
}

// TestLawL8NothingShowsASecret sends secrets in every form, and looks for them in all
// that is written: the database and what is beside it, what the commands print, and
// their errors.
func TestLawL8NothingShowsASecret(t *testing.T) {
	e := newTestEnv(t)
	e.env["RULEWIND_DB"] = filepath.Join(e.dir, "r.db")
	e.file("allow.yaml", "version: 1\ndefault: allow\n")
	texts, secrets := secretTexts(t)
	lines := []string{hello}
	for i, text := range texts {
		for k, spell := range spelt {
			lines = append(lines, toolCall(fmt.Sprint(1+i*10+k), "write_file", `{"path":"a","content":"`+spell(text)+`"}`))
		}
	}
	token := made(t, "github-pat", 99) // one that is found wherever it stands
	secrets = append(secrets, []string{token})
	lines = append(lines,
		toolCall(`"`+spelt[0](token)+`"`, "read_file", `{"path":"notes/`+spelt[0](token)+`"}`),
		toolCall("9001", spelt[0](token), `{}`),
		`{"jsonrpc":"2.0","id":9002,"method":"resources/read","params":{"uri":"file:///`+spelt[0](token)+`"}}`,
		`not JSON: `+token)
	var shown bytes.Buffer
	keep := func(args ...string) {
		t.Helper()
		_, out, stderr := e.run(args...)
		fmt.Fprintf(&shown, "$ %s\n%s%s", args[0], out, stderr)
	}
	for _, p := range []string{"default", "allow.yaml"} {
		code, _, stderr := e.session(lines, "--policy", p)
		if code != 0 {
			t.Fatalf("exit %d\n%s", code, stderr)
		}
		fmt.Fprintf(&shown, "$ proxy\n%s", stderr) // its standard output is the client's
	}
	e.in = ""
	keep("sessions")
	keep("sessions", "-o", "json")
	keep("tools")
	keep("log", "stats")
	keep("log", "verify")
	for _, format := range []string{"text", "markdown", "html", "json"} {
		keep("report", "-o", format)
		keep("replay", "-p", "allow.yaml", "-o", format)
		keep("replay", "-p", "strict", "-o", format)
	}
	keep("replay", "verify")
	keep("export", "-o", "-")
	keep("export", "--rekey", "-o", "-")
	keep("check", "--policy", "default", "--message", toolCall("1", "write_file", `{"path":"`+spelt[0](token)+`"}`))
	keep("policy", "show", "--policy", token+".yaml")
	if n := strings.Count(shown.String(), "write_file"); n < len(lines) {
		t.Errorf("of %d calls, %d are shown:\n%s", len(lines), n, shown.String())
	}
	files, err := filepath.Glob(filepath.Join(e.dir, "r.db*"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	places := map[string][]byte{"what is shown": shown.Bytes()}
	for _, f := range files {
		if places[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	for place, b := range places {
		for _, parts := range secrets {
			for _, secret := range parts {
				for _, r := range readings(secret) {
					if at := bytes.Index(b, []byte(r)); at >= 0 {
						t.Errorf("%s has a reading of a secret, of %d bytes: %.40q…", place, len(r), b[max(0, at-30):at+6])
					}
				}
			}
		}
	}
}
