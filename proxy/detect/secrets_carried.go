package detect

import "strings"

// carriedSecrets are named by a member that stands beside the value, as in lists of
// variables, cookies and outputs.
var carriedSecrets = []Rule{
	{Kind: "named-value", Family: Secrets, Score: Medium, Group: 1, Check: carriedValue, Generic: true,
		Doc:     "A value beside a member that names it: a variable of a container, a cookie, an output of Terraform.",
		Pattern: `(?i)["']?(?:name|key)["']?\s{0,3}[:=]\s{0,3}["']?[\w.\-]{0,40}(?:secret|token|passw|api_?key|access_?key|private_?key|credential|session|_sess|\bsid|auth)[\w.\-]{0,20}["']?\s{0,3}[,;]?\s{0,20}["']?(?:value|content)["']?\s{0,3}[:=]\s{0,3}["']?([^\s"',;{}<>]{8,400})`,
		NoMatch: []string{`{"name": "session", "value": "${SESSION}"}`, `- name: PASSWORD_FILE` + "\n" + `  value: /run/secrets/pw`}},
	{Kind: "named-value", Family: Secrets, Score: Medium, Group: 1, Check: carriedValue, Generic: true,
		Doc:     "A secret whose value is a member of an object of its name.",
		Pattern: `(?i)["'][\w.\-]{0,40}(?:secret|token|passw(?:or)?d|api_?key|access_?key|private_?key|credential)[\w.\-]{0,20}["']\s{0,3}:\s{0,3}\{\s{0,20}(?:["'](?:sensitive|type|description)["']\s{0,3}:\s{0,3}[^,}]{1,40},\s{0,20}){0,3}["'](?:value|default|current|plaintext)["']\s{0,3}:\s{0,3}["']([^"'\n]{6,400})["']`,
		NoMatch: []string{`"password": {"default": "string", "type": "string"}`}},
	{Kind: "ntlm-hash", Family: Secrets, Score: High, Group: 1,
		Doc:     "Password hashes of Windows accounts as dumps of the SAM have them.",
		Pattern: `[\w.$ \-\\]{1,64}:\d{3,10}:([a-fA-F0-9]{32}:[a-fA-F0-9]{32}):::`},
	{Kind: "spoken-key", Family: Secrets, Score: Medium, Group: 1, Check: spokenKey, Generic: true,
		Doc:     "A key that a sentence hands over.",
		Pattern: `(?i)\b(?:api|app|access|secret|private|auth|license|encryption|signing|master|deploy|bot|client|service|admin|root|database|db)[ \-](?:key|token|password|secret|pw)\b[^\n:=]{0,40}(?::|=|\bis\b)\s{0,3}["'\x60]?([\w\-+/=.~!@$%^&*]{10,200})`,
		NoMatch: []string{"The API key is required.", "the access token is refreshed automatically", "api key: see the documentation"}},
}

// carriedValue wants what a name such as SESSION_TOKEN promises.
func carriedValue(match string, v *View, start, end int) bool {
	return password(match, v, start, end) && entropy(match) >= 2.6 && match[0] != '/' && !publicName(lower(v.Text[max(0, start-70):start]))
}

// spokenKey wants a value that isn't the next word of the sentence.
func spokenKey(match string, v *View, start, end int) bool {
	for len(match) > 0 && (match[len(match)-1] == '.' || match[len(match)-1] == ',' || match[len(match)-1] == ')' || match[len(match)-1] == ';') {
		match = match[:len(match)-1]
	}
	l, u, d, _ := classes(match)
	return len(match) >= 10 && d >= 2 && l+u >= 4 && entropy(match) >= 3 && strings.Count(match, "/") < 2 && !versionRange(match) && password(match, v, start, end) && !readsAsName(match) && !camelName(match) && !publicName(lower(v.Text[max(0, start-60):start]))
}
