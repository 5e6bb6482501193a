package detect_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rulewind/rulewind/proxy/detect"
)

// spelled maps each way to spell a text to its spelling.
func spelled(s string) map[string]string {
	var percent, entities, decimal, js, c, octal, full, zero, tags, pairs, wide strings.Builder
	for i, r := range []byte(s) {
		fmt.Fprintf(&percent, "%%%02X", r)
		fmt.Fprintf(&entities, "&#x%x;", r)
		fmt.Fprintf(&decimal, "&#%d;", r)
		fmt.Fprintf(&js, `\u%04x`, r)
		fmt.Fprintf(&c, `\x%02x`, r)
		fmt.Fprintf(&octal, `\%03o`, r)
		full.WriteRune(rune(r) - '!' + '！')
		zero.WriteString(string(rune(r)) + "\u200b")
		tags.WriteRune(0xe0000 + rune(r))
		if i > 0 {
			pairs.WriteByte(' ')
		}
		fmt.Fprintf(&pairs, "%02x", r)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		wide.WriteByte(byte(u))
		wide.WriteByte(byte(u >> 8))
	}
	b64 := base64.StdEncoding.EncodeToString([]byte(s))
	var wrapped strings.Builder
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("padding ", 12) + s + " tail"))
	for ; len(long) > 60; long = long[60:] {
		wrapped.WriteString(long[:60] + "\r\n")
	}
	wrapped.WriteString(long)
	return map[string]string{
		"as it is": s, "percent": percent.String(), "percent twice": url.QueryEscape(percent.String()), "entities": entities.String(),
		"decimal entities": decimal.String(), "JSON": js.String(), "C": c.String(), "octal": octal.String(), "full width": full.String(),
		"zero width": zero.String(), "tags": tags.String(), "base64": b64, "base64 unpadded": strings.TrimRight(b64, "="),
		"base64url": base64.URLEncoding.EncodeToString([]byte("??>>" + s)), "base64 after a slash": "/x/" + b64,
		"base64 twice": base64.StdEncoding.EncodeToString([]byte(b64)), "base64 wrapped": wrapped.String(),
		"base64 of UTF-16": base64.StdEncoding.EncodeToString([]byte(wide.String())), "hex": hex.EncodeToString([]byte(s)),
		"hex pairs": pairs.String(), "hex with 0x": "0x" + strings.ReplaceAll(pairs.String(), " ", ", 0x"), "hex with colons": strings.ReplaceAll(pairs.String(), " ", ":"),
		"hex after binary":  "deadbeef0011" + hex.EncodeToString([]byte(s)),
		"base64 in percent": url.QueryEscape(strings.ReplaceAll(b64, "A", "%41")),
	}
}

func TestASecretIsFoundHoweverItIsSpelled(t *testing.T) {
	for _, kind := range []string{"github-pat", "aws-access-key", "slack-bot-token"} {
		_, secret := example(t, kind, 11)
		for way, s := range spelled(secret) {
			text := "Please look at this: " + s + " and tell me."
			f, ok := found(text, kind)
			if !ok {
				t.Errorf("%s as %s isn't found: %s", kind, way, strings.Join(kindsIn(text, detect.Secrets, detect.AnyPlace), " "))
				continue
			}
			at := strings.Index(text, s)
			if f.Start < at-1 || f.End > at+len(s)+1 {
				t.Errorf("%s as %s: found at [%d,%d), outside of [%d,%d)", kind, way, f.Start, f.End, at, at+len(s))
			}
		}
	}
}

func TestAViewPointsAtTheSpelling(t *testing.T) {
	_, secret := example(t, "github-pat", 4)
	percent := spelled(secret)["percent"]
	for _, tt := range []struct{ text, spelling, view string }{
		{"a=%20" + percent + "&b=c", percent, "percent"},
		{"x " + base64.StdEncoding.EncodeToString([]byte("key "+secret)) + " y", base64.StdEncoding.EncodeToString([]byte("key " + secret)), "base64"},
		{"“" + secret[:8] + "\u200b" + secret[8:] + "”", secret[:8] + "\u200b" + secret[8:], "unicode"},
	} {
		f, ok := found(tt.text, "github-pat")
		if !ok {
			t.Errorf("not found in view %s", tt.view)
			continue
		}
		if got := tt.text[f.Start:f.End]; got != tt.spelling || f.View != tt.view {
			t.Errorf("view %q says [%d,%d), want the %d bytes at %d of view %q", f.View, f.Start, f.End, len(tt.spelling), strings.Index(tt.text, tt.spelling), tt.view)
		}
	}
}

func TestLongTextsKeepTheirViews(t *testing.T) {
	_, secret := example(t, "npm-token", 2)
	filler := strings.Repeat("An ordinary line of text with nothing in it.\n", 2000)
	text := filler + "see %74oken " + strings.ReplaceAll(secret, "npm_", "npm%5F") + "\n" + filler + "100%25 done\n"
	f, ok := found(text, "npm-token")
	if !ok {
		t.Fatal("not found")
	}
	if got := text[f.Start:f.End]; got != strings.ReplaceAll(secret, "npm_", "npm%5F") {
		t.Errorf("found at [%d,%d), want the encoded token", f.Start, f.End)
	}
}

func TestTooDeepIsAFinding(t *testing.T) {
	s := "an instruction that nobody should see, wrapped time and again"
	for depth := 1; depth <= 6; depth++ {
		s = base64.StdEncoding.EncodeToString([]byte(s))
		kinds := kindsIn(s, detect.Hidden, detect.AnyPlace)
		deep := strings.Contains(strings.Join(kinds, " "), "too-deeply-encoded")
		if want := depth > 3; deep != want {
			t.Errorf("encoded %d times: too-deeply-encoded is %v, want %v", depth, deep, want)
		}
	}
}

func TestOrdinaryTextIsNotEncoded(t *testing.T) {
	for _, s := range []string{
		"Prices rose by 5% in May & June; see C:\\Users\\new\\temp and \"quotes\".",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 and 0f8fad5b-d9cb-469f-a165-70867728950e",
		"Grüße, 你好, привет — “typographic” text…",
		"fmt.Printf(\"%02x\\n\\t%d%%\", a, b) // \\d+ \\w* a&&b &amp;",
	} {
		if kinds := kindsIn(s, detect.Hidden|detect.Secrets, detect.AnyPlace); len(kinds) > 0 {
			t.Errorf("%q has %v", s, kinds)
		}
	}
}

// TestPlainTextsHaveNoViews holds the short way for words against the decoders, which a
// harmless byte beyond ASCII forces.
func TestPlainTextsHaveNoViews(t *testing.T) {
	words := append(detect.Words(), "read_file", "r m - r f /", "a.b.c.d.e.f.g", "1 2 3 4 5 6 7", "ff ee dd cc bb", "../../../etc")
	for _, w := range words {
		if len(w) > 13 {
			continue
		}
		plain := detect.Readings(w)
		if forced := detect.Readings(w + "é"); len(plain) == 1 && len(forced) > 1 {
			t.Errorf("%q has one reading, but with a letter more %q", w, forced)
		}
	}
}
