package detect

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// A lineRule knows a dangerous form in a PowerShell or cmd line.
type lineRule struct {
	kind  string
	score Score
	any   []string // one must stand in the text, lower case
	re    func() *matcher
}

// windowsRules judge PowerShell and cmd, whose quoting (carets, backticks) is
// dropped before. Sources: Microsoft's command reference and the ATT&CK
// techniques T1059.001, T1059.003, T1105, T1218, T1490, T1547, T1562.
var windowsRules = []lineRule{
	{"encoded-powershell", High, []string{"powershell", "pwsh"}, lazyRegexp(`(?i)\b(?:powershell|pwsh)(?:\.exe)?\b[^\n|;&]*?\s[-/](?:e|ec|en|enc|enco|encod|encode|encoded|encodedc\w*)\s+['"]?[A-Za-z0-9+/=]{6,}`)},
	{"powershell-download-run", High, []string{"iex", "invoke-expression", "downloadstring", "downloadfile", "downloaddata", "invoke-webrequest", "invoke-restmethod", "iwr", "irm"},
		lazyRegexp(`(?is)(?:\biex\b|invoke-expression|&\s*\(|\.\s*\(|icm\b|invoke-command|scriptblock\]?::create)<gap>(?:downloadstring|downloaddata|invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|\bcurl\b|\bwget\b|net\.webclient)|(?:downloadstring|downloaddata|invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|net\.webclient|\bcurl\b)<gap>\|\s*(?:iex|invoke-expression|&|powershell|cmd)`)},
	{"powershell-download-run", High, []string{"downloadstring", "downloadfile", "downloaddata"}, lazyRegexp(`(?is)net\.webclient<gap>\.download(?:string|file|data)`)},
	{"powershell-download-run", High, []string{"start-process", "start ", "invoke-item"}, lazyRegexp(`(?is)(?:invoke-webrequest|iwr|start-bitstransfer|curl)\b<gap>-(?:outfile|o|destination)\s+(\S+)<gap>(?:start-process|invoke-item|\bstart\s)`)},
	{"powershell-download-run", High, []string{"certutil", "bitsadmin", "mshta", "regsvr32", "rundll32", "msiexec", "wmic", "cscript", "wscript", "installutil", "hh.exe"},
		lazyRegexp(`(?i)\bcertutil(?:\.exe)?\b.*[-/](?:urlcache|verifyctl|ping)|\bbitsadmin\b.*/transfer|\bmshta(?:\.exe)?\s+["']?(?:https?:|javascript:|vbscript:|\\\\)|\bregsvr32\b.*/i:\s*["']?http|\brundll32\b.*(?:javascript:|http|url\.dll|comsvcs)|\bmsiexec\b.*/i\s+["']?http|\bwmic\b.*/format:\s*["']?http`)},
	{"reverse-shell", High, []string{"tcpclient", "tcplistener"}, lazyRegexp(`(?is)net\.sockets\.tcp(?:client|listener)<gap>(?:getstream|iex|invoke-expression|cmd)`)},
	{"decode-and-run", High, []string{"frombase64string"}, lazyRegexp(`(?is)(?:\biex\b|invoke-expression|scriptblock|assembly\]?::load|&\s*\()<gap>frombase64string|frombase64string<gap>\|\s*(?:iex|invoke-expression|&)`)},
	{"cmd-destructive", High, []string{"del ", "erase ", "rd ", "rmdir "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*["']?(?:del|erase)\s+(?:/[fsqap:\w-]+\s+)*/[sq]\b[^&|\n]*?["']?(?:[a-z]:[\\/](?:\*|windows|users|program|$|["'\s])|%(?:systemroot|windir|userprofile|systemdrive|appdata)%|\\\\)`)},
	{"cmd-destructive", High, []string{"rd ", "rmdir "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*["']?(?:rd|rmdir)\s+(?:/[sq]\s+)+["']?(?:[a-z]:[\\/]?(?:["'\s]|$|\*|windows|users(?:\\\w+)?["'\s]?(?:$|\s)|program)|%(?:systemroot|windir|userprofile|systemdrive|appdata|programfiles)%|\.\.)`)},
	{"cmd-destructive", High, []string{"remove-item", "ri ", "rm ", "del ", "rmdir "}, lazyRegexp(`(?i)\b(?:remove-item|ri|rm|del|rmdir)\b[^\n|;]*-(?:r|rec\w*)\b[^\n|;]*(?:[a-z]:\\(?:\*|windows|users|program|["'\s]|$)|\$(?:env:(?:userprofile|systemroot|windir|systemdrive|appdata|homepath)|home)\b|hklm:)|\b(?:remove-item|ri)\b[^\n|;]*(?:["'\s][a-z]:\\(?:\*|windows|users|["'\s])|\$(?:env:(?:userprofile|systemroot|windir|systemdrive)|home)\b)[^\n|;]*-(?:r|rec\w*)\b`)},
	{"cmd-destructive", Medium, []string{"del ", "erase "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*(?:del|erase)\s+(?:/[fsqap:\w-]+\s+)*/s\s+(?:/[fsqap:\w-]+\s+)*["']?\*`)},
	{"disk-write", High, []string{"format", "diskpart", "clear-disk", "cipher", "physicaldrive", "initialize-disk"}, lazyRegexp(`(?i)(?:^|[&|\n]|/c\s)\s*format(?:\.com)?\s+[a-z]:|\bformat-volume\b|\bclear-disk\b|\binitialize-disk\b|\bdiskpart\b[^\n]*(?:/s|clean)|\bcipher\s+/w:|\\\\\.\\physicaldrive\d`)},
	{"cmd-destructive", High, []string{"vssadmin", "shadowcopy", "wbadmin", "bcdedit", "reagentc", "fsutil"}, lazyRegexp(`(?i)\bvssadmin\b.*\b(?:delete|resize)\b|\bshadowcopy\b.*\bdelete\b|win32_shadowcopy.*delete|\bwbadmin\b.*\bdelete\b|\bbcdedit\b.*(?:recoveryenabled\s+no|ignoreallfailures)|\breagentc\b.*/disable`)},
	{"log-wipe", High, []string{"wevtutil", "clear-eventlog", "remove-eventlog", "deletejournal"}, lazyRegexp(`(?i)\bwevtutil\b.*\b(?:cl|clear-log)\b|\b(?:clear|remove)-eventlog\b|\bfsutil\b.*deletejournal`)},
	{"history-wipe", High, []string{"clear-history", "consolehost_history", "historysavestyle"}, lazyRegexp(`(?i)\bclear-history\b|(?:remove-item|del|rm)\b.*consolehost_history|historysavestyle\s+savenothing`)},
	{"persistence", High, []string{"reg ", "schtasks", "new-scheduledtask", "register-scheduledtask", "new-itemproperty", "set-itemproperty", "sc ", "new-service", "startup", "__eventfilter", "sc.exe"}, lazyRegexp(`(?i)\breg(?:\.exe)?\s+add\b.*\\(?:currentversion\\(?:run|runonce|policies)|winlogon|image file execution|services\\)|\bschtasks(?:\.exe)?\b.*/create|\b(?:new|register)-scheduledtask\b|\b(?:new|set)-itemproperty\b.*\\(?:run|runonce|winlogon)\b|\bsc(?:\.exe)?\s+(?:\\\\\S+\s+)?(?:create|config)\s+\w+\s+binpath|\bnew-service\b|\\start menu\\programs\\startup|__eventfilter`)},
	{"kill-security", High, []string{"set-mppreference", "defender", "windefend", "firewall", "executionpolicy", "amsi", "uninstall-windowsfeature", "mpcmdrun", "add-mppreference", "sense", "sc ", "sc.exe", "taskkill", "enablelua"}, lazyRegexp(`(?i)\bset-mppreference\b.*-disable|\badd-mppreference\b.*-exclusion|\b(?:sc|net|net1)(?:\.exe)?\s+(?:stop|delete|config)\s+"?(?:windefend|sense|wscsvc|mpssvc|eventlog|wuauserv|sysmon)|\bnetsh\b.*(?:firewall set opmode.*disable|advfirewall set \w+ state off)|set-netfirewallprofile\b.*-enabled\s+(?:\$?false|0)|amsiutils|amsiinitfailed|mpcmdrun.*-removedefinitions|stop-service\b.*(?:windefend|sense|eventlog|sysmon)|enablelua.*/d\s+0`)},
	{"privilege-change", High, []string{"net ", "net1", "add-localgroupmember", "new-localuser", "takeown", "icacls"}, lazyRegexp(`(?i)\bnet1?(?:\.exe)?\s+(?:user\s+\S+\s+\S+\s+.*/add|localgroup\s+"?administrators"?.*/add)|\badd-localgroupmember\b.*administrators|\btakeown\b.*/f\s+"?[a-z]:\\(?:windows|\*|\s|$)|\bicacls\b.*[a-z]:\\(?:windows\S*|\s)?.*/grant.*(?:everyone|users|\*s-1-1-0)`)},
	{"credential-read", High, []string{"mimikatz", "sekurlsa", "lsass", "ntds", "\\sam", "cmdkey", "vaultcmd", "get-clipboard", "sharphound", "dpapi", "key=clear"}, lazyRegexp(`(?i)\bmimikatz\b|\bsekurlsa\b|\blsass(?:\.exe|\.dmp)?\b.*(?:dump|procdump|-ma)|procdump.*lsass|comsvcs(?:\.dll)?[,\s]+#?(?:minidump|24)|\breg(?:\.exe)?\s+save\s+"?hk(?:lm|ey_local_machine)\\(?:sam|system|security)\b|\bntdsutil\b|\bcmdkey\s+/list|\bvaultcmd\b.*/list|netsh\s+wlan\s+show\s+profiles?\b.*key=clear`)},
	{"exfiltration", High, []string{"invoke-webrequest", "invoke-restmethod", "iwr", "irm", "uploadfile", "uploadstring", "curl"}, lazyRegexp(`(?is)(?:invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|uploadfile|uploadstring|uploaddata)\b<gap>(?:\.ssh|\.aws|id_rsa|\.env\b|ntds|\\sam\b|get-childitem env:|gci env:|login data|get-content<gap>(?:secret|password|credential))|(?:get-childitem|gci|dir|ls)\s+env:<gap>(?:invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b)`)},
	{"env-dump", Low, []string{"env:"}, lazyRegexp(`(?i)(?:get-childitem|gci|dir|ls)\s+env:`)},
	{"code-execution", Medium, []string{"invoke-expression", "iex"}, lazyRegexp(`(?i)\binvoke-expression\b|(?:^|[|;&]\s*)iex\b`)},
	{"code-execution", Low, []string{"bypass", "unrestricted"}, lazyRegexp(`(?i)\b(?:powershell|pwsh)\b.*-(?:ep|ex\w*)\s+(?:bypass|unrestricted)`)},
	{"code-execution", Medium, []string{"hidden"}, lazyRegexp(`(?i)\b(?:powershell|pwsh)\b.*-w\w*\s+hidden`)},
	{"system-control", Medium, []string{"shutdown", "stop-computer", "restart-computer"}, lazyRegexp(`(?i)\bshutdown(?:\.exe)?\s+/[srp]|\b(?:stop|restart)-computer\b`)},
}

// encodedArgument is what stands after -EncodedCommand in any of its spellings.
var encodedArgument = lazyRegexp(`(?i)\s[-/]e[a-z]*\s+['"]?([A-Za-z0-9+/]{16,}=*)`)

// windows judges a text as PowerShell and cmd would read it.
func (j *judge) windows(text string) {
	whole := len(text)
	text = headAndTail(text)
	plain := text
	if strings.ContainsAny(text, "^`\"'+") {
		// Carets, backticks and joined string pieces only hide a word.
		plain = strings.NewReplacer("^", "", "`", "", "'+'", "", `"+"`, "", "' + '", "", `" + "`, "", `""`, "").Replace(text)
	}
	low := strings.ToLower(text)
	held := windowsWords().in(low)
	if plain != text {
		low = strings.ToLower(plain)
		held |= windowsWords().in(low)
	}
	if held == 0 {
		return
	}
	for i, r := range windowsRules {
		if held&(1<<i) == 0 {
			continue
		}
		if m := r.re().FindStringIndex(text); m != nil && len(text) == whole {
			j.addAt(r.kind, m[0], m[1], r.score)
		} else if m != nil {
			j.addAt(r.kind, 0, whole, r.score)
		} else if plain != text && r.re().MatchString(plain) {
			j.addAt(r.kind, 0, whole, r.score)
		}
	}
	if strings.Contains(low, "powershell") || strings.Contains(low, "pwsh") {
		if m := encodedArgument().FindStringSubmatch(text); m != nil {
			if s, ok := fromUTF16(m[1]); ok {
				in := &judge{rules: j.rules}
				if !strings.Contains(strings.ToLower(s), " -e") {
					in.windows(s)
				}
				for _, f := range in.found {
					j.addAt(f.kind, 0, whole, f.score)
				}
			}
		}
	}
}

// maxMatched bounds the text that patterns without a prefilter of their own are
// tried on.
const maxMatched = 32 << 10

// headAndTail returns a text, or the beginning and the end of one that is too long.
func headAndTail(s string) string {
	if len(s) <= maxMatched {
		return s
	}
	return s[:maxMatched/2] + "\n" + s[len(s)-maxMatched/2:]
}

// fromUTF16 decodes PowerShell's base64 of UTF-16LE.
func fromUTF16(s string) (string, bool) {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil || len(b) < 4 {
		return "", false
	}
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
	}
	return string(utf16.Decode(u)), true
}
