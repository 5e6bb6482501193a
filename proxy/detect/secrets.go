package detect

var secretParsers []Parser

// secretRules are the kinds of secrets that a prefix or a shape of their own gives
// away, wherever they stand.
var secretRules = []Rule{
	{Kind: "aws-access-key", Family: Secrets, Score: High, Doc: "AWS access key id.", Pattern: `\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b`, Reject: []string{"EXAMPLE"}},
	{Kind: "github-token", Family: Secrets, Score: High, Doc: "GitHub token.", Pattern: `\bgh[pousr]_[0-9A-Za-z]{36}\b`},
	{Kind: "github-fine-grained-token", Family: Secrets, Score: High, Doc: "GitHub fine-grained token.", Pattern: `\bgithub_pat_[0-9A-Za-z_]{82}\b`},
	{Kind: "private-key", Family: Secrets, Score: High, Doc: "PEM private key.", Pattern: `-----BEGIN[ A-Z0-9]{0,30} PRIVATE KEY-----`},
}

// genericKinds are the kinds that know only context and randomness: they give way
// to a specific secret that they overlap.
var genericKinds = func() map[string]bool {
	m := map[string]bool{}
	for i := range secretRules {
		if secretRules[i].Generic {
			m[secretRules[i].Kind] = true
		}
	}
	return m
}()
