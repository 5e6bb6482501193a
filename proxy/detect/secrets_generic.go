package detect

// genericSecrets know only that a name says secret and that the value looks like
// one. They are held to more conditions than the others, since code and documents
// are full of names such as these.
var genericSecrets = []Rule{
	{Kind: "generic-password", Family: Secrets, Score: Medium, Group: 1, Check: quotedPassword, Generic: true,
		NoMatch: []string{`"PWD": "/tmp/build_2513/project"`, `OLDPWD='/srv/app-7/src'`,
			`"minipass": "^7.1.3"`, `"bypass": "2.0.0-beta.2"`},
		Doc:     "A password in quotes, given to a name that says so.",
		Pattern: `(?i:pass(?:word|wd|phrase)?|pwd|passwort|mot_?de_?passe|contrasenya)(?i:[_\-]?(?:hash|plain|prod|production|default|admin|root|db|\d){0,2})[\\'"\x60\]]{0,3}\s{0,3}(?:=>|:{0,3}=|:)\s{0,5}\\?["'\x60]([^\s"'\x60\\]{6,128})\\?["'\x60]`},
	{Kind: "env-password", Family: Secrets, Score: Medium, Group: 1, Check: password, Generic: true,
		Doc:     "A password in an environment file or an export.",
		Pattern: `(?m:^|[;&\s])(?:export\s{1,3}|set\s{1,3}|ENV\s{1,3}|-e\s{1,3})?[A-Z][A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD)[A-Z0-9_]{0,10}=["']?([^\s"'\x60;&|<>()]{6,128})`},
}
