package detect

import "hash/crc32"

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// withChecksum sets the last six of a token's 36 characters after the underscore
// to the CRC-32 of the others in base 62, as GitHub documents for its tokens and
// npm has it too. Other tokens stay as they are.
func withChecksum(kind, token string) string {
	const body, sum = 30, 6
	switch kind {
	case "github-pat", "github-oauth", "github-app-token", "github-refresh-token", "npm-token":
	default:
		return token
	}
	if len(token) != len("ghp_")+body+sum {
		return token
	}
	head := token[:len(token)-sum]
	return head + checksum(head[len("ghp_"):])
}

// checksum is the CRC-32 of a token's random part in base 62, in six characters.
func checksum(body string) string {
	c := crc32.ChecksumIEEE([]byte(body))
	var tail [6]byte
	for i := len(tail) - 1; i >= 0; i-- {
		tail[i] = base62[c%62]
		c /= 62
	}
	return string(tail[:])
}

// checked grades a token whose last six characters are a checksum: High if it is right
// or the token has another length than those with one, Medium if it is wrong. Such a
// token was made up, or its format has changed; it is stopped, but said to be less
// sure, so that a policy that wants sure ones only leaves it.
func checked(token string, _ *View, _, _ int) Score {
	const body, sum = 30, 6
	if len(token) != len("ghp_")+body+sum || checksum(token[len("ghp_"):len("ghp_")+body]) == token[len(token)-sum:] {
		return High
	}
	return Medium
}

// withSum makes a rule's findings depend on the token's checksum.
func (r Rule) withSum() Rule { r.Grade = checked; return r }
