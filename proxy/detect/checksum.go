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
	c := crc32.ChecksumIEEE([]byte(head[len("ghp_"):]))
	var tail [sum]byte
	for i := sum - 1; i >= 0; i-- {
		tail[i] = base62[c%62]
		c /= 62
	}
	return head + string(tail[:])
}
