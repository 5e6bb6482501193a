package detect

import (
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"io"
	"strings"
)

// The bounds of what is unpacked: how much of it is looked at, of how many tokens, and
// how short one may be.
const (
	maxUnpacked = 32 << 10
	maxPacked   = 4
	minPacked   = 24
)

// packedHeads are how gzip and zlib streams begin in base64.
var packedHeads = []string{"H4sI", "eJw", "eJx", "eJy", "eJz", "eNo", "eNp", "eNq", "eAE", "eAF", "eAG", "eAH"}

// decodeGzip shows what base64 tokens hold that are compressed with gzip or zlib, where
// that is text. Of each it unpacks no more than a page.
func decodeGzip(text string, long []longRun) (string, string, spans) {
	runs := runReader{text, long, minPacked, &base64Value}
	var j joined
	tried := 0
	for i := 0; i < len(text) && tried < maxPacked; {
		at, end := runs.next(i)
		if at < 0 {
			break
		}
		i = end
		if !packed(text[at:end]) {
			continue
		}
		tried++
		from := len(j.out)
		j.out = append(j.out, unpack(text[at:end])...)
		if !j.keep(from, at, end) {
			j.out = j.out[:from]
		}
	}
	return j.view("gzip")
}

// packed reports whether a token begins as a packed stream does.
func packed(token string) bool {
	for _, h := range packedHeads {
		if strings.HasPrefix(token, h) {
			return true
		}
	}
	return false
}

// unpack returns the beginning of what a token holds, nil if it isn't packed.
func unpack(token string) []byte {
	src := base64.NewDecoder(base64.RawStdEncoding, strings.NewReader(strings.NewReplacer("-", "+", "_", "/").Replace(token)))
	var r io.Reader
	var err error
	if strings.HasPrefix(token, "H4sI") {
		r, err = gzip.NewReader(src)
	} else {
		r, err = zlib.NewReader(src)
	}
	if err != nil {
		return nil
	}
	out := make([]byte, 0, 512)
	for len(out) < maxUnpacked {
		var buf [512]byte
		n, err := r.Read(buf[:])
		out = append(out, buf[:n]...)
		if err != nil {
			break
		}
	}
	return out
}
