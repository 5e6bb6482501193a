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
		lazyRegexp(`(?i)\bcertutil(?:\.exe)?\b.*[-/](?:urlcache|verifyctl|ping|decode\b|decodehex)|\bbitsadmin\b.*/transfer|\bmshta(?:\.exe)?\s+["']?(?:https?:|javascript:|vbscript:|\\\\)|\bregsvr32\b.*/i:\s*["']?http|\brundll32\b.*(?:javascript:|http|url\.dll|comsvcs)|\bmsiexec\b.*/i\s+["']?http|\bwmic\b.*/format:\s*["']?http`)},
	{"reverse-shell", High, []string{"tcpclient", "tcplistener"}, lazyRegexp(`(?is)net\.sockets\.tcp(?:client|listener)<gap>(?:getstream|iex|invoke-expression|cmd)`)},
	{"decode-and-run", High, []string{"frombase64string"}, lazyRegexp(`(?is)(?:\biex\b|invoke-expression|scriptblock|assembly\]?::load|&\s*\()<gap>frombase64string|frombase64string<gap>\|\s*(?:iex|invoke-expression|&)`)},
	{"cmd-destructive", High, []string{"del ", "erase ", "rd ", "rmdir "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*["']?(?:del|erase)\s+(?:/[fsqap:\w-]+\s+)*/[sq]\b[^&|\n]*?["']?(?:[a-z]:[\\/](?:\*|windows|users|program|$|["'\s])|%(?:systemroot|windir|userprofile|systemdrive|appdata)%|\\\\)`)},
	{"cmd-destructive", High, []string{"rd ", "rmdir "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*["']?(?:rd|rmdir)\s+(?:/[sq]\s*){1,4}["']?(?:[a-z]:[\\/]?(?:["'\s]|$|\*|windows|users(?:\\\w+)?["'\s]?(?:$|\s)|program)|%(?:systemroot|windir|userprofile|systemdrive|appdata|programfiles)%|\.\.)`)},
	{"cmd-destructive", High, []string{" do "}, lazyRegexp(`(?i)\bfor\b[^\n]{0,40}\bin\s*\(\s*["']?(?:[a-z]:[\\/](?:\*|users|windows|program)|%(?:userprofile|systemroot|systemdrive)%)[^\n)]*\)\s*do\s[^\n]*\b(?:rd|rmdir|del|erase)\b`)},
	{"cmd-destructive", High, []string{"/v:on", "/v "}, lazyRegexp(`(?i)/v(?::on)?\s[^\n]*![a-z_]\w*!\s+(?:/[sqf]\s*){1,4}["']?(?:[a-z]:[\\/]|%)`)},
	{"credential-read", High, []string{"]::readall", "]::openread"}, lazyRegexp(`(?i)\]::(?:readall(?:text|bytes|lines)|openread)\(\s*["']?(?:\$env:(?:appdata|userprofile|localappdata)|\$home|~)[\\/]+(?:gcloud|\.aws|\.ssh|\.azure|\.kube|google|mozilla|\.docker|microsoft[\\/]+(?:credentials|protect))`)},
	{"exfiltration", High, []string{"resolve-dnsname"}, lazyRegexp(`(?i)resolve-dnsname\b[^\n]*\$\([^\n]*(?:tobase64string|get-content|\bgc\b|\$env:|readall)[^\n]*\)[^\n]*\.\w`)},
	{"cmd-destructive", High, []string{"remove-item", "ri ", "rm ", "del ", "rmdir "}, lazyRegexp(`(?i)\b(?:remove-item|ri|rm|del|rmdir)\b[^\n|;]*-(?:r|rec\w*)\b[^\n|;]*(?:[a-z]:\\(?:\*|windows|users|program|["'\s]|$)|\$(?:env:(?:userprofile|systemroot|windir|systemdrive|appdata|homepath)|home)\b|hklm:)|\b(?:remove-item|ri)\b[^\n|;]*(?:["'\s][a-z]:\\(?:\*|windows|users|["'\s])|\$(?:env:(?:userprofile|systemroot|windir|systemdrive)|home)\b)[^\n|;]*-(?:r|rec\w*)\b`)},
	{"cmd-destructive", Medium, []string{"del ", "erase "}, lazyRegexp(`(?i)(?:^|[&|\n(]|/c\s|/k\s)\s*(?:del|erase)\s+(?:/[fsqap:\w-]+\s+)*/s\s+(?:/[fsqap:\w-]+\s+)*["']?\*(?:\.(?:\*|docx?|xlsx?|pptx?|pdf|jpe?g|png|sql|mdf|pst|zip|bak|db|kdbx|vmdk|vhdx?))?["']?\s*(?:$|[&|\n])`)},
	{"disk-write", High, []string{"format", "diskpart", "clear-disk", "cipher", "physicaldrive", "initialize-disk"}, lazyRegexp(`(?i)(?:^|[&|\n]|/c\s)\s*format(?:\.com)?\s+[a-z]:|\bformat-volume\b|\bclear-disk\b|\binitialize-disk\b|\bdiskpart\b[^\n]*(?:/s|clean)|\bcipher\s+/w:|\\\\\.\\physicaldrive\d`)},
	{"cmd-destructive", High, []string{"vssadmin", "shadowcopy", "wbadmin", "bcdedit", "reagentc", "fsutil"}, lazyRegexp(`(?i)\bvssadmin\b.*\b(?:delete|resize)\b|\bshadowcopy\b.*\bdelete\b|win32_shadowcopy.*delete|\bwbadmin\b.*\bdelete\b|\bbcdedit\b.*(?:recoveryenabled\s+no|ignoreallfailures)|\breagentc\b.*/disable`)},
	{"log-wipe", High, []string{"wevtutil", "clear-eventlog", "remove-eventlog", "deletejournal"}, lazyRegexp(`(?i)\bwevtutil\b.*\b(?:cl|clear-log)\b|\b(?:clear|remove)-eventlog\b|\bfsutil\b.*deletejournal`)},
	{"history-wipe", High, []string{"clear-history", "consolehost_history", "historysavestyle"}, lazyRegexp(`(?i)\bclear-history\b|(?:remove-item|del|rm)\b.*consolehost_history|historysavestyle\s+savenothing`)},
	{"persistence", High, []string{"reg ", "schtasks", "new-scheduledtask", "register-scheduledtask", "new-itemproperty", "set-itemproperty", "sc ", "new-service", "startup", "__eventfilter", "sc.exe"}, lazyRegexp(`(?i)\breg(?:\.exe)?\s+add\b.*\\(?:currentversion\\(?:run|runonce|policies)|winlogon|image file execution|services\\)|\bschtasks(?:\.exe)?\b.*/create|\b(?:new|register)-scheduledtask\b|\b(?:new|set)-itemproperty\b.*\\(?:run|runonce|winlogon)\b|\bsc(?:\.exe)?\s+(?:\\\\\S+\s+)?(?:create|config)\s+\w+\s+binpath|\bnew-service\b|\\start menu\\programs\\startup|__eventfilter`)},
	{"kill-security", High, []string{"set-mppreference", "defender", "windefend", "firewall", "executionpolicy", "amsi", "uninstall-windowsfeature", "mpcmdrun", "add-mppreference", "sense", "sc ", "sc.exe", "taskkill", "enablelua"}, lazyRegexp(`(?i)\bset-mppreference\b.*-disable|\badd-mppreference\b.*-exclusion|\b(?:sc|net|net1)(?:\.exe)?\s+(?:stop|delete|config)\s+"?(?:windefend|sense|wscsvc|mpssvc|eventlog|wuauserv|sysmon)|\bnetsh\b.*(?:firewall set opmode.*disable|advfirewall set \w+ state off)|set-netfirewallprofile\b.*-enabled\s+(?:\$?false|0)|amsiutils|amsiinitfailed|mpcmdrun.*-removedefinitions|stop-service\b.*(?:windefend|sense|eventlog|sysmon)|enablelua.*/d\s+0`)},
	{"privilege-change", High, []string{"net ", "net1", "add-localgroupmember", "new-localuser", "takeown", "icacls"}, lazyRegexp(`(?i)\bnet1?(?:\.exe)?\s+(?:user\s+\S+\s+\S+\s+.*/add|localgroup\s+"?administrators"?.*/add)|\badd-localgroupmember\b.*administrators|\btakeown\b.*/f\s+"?[a-z]:\\(?:windows|\*|\s|$)|\bicacls\b.*[a-z]:\\(?:windows\S*|\s)?.*/grant.*(?:everyone|users|\*s-1-1-0)`)},
	{"credential-read", High, []string{"mimikatz", "sekurlsa", "lsass", "ntds", "\\sam", "cmdkey", "vaultcmd", "get-clipboard", "sharphound", "dpapi", "key=clear"}, lazyRegexp(`(?i)\bmimikatz\b|\bsekurlsa\b|\blsass(?:\.exe|\.dmp)?\b.*(?:dump|procdump|-ma)|procdump.*lsass|comsvcs(?:\.dll)?[,\s]+#?(?:minidump|24)|\breg(?:\.exe)?\s+save\s+"?hk(?:lm|ey_local_machine)\\(?:sam|system|security)\b|\bntdsutil\b|\bcmdkey\s+/list|\bvaultcmd\b.*/list|netsh\s+wlan\s+show\s+profiles?\b.*key=clear`)},
	{"exfiltration", High, []string{"invoke-webrequest", "invoke-restmethod", "iwr", "irm", "uploadfile", "uploadstring", "curl"}, lazyRegexp(`(?is)(?:invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|uploadfile|uploadstring|uploaddata)\b<gap>(?:\.ssh|\.aws|id_rsa|\.env\b|ntds|\\sam\b|get-childitem env:|gci env:|login data|get-content<gap>(?:secret|password|credential))|(?:get-childitem|gci|dir|ls)\s+env:<gap>(?:invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b)`)},
	{"powershell-download-run", High, []string{"curl", "wget", "invoke-webrequest", "iwr", "bitstransfer", "bitsadmin", "certutil", "downloadfile", "irm"}, lazyRegexp(`(?is)(?:\bcurl|\bwget|invoke-webrequest|\biwr|\birm|start-bitstransfer|bitsadmin|certutil|downloadfile)\b[^\n]*?\.(?:exe|dll|ps1|bat|cmd|vbs|js|hta|scr|msi)\b[^\n]*?(?:&&?|;|\n|\|\|)\s*(?:&\s*|\.\s+)?["']?(?:start(?:-process)?\s+|call\s+|cmd\s+/c\s+|powershell\s+(?:-\w+\s+)*|rundll32\s+|\.\\|%(?:temp|tmp|appdata|localappdata|public)%|\$env:(?:temp|tmp|appdata|localappdata|public)|[a-z]:\\)\S*\.(?:exe|dll|ps1|bat|cmd|vbs|js|hta|scr|msi)\b`)},
	{"powershell-download-run", High, []string{"rundll32", "regsvr32", "cscript", "wscript", "msbuild", "installutil", "regasm", "regsvcs", "pcalua", "odbcconf", "mavinject", "presentationhost", "cmstp", "forfiles", "hh.exe", "ieexec", "infdefaultinstall", "syncappvpublishingserver", "xwizard", "msdt", "start ", "explorer"}, lazyRegexp(`(?i)\b(?:rundll32|regsvr32|cscript|wscript|msbuild|installutil|regasm|regsvcs|pcalua|odbcconf|mavinject|presentationhost|cmstp|ieexec|infdefaultinstall|xwizard|start|explorer)(?:\.exe)?\b[^\n&|]*(?:\\\\[\w.-]+\.[\w.-]+\\|https?://[^\s"']+\.(?:dll|sct|vbs|js|jse|wsf|csproj|xml|inf|hta|exe))|\bodbcconf\b.*\bregsvr\b|\bcmstp(?:\.exe)?\s+.*/(?:s|ni|au)\b|\bforfiles\b.*/c\s+["']?\S*(?:cmd|powershell|calc|\.exe)|\bmavinject\b.*/injectrunning|syncappvpublishingserver.*[;"']|\bmsdt\b.*(?:ps|it_)|\binstallutil\b.*/u\b`)},
	{"code-execution", Medium, []string{"wmic", "invoke-wmimethod", "invoke-cimmethod", "win32_process"}, lazyRegexp(`(?i)\bwmic\b[^\n]*process\s+call\s+create|invoke-(?:wmi|cim)method\b[^\n]*win32_process|\[wmiclass\][^\n]*win32_process`)},
	{"code-execution", Medium, []string{"psexec", "winrs", "enter-pssession", "invoke-command", "new-pssession", "runas"}, lazyRegexp(`(?i)\bpsexec(?:64)?(?:\.exe)?\s+(?:\\\\|-[sidh]+\b)|\bwinrs\b.*-r:|\benter-pssession\b|\b(?:invoke-command|icm)\b[^\n]*-computername|\brunas\b.*/savecred`)},
	{"code-execution", High, []string{"dllimport", "virtualalloc", "createremotethread", "add-type"}, lazyRegexp(`(?is)dllimport\s*\(\s*["']{1,2}(?:kernel32|ntdll)<gap>(?:virtualalloc|createthread|createremotethread|writeprocessmemory|rtlmovememory|openprocess)`)},
	{"code-execution", High, []string{"createobject", "getobject"}, lazyRegexp(`(?is)(?:create|get)object\s*\(\s*["']{1,2}(?:wscript\.shell|shell\.application|script:https?|msxml2\.xmlhttp)["']*<gap>(?:\.run|\.exec|\.shellexecute|\.send)`)},
	{"obfuscated-command", Medium, []string{"set ", "call %"}, lazyRegexp(`(?i)\bset\s+"?\w+=[^&|\n]*&+[^\n]*(?:\bcall\s+%\w+%|(?:^|[&|]\s*)%\w+%\s*(?:%|/))|%\w+:~-?\d+,\d+%[^\n]*%\w+:~-?\d+,\d+%`)},
	{"obfuscated-command", High, []string{"[char]", "-join", "-f'", "-f \""}, lazyRegexp(`(?is)(?:\biex\b|invoke-expression|&\s*\(|\.\s*\()<gap>(?:\[char\]\s*\d|\[char\[\]\]|-join|-bxor|\[array\]::reverse|-f\s*['"])|(?:&|\.)\s*\(\s*["']\{\d\}(?:\{\d\})+["']\s*-f`)},
	{"cmd-destructive", High, []string{"remove-item", "ri ", "del ", "remove-cim", "::delete(", "rmdir"}, lazyRegexp(`(?i)(?:get-childitem|gci|dir|ls)\s+["']?(?:-path\s+)?["']?(?:[a-z]:\\?(?:users|windows)?["'\s*]|\$env:(?:userprofile|systemroot|windir|systemdrive|homedrive)|\$home|~)[^|\n]*-(?:r|rec\w*)\b[^|\n]*\|[^\n]*\b(?:remove-item|ri|del|rm)\b|io\.(?:directory|file)\]::delete\s*\(\s*["']?(?:[a-z]:\\?(?:["']|users|windows|inetpub|program|\w+["'])|\$env:(?:windir|systemroot|userprofile|systemdrive|programfiles))|win32_shadowcopy[^\n]*\|\s*remove-(?:cim|wmi)`)},
	{"cmd-destructive", High, []string{"remove-ad", "remove-partition", "remove-vm", "remove-azresource", "remove-physicaldisk", "remove-volume", "remove-localuser", "remove-storagepool", "remove-dnsserverzone", "remove-gpo", "remove-mailbox"}, lazyRegexp(`(?i)\bremove-(?:ad(?:user|computer|group|object|organizationalunit)|partition|vm|physicaldisk|volume|localuser|storagepool|dnsserverzone|gpo|mailbox)\b`)},
	{"cmd-destructive", High, []string{"net user", "useraccount", "reg delete", "diskpart", "reg.exe delete", "attrib", "remove-itemproperty"}, lazyRegexp(`(?i)\bnet1?\s+user\s+\S+\s+/del(?:ete)?|\buseraccount\b[^\n]*\bdelete\b|\breg(?:\.exe)?\s+delete\s+"?hk(?:lm|cr|u|ey_local_machine|ey_classes_root)\b|\|\s*diskpart|<\s*\S+\s*diskpart|\battrib\b[^\n]*[a-z]:\\\*[^\n]*/s`)},
	{"persistence", High, []string{"reg ", "reg.exe", "set-itemproperty", "new-itemproperty", "hkcu", "hklm", "hkey_"}, lazyRegexp(`(?i)(?:\breg(?:\.exe)?\s+add\b|(?:new|set)-item(?:property)?\b|\[microsoft\.win32\.registry\])[^\n]*(?:\\(?:run|runonce|runservices)\b|winlogon|userinit|appinit_dlls|image file execution options|silentprocessexit|shell\\open\\command|ms-settings|\bifeo\b|sticky|utilman|sethc|lsa\\(?:notification|security) packages|bootexecute|command processor\b[^\n]*autorun|active setup|inprocserver32|fdenytsconnections)`)},
	{"persistence", High, []string{"sethc", "utilman", "osk.exe", "narrator", "magnify.exe"}, lazyRegexp(`(?i)(?:copy|move|ren|xcopy|copy-item)\b[^\n]*(?:cmd|powershell)\.exe[^\n]*(?:sethc|utilman|osk|narrator|magnify)\.exe`)},
	{"persistence", High, []string{"$profile", "register-wmievent", "set-wmiinstance", "commandlineeventconsumer", "bitsadmin", "new-scheduledtaskaction", "winget", "at.exe"}, lazyRegexp(`(?i)(?:add-content|set-content|out-file|>>?)\s*(?:-path\s+)?["']?\$profile\b|\$profile\b[^\n]*(?:>>|add-content)|set-wmiinstance\b[^\n]*(?:eventconsumer|eventfilter)|register-wmievent|commandlineeventconsumer|bitsadmin\b[^\n]*/setnotifycmdline`)},
	{"kill-security", High, []string{"reg ", "set-itemproperty", "auditpol", "taskkill", "stop-process", "set-executionpolicy", "fltmc", "disable-windowsoptionalfeature", "set-smbserver", "sc.exe", "stop-service", "set-service", "logman"}, lazyRegexp(`(?i)disable(?:antispyware|realtimemonitoring|antivirus|behaviormonitoring|iooavprotection)\b|\bauditpol\b[^\n]*(?:/clear|/remove|disable)|(?:taskkill|stop-process)\b[^\n]*(?:msmpeng|mssense|senseir|sysmon|csfalcon|sentinel|cb\.exe|cylance|mcshield|ccsvchst|savservice|avp\.exe|ekrn|bdagent|wireshark|procmon)|\bfltmc\b[^\n]*unload|(?:stop|set)-service\b[^\n]*(?:windefend|sense|eventlog|sysmon|wscsvc|mpssvc|wuauserv)|\blogman\b[^\n]*(?:stop|delete)[^\n]*(?:eventlog|trace|security)|enablescriptblocklogging[^\n]*\b0\b`)},
	{"kill-security", Medium, []string{"set-executionpolicy", "disable-windowsoptionalfeature", "disable-netfirewall", "remove-netfirewall"}, lazyRegexp(`(?i)\bset-executionpolicy\b[^\n]*(?:bypass|unrestricted)[^\n]*(?:localmachine|-force)|\bset-executionpolicy\b[^\n]*localmachine[^\n]*(?:bypass|unrestricted)|\bdisable-windowsoptionalfeature\b|\b(?:disable|remove)-netfirewallrule\b[^\n]*(?:-all|\*|-name\s+["']?\*)`)},
	{"history-wipe", High, []string{"historysavepath", "set-psreadlineoption"}, lazyRegexp(`(?i)(?:remove-item|ri|del|rm|clear-content|set-content)\b[^\n]*historysavepath|historysavepath[^\n]*\|\s*(?:remove-item|ri|del|rm)|set-psreadlineoption\b[^\n]*historysavestyle\s+savenothing`)},
	{"privilege-change", High, []string{"fodhelper", "eventvwr", "sdclt", "computerdefaults", "ms-settings", "setprivilege", "sedebugprivilege", "enablelua"}, lazyRegexp(`(?i)ms-settings\\shell\\open|\bfodhelper(?:\.exe)?\b|computerdefaults(?:\.exe)?\b|mscfile\\shell\\open|sedebugprivilege|enablelua[^\n]*\b0\b`)},
	{"credential-read", High, []string{"keymgr", "get-credential", "passwordvault", "esentutl", "ntds.dit", "diskshadow", "reg query", "findstr", "select-string", "protecteddata", "get-gpppassword", "getnetworkcredential", "secretmanagement", "vaultcmd", "cmdkey"}, lazyRegexp(`(?i)keymgr(?:\.dll)?[,\s]+krshowkeymgr|getnetworkcredential\(\)\.password|passwordvault[^\n]*(?:retrieveall|retrievepassword)|\besentutl\b[^\n]*(?:ntds|/vss|\\sam|web ?data|login ?data)|diskshadow\b[^\n]*/s|\breg(?:\.exe)?\s+query\b[^\n]*(?:/f\s+["']?passw|winlogon[^\n]*defaultpassword|putty\\sessions|realvnc|winscp)|\bfindstr\b[^\n]*/s[^\n]*passw|(?:get-childitem|gci|dir|ls)\b[^\n]*-r\w*[^\n]*\|[^\n]*select-string\b[^\n]*passw|protecteddata\]::unprotect|get-gpppassword|\bvaultcmd\b[^\n]*/list`)},
	{"exfiltration", High, []string{"resolve-dnsname", "nslookup"}, lazyRegexp(`(?i)(?:resolve-dnsname|\bnslookup(?:\.exe)?)\s+(?:-\w+\s+)*["']?[^\s"']*(?:\$\(|\$env:|%(?:username|computername|userdomain)%|\$\w+\.)[^\s"']*\.`)},
	{"exfiltration", High, []string{"-infile", "-body", "uploadfile", "uploadstring", "uploaddata", "send-mailmessage"}, lazyRegexp(`(?is)(?:invoke-webrequest|invoke-restmethod|\biwr|\birm)\b[^\n]*-(?:infile|body)\b[^\n]*(?:\$env:(?:userprofile|appdata)|\.ssh|\.aws|\.env\b|id_rsa|credential|secret|gci\s+env|get-childitem\s+env|login data|cookies)|compress-archive\b[^\n]*(?:\.ssh|\.aws|\$env:userprofile|\$home|documents)[^\n]*(?:invoke-webrequest|invoke-restmethod|\biwr|\birm|uploadfile)|\.upload(?:file|string|data)\s*\([^\n]*(?:users\\|\$env:|get-content|\.ssh)|send-mailmessage\b[^\n]*-attachments?[^\n]*(?:\.ssh|\.env|\.pfx|\.kdbx|users\\)`)},
	{"exfiltration", High, []string{"copy", "move", "net use", "pushd", "type "}, lazyRegexp(`(?i)\b(?:copy|xcopy|robocopy|move|copy-item|net\s+use|pushd|type)\b[^\n]*\\\\(?:\d{1,3}(?:\.\d{1,3}){3}|[\w-]+(?:\.[\w-]+)+)\\`)},
	{"exfiltration", Medium, []string{"send-mailmessage"}, lazyRegexp(`(?i)send-mailmessage\b(?:[^\n]*-attachments?\b[^\n]*-smtpserver\s+['"]?` + outsideOctet + `|[^\n]*-smtpserver\s+['"]?` + outsideOctet + `[^\n]*-attachments?\b)`)},
	{"pipe-to-shell", High, []string{"finger"}, lazyRegexp(`(?i)\bfinger(?:\.exe)?\s+[^\s|&]*@[^\n&]*\|\s*(?:cmd|powershell|pwsh|(?:ba|z)?sh)\b`)},
	{"credential-read", Medium, []string{"historysavepath", "consolehost_history"}, lazyRegexp(`(?i)\b(?:get-content|gc|cat|type|sls|select-string|copy-item|copy|findstr)\b[^\n]*(?:historysavepath|consolehost_history)`)},
	{"privilege-change", Medium, []string{"| sudo ", "|sudo ", "sudo -s"}, lazyRegexp(`\b(?:echo|printf)\s+[^|;&\n$\x60]+\|\s*sudo\s+(?:-\w+\s+)*-\w*S\b|\bsudo\s+(?:-\w+\s+)*-\w*S\b[^|;&\n]*<<<\s*['"]?\w`)},
	{"reverse-shell", High, []string{"powercat", "nishang", "invoke-powershelltcp", "conptyshell", "nc.exe", "ncat.exe", "nc64.exe", "plink"}, lazyRegexp(`(?i)\bpowercat\b[^\n]*-(?:c|l|e|ep)\b|invoke-(?:powershelltcp|conptyshell|powershellicmp)|\b(?:nc|nc64|ncat)\.exe\b[^\n]*-e\b|\bplink(?:\.exe)?\b[^\n]*-R\b`)},
	{"env-dump", Medium, []string{"env:"}, lazyRegexp(`(?i)(?:get-childitem|gci|dir|ls)\s+env:\\?\*?\s*(?:>|\|\s*(?:out-file|set-content|export|invoke|irm|iwr|convertto|select-string|where|findstr)\b|\|\s*\?)`)},
	{"env-dump", Low, []string{"env:"}, lazyRegexp(`(?i)(?:get-childitem|gci|dir|ls)\s+env:`)},
	{"code-execution", Medium, []string{"invoke-expression", "iex"}, lazyRegexp(`(?i)\binvoke-expression\b|(?:^|[|;&]\s*)iex\b`)},
	{"code-execution", Low, []string{"bypass", "unrestricted"}, lazyRegexp(`(?i)\b(?:powershell|pwsh)\b.*-(?:ep|ex\w*)\s+(?:bypass|unrestricted)`)},
	{"code-execution", Medium, []string{"hidden"}, lazyRegexp(`(?i)\b(?:powershell|pwsh)\b.*-w\w*\s+hidden`)},
	{"system-control", Medium, []string{"shutdown", "stop-computer", "restart-computer"}, lazyRegexp(`(?i)\bshutdown(?:\.exe)?\s+/[srp]|\b(?:stop|restart)-computer\b`)},
}

// outsideOctet begins an address that isn't one of a private network, for all but a
// few of the Internet's.
const outsideOctet = `(?:[1-9]|1[1-9]|[2-9]\d|1[01]\d|12[0-689]|1[34568]\d|17[013-9]|19[013-9]|2[0-4]\d|25[0-5])(?:\.\d{1,3}){3}`

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
	if onlyWhatIf(low) {
		defer j.forgives(len(j.found))
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
