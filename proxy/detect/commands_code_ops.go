package detect

import "sync"

// opsCodeRules know what programs do to a cloud's account, to many machines, or to who
// types at one. Sources: the libraries' references; ATT&CK T1056.001, T1098, T1110,
// T1485, T1552.007.
var opsCodeRules = []codeRule{
	{"privilege-change", Medium, []string{"attach_user_policy", "attach_role_policy", "attach_group_policy", "attachuserpolicy", "attachrolepolicy", "attachgrouppolicy"}, lazyRegexp(`(?is)attach_?(?:user|role|group)_?policy\w*\s*\(<gap>(?:administratoraccess|iamfullaccess|poweruseraccess)`)},
	{"exfiltration", Medium, []string{"put_bucket_policy", "putbucketpolicy", "put_bucket_acl", "putbucketacl"}, lazyRegexp(`(?is)put_?bucket_?policy\w*\s*\(<gap>principal\W{1,8}(?:aws\W{1,6})?\*|put_?bucket_?acl\w*\s*\(<gap>public-read`)},
	{"credential-read", Medium, []string{"list_secret_for_all_namespaces", "listsecretforallnamespaces"}, lazyRegexp(`(?i)list_?secret_?for_?all_?namespaces\s*\(`)},
	{"exfiltration", High, []string{"pynput", "keyboard.on_press", "setwindowshookex", "cgeventtapcreate", "iohook"}, lazyRegexp(`(?is)(?:pynput|keyboard\.on_press|setwindowshookex|cgeventtapcreate|iohook)<gap>(?:requests\.post|urlopen|socket\.|smtplib|fetch\(|http\.client|\.sendall|axios)`)},
	{"persistence", High, []string{"winreg as"}, lazyRegexp(`(?is)import\s+winreg\s+as<gap>currentversion\\+run`)},
	{"remote-execution", Medium, []string{"paramiko", "ftplib", "telnetlib", "smbconnection", "netmiko", "pymssql"}, lazyRegexp(`(?is)\bfor\s+\w+\s+in\s*(?:range\(\s*\d+\s*,\s*25[0-6]|[\[(]\s*['"])<gap>\.(?:connect|login)\(<gap>pass(?:word|wd)?\s*=\s*\w+\s*[,)]`)},
	{"cloud-destructive", High, []string{"buckets.all()", "object_versions"}, lazyRegexp(`(?is)buckets\.all\(\)<gap>\.delete\(`)},
}

var opsCodeWords = sync.OnceValue(func() *wordIndex {
	x := &wordIndex{words: map[[3]byte][]indexedWord{}}
	for i, r := range opsCodeRules {
		x.add(i, r.any)
	}
	return x
})

// opsCode judges a program's text, low being the same in lower case.
func (j *judge) opsCode(text, low string, start, end int) {
	held := opsCodeWords().in(low)
	for i, r := range opsCodeRules {
		if held&(1<<i) != 0 && r.re().MatchString(text) {
			j.addAt(r.kind, start, end, r.score)
		}
	}
}
