package detect

import "strings"

// handsOut reports calls that hand keys or mail to somebody, for good: rules that
// forward what comes in, keys that let in, hooks that call a bare address.
func (c *callDeed) handsOut(report func(kind string, score Score)) {
	to, hides, security, everything := "", false, false, c.all
	secret, mails := false, c.says(forwards) || c.says(mailRules) || c.says(forwardings)
	for i := range c.members {
		m := &c.members[i]
		low := m.low
		path := m.path
		switch {
		case m.Text && strings.Contains(low, "@") && (isForward(m.leaf) || strings.Contains(path, "redirectto") || strings.Contains(path, "forwardto") || strings.Contains(path, "forwardasattachment") || (m.leaf == "to" || m.leaf == "address" || m.leaf == "email") && c.says(forwards)):
			to = low
		case low == "trash" || low == "inbox" && strings.Contains(path, "remove") || low == "unread" && strings.Contains(path, "remove"),
			low == "true" && (m.leaf == "delete" || m.leaf == "markasread" || m.leaf == "deleteoriginal" || m.leaf == "skipinbox" || m.leaf == "archive" || m.leaf == "shouldtrash" || m.leaf == "shouldmarkasread" || m.leaf == "permanentdelete" || m.leaf == "hidden" || m.leaf == "deletemessage"):
			hides = true
		case m.leaf == "disposition" && (low == "trash" || low == "archive" || low == "delete"):
			hides = true
		case m.Text && isEverything(m.Value):
			everything = true
		case mails && m.Text && len(low) < 512 && holdsOne(low, []string{"password", "verification", "security alert", "one-time", "2fa", "otp", "reset your", "sign-in", "phish", "hacked", "wire transfer", "invoice"}):
			security = true
		case m.leaf == "readonly" && low == "false":
			secret = true
		}
		if m.Text && strings.Contains(low, "@") && (strings.Contains(m.leaf, "delegate") || c.what == "delegate" && m.leaf == "email") && c.says(makers) {
			report(exposingCall, Medium)
		}
		c.hook(m, low, report)
		c.carriesTo(m, low, report)
		c.registry(m, low, report)
	}
	switch {
	case to == "":
	case hides && (security || everything), everything && hides:
		report(exposingCall, High)
	case c.says(forwardings) && (c.says(changers) || c.says(makers)), c.mailboxWide():
		report(exposingCall, Medium)
	case hides || security && c.says(mailRules), everything && c.says(forwards), c.says(forwards) && c.says(autos):
		report(exposingCall, Medium)
	}
	if c.says(makers) && len(c.members) > 0 {
		c.keys(secret, report)
	}
}

// mailboxWide reports whether a member forwards all that a mailbox gets.
func (c *callDeed) mailboxWide() bool {
	for i := range c.members {
		if m := &c.members[i]; strings.HasPrefix(m.leaf, "forwarding") && strings.Contains(m.Value, "@") {
			return true
		}
	}
	return false
}

// wayIn reports whether the tool opens a machine to log in to from elsewhere.
func (c *callDeed) wayIn() bool {
	if len(c.tool) < 2 || !c.says(enablers) {
		return false
	}
	last := c.tool[len(c.tool)-1]
	return consoles[last] || (last == "access" || last == "server" || last == "service") && consoles[c.tool[len(c.tool)-2]]
}

// keys reports calls that make a key by which somebody gets in.
func (c *callDeed) keys(writes bool, report func(kind string, score Score)) {
	for i := 1; i < len(c.said); i++ {
		switch w := c.said[i-1] + singular(c.said[i]); {
		case w == "deploykey" && writes, w == "loginprofile", w == "accesskey" && c.says(clouds), w == "serviceaccountkey", w == "accountkey" && c.says(clouds), w == "authorizedkey":
			report(exposingCall, Medium)
			return
		}
	}
}

// carriesTo reports a member that sends what is taken out to a bare address, or takes
// what is served from one.
func (c *callDeed) carriesTo(m *callMember, low string, report func(kind string, score Score)) {
	switch m.leaf {
	case "uploadto", "exportto", "postto", "sendto", "copyto", "replicateto", "origin", "originurl", "upstream", "syslogserver", "mirrorto":
		if outsideAddress(low) && !strings.Contains(low, "@") {
			report(exposingCall, Medium)
		}
	}
}

// hook reports a webhook that calls a bare address, or trusts whoever answers.
func (c *callDeed) hook(m *callMember, low string, report func(kind string, score Score)) {
	if !c.says(hooks) || !c.says(makers) && !c.says(changers) {
		return
	}
	switch {
	case (m.leaf == "url" || m.leaf == "targeturl" || m.leaf == "endpoint" || m.leaf == "callbackurl") && outsideAddress(low):
		report(exposingCall, Medium)
	case m.leaf == "insecuressl" && (low == "1" || low == "true"):
		report(exposingCall, Medium)
	}
}

// registry reports a value set in a place of Windows' registry that is run, or that
// keeps secrets.
func (c *callDeed) registry(m *callMember, low string, report func(kind string, score Score)) {
	if !m.Text || len(low) > 512 || !strings.Contains(low, `\`) || !c.says(registries) || !c.says(changers) && !c.says(makers) {
		return
	}
	if holdsOne(low, []string{`image file execution options\`, `currentversion\run`, `\winlogon`, `appinit_dlls`, `silentprocessexit`, `\wdigest`, `control\lsa`, `policies\system`, `windows defender`, `command processor`, `\services\`, `ms-settings\shell`, `session manager`, `terminal server`, `shell folders`, `inprocserver32`}) {
		report("persistence", High)
	}
}

func isForward(leaf string) bool {
	switch leaf {
	case "forward", "forwardto", "redirectto", "forwardingaddress", "forwardingsmtpaddress", "forwardemail", "bcc", "blindcopyto", "autobcc", "redirect", "sendcopyto":
		return true
	}
	return false
}

var (
	forwards   = set("forward", "forwarding", "redirect", "autoforward", "autoforwarding", "relay")
	mailRules  = set("filter", "filters", "rule", "rules", "forwarding", "autoforwarding", "sieve", "messagerules")
	autos      = set("auto", "automatic", "autoforwarding", "autoforward")
	clouds     = set("iam", "aws", "gcp", "azure", "access", "user", "service", "cloud")
	hooks      = set("webhook", "webhooks", "hook", "hooks", "subscription", "callback")
	registries = set("registry", "reg", "winreg", "regedit", "hklm", "hkcu", "hive")
)

// isSystems reports whether a member names a folder of the system or a home.
func (c *callDeed) isSystems() bool {
	for i := range c.members {
		if m := &c.members[i]; m.Text && len(m.Value) < 256 && strings.IndexByte(m.Value, '/') >= 0 && (deletesMuch(m.Value) || systemFile(m.Value) >= Low) {
			return true
		}
	}
	return false
}

// entitles reports calls that let somebody do everything, or run a program inside of a
// database.
func (c *callDeed) entitles(report func(kind string, score Score)) {
	actions, resources := false, false
	for i := range c.members {
		m := &c.members[i]
		low := m.low
		path := m.path
		switch {
		case m.leaf == "action" && (low == "*" || low == "*:*") && strings.Contains(path, "statement"):
			actions = true
		case m.leaf == "resource" && low == "*" && strings.Contains(path, "statement"):
			resources = true
		case m.leaf == "verbs" && low == "*" && (c.says(changers) || c.says(makers)),
			m.Text && (low == "+@all" || low == "nopass"),
			m.leaf == "privileges" && (low == "all" || low == "all privileges") && (c.says(changers) || c.says(makers)),
			m.Text && (low == "krbtgt" || low == "administrator") && c.says(passwords):
			report(exposingCall, Medium)
		case m.Text && c.says(vaults) && c.says(reveal) && (strings.HasPrefix(low, "secret/") || strings.HasPrefix(low, "kv/")):
			report("credential-read", Medium)
		case m.leaf == "grantadminconsent" && low == "true":
			report(exposingCall, Medium)
		case m.Text && (strings.Contains(path, "$function.body") || strings.Contains(path, "$accumulator.") || strings.HasSuffix(path, "$where")):
			report("code-execution", Medium)
		case m.Text && passwordAttributes[low] && (c.says(directories) || m.leaf == "attributes" || m.leaf == "attrs"):
			report("credential-read", High)
		case (m.leaf == "permissions" || m.leaf == "permission") && c.says(signatures) && strings.Contains(low, "w") && strings.Contains(low, "d") && len(low) < 24 && !strings.Contains(low, "read"):
			report(exposingCall, Medium)
		}
	}
	switch {
	case c.wayIn() && len(c.members) > 0 && !c.scratch:
		report(exposingCall, Medium)
	case c.verb == makes && c.all && c.says(sharing):
		report(exposingCall, Medium)
	case c.all && c.says(changers) && c.what == "permission":
		report(exposingCall, Medium)
	case c.says(plcs) && c.says(writes) && (c.all || c.gives("0-")):
		report("system-control", Medium)
	}
	if actions && resources && (c.says(makers) || c.says(changers)) {
		report(exposingCall, Medium)
	}
	for i := 1; i < len(c.said); i++ {
		if (c.said[i] == "admin" || c.said[i] == "owner" && c.says(accounts) || c.said[i] == "superadmin") && (c.said[i-1] == "set" || c.said[i-1] == "make" || c.said[i-1] == "promote") {
			report(exposingCall, Medium)
			return
		}
	}
}

var (
	directories = set("ldap", "ad", "directory", "activedirectory")

	// passwordAttributes are where directories keep passwords and their hashes.
	passwordAttributes = set("userpassword", "unicodepwd", "ms-mcs-admpwd", "mslaps-password", "mslaps-encryptedpassword", "nthash", "lmhash", "dbcspwd", "ntpwdhistory", "sambantpassword", "msds-managedpassword", "supplementalcredentials")

	forwardings = set("forwarding", "autoforwarding", "autoforward")
	consoles    = set("ssh", "rdp", "telnet", "winrm", "vnc", "psremoting", "remotedesktop")
	enablers    = set("enable", "allow", "start", "open")
	sharing     = set("share", "datashare")
	plcs        = set("plc", "modbus", "coil", "register", "registers", "bacnet", "dnp", "opcua", "scada", "s7")
	writes      = set("write", "set", "force")
	passwords   = set("password", "reset")
	vaults      = set("vault", "openbao")
	reveal      = set("read", "get", "fetch", "reveal", "decrypt")
	accounts    = set("user", "users", "admin", "account", "accounts", "workspace")
	signatures  = set("sas", "presign", "presigned", "signature")
)
