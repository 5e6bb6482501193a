package mcp_test

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// A vector is one line of testdata/decode.txt.
type vector struct {
	line     int
	want, id string
	raw      []byte
}

var rawByte = regexp.MustCompile(`⟨[0-9A-F]{2}⟩`)

// vectors reads testdata/decode.txt, which must have some.
func vectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/decode.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []vector
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := append(strings.SplitN(line, " ", 3), "", "")
		raw := rawByte.ReplaceAllFunc([]byte(fields[2]), func(m []byte) []byte {
			b, _ := strconv.ParseUint(string(m[len("⟨"):len("⟨")+2]), 16, 8)
			return []byte{byte(b)}
		})
		list = append(list, vector{n, fields[0], fields[1], raw})
	}
	if len(list) < 100 {
		t.Fatalf("testdata/decode.txt has only %d vectors", len(list))
	}
	return list
}

// describe says what Decode made of a message, as testdata/decode.txt writes it.
func describe(m *mcp.Message, err error) (what, id string) {
	var reject *mcp.Reject
	switch {
	case errors.As(err, &reject):
		what, id = reject.Code, orDash(reject.ID)
		if reject.IsAnswer {
			id = "answer:" + id
		}
		return what, id
	case err != nil:
		return err.Error(), ""
	}
	return m.Kind.String(), orDash(m.ID)
}

func orDash(id mcp.ID) string {
	if id == "" {
		return "-"
	}
	return string(id)
}

// decode decodes a message that the test takes for accepted.
func decode(t testing.TB, raw string) *mcp.Message {
	t.Helper()
	m, err := new(mcp.Decoder).Decode([]byte(raw))
	if err != nil {
		t.Fatalf("Decode(%s): %v", raw, err)
	}
	return m
}
