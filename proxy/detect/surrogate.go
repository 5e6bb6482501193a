package detect

// Surrogate returns a stand-in for a secret of the kind: same length in bytes,
// found by the same rule, its checksum right, unlike the secret in every class
// position that carries entropy. random gives the bytes that choose it: the same
// bytes, the same stand-in. It reports false if the kind has none (a password, a
// thing of low entropy): such findings are pinned instead.
func Surrogate(kind, secret string, random func() byte) (string, bool) { return "", false }

// Generate returns a positive example of a rule's kind, made from its pattern, for
// tests and synthetic corpora; ok is false for kinds that parsers find.
func Generate(kind string, random func() byte) (example string, ok bool) { return "", false }
