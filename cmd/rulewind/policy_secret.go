package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

type policySecretCmd struct {
	Name string `arg:"" optional:"" default:"NAME" help:"The caller's name."`
}

func (policySecretCmd) Help() string {
	return `Makes a secret of 256 random bits for a caller, and the entry of the policy's callers that knows it by its SHA-256. The secret is printed once and kept nowhere: the caller sends it as params._meta.authorization.

Examples:

    rulewind policy secret release-bot`
}

func (c *policySecretCmd) Run(e *env) error {
	b := make([]byte, 32)
	rand.Read(b)
	secret := base64.RawURLEncoding.EncodeToString(b)
	fmt.Fprintf(e.Stdout, "secret, for the caller: %s\n\nfor the policy:\n  callers:\n    list:\n      - {name: %q, secret_sha256: %x}\n", secret, c.Name, sha256.Sum256([]byte(secret)))
	return nil
}
