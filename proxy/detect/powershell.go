package detect

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf16"
)

// A lineRule knows a dangerous form in a PowerShell or cmd line.
type lineRule struct {
	kind  string
	score Score
	any   []string // one must stand in the text, lower case
	re    func() *regexp.Regexp
}

// windowsRules judge PowerShell and cmd, whose quoting (carets, backticks) is
// dropped before. Sources: Microsoft's command reference and the ATT&CK
// techniques T1059.001, T1059.003, T1105, T1218, T1490, T1547, T1562.
var windowsRules = []lineRule{
	{"encoded-powershell", High, []string{"powershell", "pwsh"}, lazyRegexp(`(?i)\b(?:powershell|pwsh)(?:\.exe)?\b[^\n|;&]{0,200}?\s[-/](?:e|ec|en|enc|enco|encod|encode|encoded|encodedc\w*)\s+['"]?[A-Za-z0-9+/=]{6,}`)},
	{"powershell-download-run", High, []string{"iex", "invoke-expression", "downloadstring", "downloadfile", "downloaddata", "invoke-webrequest", "invoke-restmethod", "iwr", "irm"},
		lazyRegexp(`(?is)(?:\biex\b|invoke-expression|&\s*\(|\.\s*\(|icm\b|invoke-command|scriptblock\]?::create).{0,200}(?:downloadstring|downloaddata|invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|\bcurl\b|\bwget\b|net\.webclient)|(?:downloadstring|downloaddata|invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|net\.webclient|\bcurl\b).{0,300}\|\s*(?:iex|invoke-expression|&|powershell|cmd)`)},
	{"powershell-download-run", High, []string{"downloadstring", "downloadfile", "downloaddata"}, lazyRegexp(`(?is)net\.webclient.{0,80}\.download(?:string|file|data)`)},
	{"powershell-download-run", High, []string{"start-process", "start ", "invoke-item"}, lazyRegexp(`(?is)(?:invoke-webrequest|iwr|start-bitstransfer|curl)\b.{0,200}-(?:outfile|o|destination)\s+(\S+).{0,100}(?:start-process|invoke-item|\bstart\s)`)},
	{"powershell-download-run", High, []string{"certutil", "bitsadmin", "mshta", "regsvr32", "rundll32", "msiexec", "wmic", "cscript", "wscript", "installutil", "hh.exe"},
		lazyRegexp(`(?i)\bcertutil(?:\.exe)?\b.{0,80}[-/](?:urlcache|verifyctl|ping)|\bbitsadmin\b.{0,80}/transfer|\bmshta(?:\.exe)?\s+["']?(?:https?:|javascript:|vbscript:|\\\\)|\bregsvr32\b.{0,80}/i:\s*["']?http|\brundll32\b.{0,80}(?:javascript:|http|url\.dll|comsvcs)|\bmsiexec\b.{0,80}/i\s+["']?http|\bwmic\b.{0,200}/format:\s*["']?http`)},
	{"reverse-shell", High, []string{"tcpclient", "tcplistener"}, lazyRegexp(`(?is)net\.sockets\.tcp(?:client|listener).{0,600}(?:getstream|iex|invoke-expression|cmd)`)},
	{"decode-and-run", High, []string{"frombase64string"}, lazyRegexp(`(?is)(?:\biex\b|invoke-expression|scriptblock|assembly\]?::load|&\s*\().{0,300}frombase64string|frombase64string.{0,300}\|\s*(?:iex|invoke-expression|&)`)},
	{"cmd-destructive", High, []string{"del ", "erase ", "rd ", "rmdir "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*["']?(?:del|erase)\s+(?:/[fsqap:\w-]+\s+)*/[sq]\b[^&|\n]*?["']?(?:[a-z]:[\\/](?:\*|windows|users|program|$|["'\s])|%(?:systemroot|windir|userprofile|systemdrive|appdata)%|\\\\)`)},
	{"cmd-destructive", High, []string{"rd ", "rmdir "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*["']?(?:rd|rmdir)\s+(?:/[sq]\s+)+["']?(?:[a-z]:[\\/]?(?:["'\s]|$|\*|windows|users(?:\\\w+)?["'\s]?(?:$|\s)|program)|%(?:systemroot|windir|userprofile|systemdrive|appdata|programfiles)%|\.\.)`)},
	{"cmd-destructive", High, []string{"remove-item", "ri ", "rm ", "del ", "rmdir "}, lazyRegexp(`(?i)\b(?:remove-item|ri|rm|del|rmdir)\b[^\n|;]{0,120}-(?:r|rec\w*)\b[^\n|;]{0,120}(?:[a-z]:\\(?:\*|windows|users|program|["'\s]|$)|\$(?:env:(?:userprofile|systemroot|windir|systemdrive|appdata|homepath)|home)\b|hklm:)|\b(?:remove-item|ri)\b[^\n|;]{0,120}(?:["'\s][a-z]:\\(?:\*|windows|users|["'\s])|\$(?:env:(?:userprofile|systemroot|windir|systemdrive)|home)\b)[^\n|;]{0,120}-(?:r|rec\w*)\b`)},
	{"cmd-destructive", Medium, []string{"del ", "erase "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*(?:del|erase)\s+(?:/[fsqap:\w-]+\s+)*/s\s+(?:/[fsqap:\w-]+\s+)*["']?\*`)},
	{"disk-write", High, []string{"format", "diskpart", "clear-disk", "cipher", "physicaldrive", "initialize-disk"}, lazyRegexp(`(?i)(?:^|[&|\n]|/c\s)\s*format(?:\.com)?\s+[a-z]:|\bformat-volume\b|\bclear-disk\b|\binitialize-disk\b|\bdiskpart\b[^\n]{0,80}(?:/s|clean)|\bcipher\s+/w:|\\\\\.\\physicaldrive\d`)},
	{"cmd-destructive", High, []string{"vssadmin", "shadowcopy", "wbadmin", "bcdedit", "reagentc", "fsutil"}, lazyRegexp(`(?i)\bvssadmin\b.{0,40}\b(?:delete|resize)\b|\bshadowcopy\b.{0,40}\bdelete\b|win32_shadowcopy.{0,80}delete|\bwbadmin\b.{0,40}\bdelete\b|\bbcdedit\b.{0,80}(?:recoveryenabled\s+no|ignoreallfailures)|\breagentc\b.{0,20}/disable`)},
	{"log-wipe", High, []string{"wevtutil", "clear-eventlog", "remove-eventlog", "deletejournal"}, lazyRegexp(`(?i)\bwevtutil\b.{0,20}\b(?:cl|clear-log)\b|\b(?:clear|remove)-eventlog\b|\bfsutil\b.{0,20}deletejournal`)},
	{"history-wipe", High, []string{"clear-history", "consolehost_history", "historysavestyle"}, lazyRegexp(`(?i)\bclear-history\b|(?:remove-item|del|rm)\b.{0,120}consolehost_history|historysavestyle\s+savenothing`)},
	{"persistence", High, []string{"reg ", "schtasks", "new-scheduledtask", "register-scheduledtask", "new-itemproperty", "set-itemproperty", "sc ", "new-service", "startup", "__eventfilter"}, lazyRegexp(`(?i)\breg(?:\.exe)?\s+add\b.{0,120}\\(?:currentversion\\(?:run|runonce|policies)|winlogon|image file execution|services\\)|\bschtasks(?:\.exe)?\b.{0,20}/create|\b(?:new|register)-scheduledtask\b|\b(?:new|set)-itemproperty\b.{0,160}\\(?:run|runonce|winlogon)\b|\bsc(?:\.exe)?\s+(?:\\\\\S+\s+)?(?:create|config)\s+\w+\s+binpath|\bnew-service\b|\\start menu\\programs\\startup|__eventfilter`)},
	{"kill-security", High, []string{"set-mppreference", "defender", "windefend", "firewall", "executionpolicy", "amsi", "uninstall-windowsfeature", "mpcmdrun", "add-mppreference", "sense", "sc ", "taskkill", "enablelua"}, lazyRegexp(`(?i)\bset-mppreference\b.{0,120}-disable|\badd-mppreference\b.{0,120}-exclusion|\b(?:sc|net|net1)(?:\.exe)?\s+(?:stop|delete|config)\s+"?(?:windefend|sense|wscsvc|mpssvc|eventlog|wuauserv|sysmon)|\bnetsh\b.{0,60}(?:firewall set opmode.{0,20}disable|advfirewall set \w+ state off)|set-netfirewallprofile\b.{0,80}-enabled\s+(?:\$?false|0)|amsiutils|amsiinitfailed|mpcmdrun.{0,80}-removedefinitions|stop-service\b.{0,60}(?:windefend|sense|eventlog|sysmon)|enablelua.{0,40}/d\s+0`)},
	{"privilege-change", High, []string{"net ", "net1", "add-localgroupmember", "new-localuser", "takeown", "icacls"}, lazyRegexp(`(?i)\bnet1?(?:\.exe)?\s+(?:user\s+\S+\s+\S+\s+.{0,20}/add|localgroup\s+"?administrators"?.{0,60}/add)|\badd-localgroupmember\b.{0,80}administrators|\btakeown\b.{0,40}/f\s+"?[a-z]:\\(?:windows|\*|\s|$)|\bicacls\b.{0,60}[a-z]:\\(?:windows\S*|\s)?.{0,40}/grant.{0,20}(?:everyone|users|\*s-1-1-0)`)},
	{"credential-read", High, []string{"mimikatz", "sekurlsa", "lsass", "ntds", "\\sam", "cmdkey", "vaultcmd", "get-clipboard", "sharphound", "dpapi", "key=clear"}, lazyRegexp(`(?i)\bmimikatz\b|\bsekurlsa\b|\blsass(?:\.exe|\.dmp)?\b.{0,80}(?:dump|procdump|-ma)|procdump.{0,80}lsass|comsvcs(?:\.dll)?[,\s]+#?(?:minidump|24)|\breg(?:\.exe)?\s+save\s+"?hk(?:lm|ey_local_machine)\\(?:sam|system|security)\b|\bntdsutil\b|\bcmdkey\s+/list|\bvaultcmd\b.{0,40}/list|netsh\s+wlan\s+show\s+profiles?\b.{0,80}key=clear`)},
	{"exfiltration", High, []string{"invoke-webrequest", "invoke-restmethod", "iwr", "irm", "uploadfile", "uploadstring", "curl"}, lazyRegexp(`(?is)(?:invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|uploadfile|uploadstring|uploaddata)\b.{0,300}(?:\.ssh|\.aws|id_rsa|\.env\b|ntds|\\sam\b|get-childitem env:|gci env:|login data|get-content.{0,60}(?:secret|password|credential))|(?:get-childitem|gci|dir|ls)\s+env:.{0,200}(?:invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b)`)},
	{"env-dump", Low, []string{"env:"}, lazyRegexp(`(?i)(?:get-childitem|gci|dir|ls)\s+env:`)},
	{"code-execution", Medium, []string{"invoke-expression", "iex"}, lazyRegexp(`(?i)\binvoke-expression\b|(?:^|[|;&]\s*)iex\b`)},
	{"code-execution", Medium, []string{"bypass", "-w hidden", "windowstyle", "unrestricted"}, lazyRegexp(`(?i)\b(?:powershell|pwsh)\b.{0,120}-(?:ep|ex\w*|exec\w*)\s+(?:bypass|unrestricted)|\b(?:powershell|pwsh)\b.{0,120}-w\w*\s+hidden`)},
	{"system-control", Medium, []string{"shutdown", "stop-computer", "restart-computer"}, lazyRegexp(`(?i)\bshutdown(?:\.exe)?\s+/[srp]|\b(?:stop|restart)-computer\b`)},
}

// encodedArgument is what stands after -EncodedCommand in any of its spellings.
var encodedArgument = lazyRegexp(`(?i)\s[-/]e[a-z]*\s+['"]?([A-Za-z0-9+/]{16,}=*)`)

// windows judges a text as PowerShell and cmd would read it.
func (j *judge) windows(text string) {
	if len(text) > maxShell {
		text = text[:maxShell]
	}
	low := strings.ToLower(text)
	plain := text
	if strings.ContainsAny(text, "^`\"'+") {
		// Carets, backticks and joined string pieces only hide a word.
		plain = strings.NewReplacer("^", "", "`", "", "'+'", "", `"+"`, "", "' + '", "", `" + "`, "", `""`, "").Replace(text)
		low += "\n" + strings.ToLower(plain)
	}
	for _, r := range windowsRules {
		if !holdsOne(low, r.any) {
			continue
		}
		if m := r.re().FindStringIndex(text); m != nil {
			j.addAt(r.kind, m[0], m[1], r.score)
		} else if plain != text && r.re().MatchString(plain) {
			j.addAt(r.kind, 0, len(text), r.score)
		}
	}
	if strings.Contains(low, "powershell") || strings.Contains(low, "pwsh") {
		if m := encodedArgument().FindStringSubmatch(text); m != nil {
			if s, ok := fromUTF16(m[1]); ok {
				in := &judge{rules: j.rules, fetched: map[string]bool{}}
				if !strings.Contains(strings.ToLower(s), " -e") {
					in.windows(s)
				}
				for _, f := range in.found {
					j.addAt(f.kind, 0, len(text), f.score)
				}
			}
		}
	}
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
