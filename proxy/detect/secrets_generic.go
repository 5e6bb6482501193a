package detect

// genericSecrets know only that a name says secret and that the value looks like
// one. They are held to more conditions than the others, since code and documents
// are full of names such as these.
var genericSecrets = []Rule{
	{Kind: "generic-api-key", Family: Secrets, Score: Medium, Group: 1, Check: opaqueNamed, Generic: true,
		Doc:     "A random value given to a name such as api_key, secret or token.",
		Pattern: `(?i:(?:api|access|auth|secret|private|signing|encryption|master|service|client|app|account|admin|root|deploy|jwt|hmac|webhook|csrf|session|refresh|bearer|oauth|storage|license)[_\-. ]?(?:key|token|secret|pass)|[_\-](?:key|token|secret)|\b(?:secret|token|apikey|credentials?))(?i:[_\-]?(?:id|base|value|string|prod|production|live|test|dev|staging|v?\d){0,2})[\\'"\x60\]]{0,3}\s{0,3}(?:(?i:string|str)\s{0,3})?(?:=>|:{0,3}=|[:,(>])[\s\\]{0,10}['"\x60\\]{0,3}([\w.=+/~\-]{16,200})` + ended},
	{Kind: "generic-password", Family: Secrets, Score: Medium, Group: 1, Check: quotedPassword, Generic: true,
		Doc:     "A password in quotes, given to a name that says so.",
		Pattern: `(?i:pass(?:word|wd|phrase)?|pwd|passwort|mot_?de_?passe|contrasenya)(?i:[_\-]?(?:hash|plain|prod|production|default|admin|root|db|\d){0,2})[\\'"\x60\]]{0,3}\s{0,3}(?:=>|:{0,3}=|:)\s{0,5}\\?["'\x60]([^\s"'\x60\\]{6,128})\\?["'\x60]`},
	{Kind: "env-password", Family: Secrets, Score: Medium, Group: 1, Check: password, Generic: true,
		Doc:     "A password in an environment file or an export.",
		Pattern: `(?m:^|[;&\s])(?:export\s{1,3}|set\s{1,3}|ENV\s{1,3}|-e\s{1,3})?[A-Z][A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD)[A-Z0-9_]{0,10}=["']?([^\s"'\x60;&|<>()]{6,128})`},
}

// secretParsers are the secrets that a pattern can't tell.
var secretParsers []Parser
