package detect

import "strings"

// opens reports what a call gives to everybody, or makes of somebody, and the guards
// that it sets to off.
func (c *callDeed) opens(report func(kind string, score Score)) {
	for i := range c.members {
		m := &c.members[i]
		if kind, score := c.opened(m); score > NoScore {
			report(kind, score)
			return
		}
	}
}

func (c *callDeed) opened(m *callMember) (string, Score) {
	switch {
	case !m.Text:
		return c.switched(m)
	case len(m.Value) > 256:
		return "", NoScore
	}
	low := m.low
	switch {
	case everyone[low] && c.shares(m), low == "all" && strings.HasPrefix(m.leaf, "group") && (strings.Contains(m.path, "permission") || c.gives("permission")):
		return exposingCall, Medium
	case (m.leaf == "mode" || m.leaf == "permissions" || m.leaf == "perms") && worldModes[strings.TrimLeft(low, "0o")] && c.isSystems():
		return exposingCall, High
	case publics[low] && visibilities[m.leaf] && c.says(changers) && !c.says(makers) && (c.noun != common || c.what == "image" || c.what == "object" || c.what == "file" || c.what == "acl" || c.what == "permission"):
		return exposingCall, Medium
	case wholeNet[low] && (c.says(gates) || strings.Contains(m.leaf, "cidr") || strings.Contains(m.leaf, "sourcerange") || strings.Contains(m.leaf, "allowlist") || strings.Contains(m.leaf, "iprange")) && (c.says(makers) || c.says(changers)) && !c.webOnly():
		return exposingCall, Medium
	case c.raises(m, low):
		return exposingCall, Medium
	case offs[low] && (m.leaf == "status" || m.leaf == "state") && c.says(changers) && c.namesGuard():
		return disarmingCall, Medium
	case offs[low] && c.isGuard(m) && c.says(changers):
		return disarmingCall, Medium
	}
	return "", NoScore
}

// switched judges a member that is true, false or a number.
func (c *callDeed) switched(m *callMember) (string, Score) {
	switch m.Value {
	case "0", "1":
		path := m.path
		switch {
		case (m.leaf == "days" || m.leaf == "retentiondays" || m.leaf == "retentionindays" || m.leaf == "backupretentionperiod" || strings.HasSuffix(path, "retention.ms") || strings.HasSuffix(path, "retention.bytes")) && holdsOne(path, []string{"expiration", "retention", "lifecycle", "keep"}) && (c.says(changers) || c.says(makers)):
			return disarmingCall, Medium
		case m.Value == "0" && (m.leaf == "replicas" || m.leaf == "desiredcount" || m.leaf == "desiredcapacity" || m.leaf == "nodecount" || m.leaf == "capacity") && c.live:
			return destroyingCall, Medium
		}
	case "false":
		switch {
		case m.leaf == "private" || m.leaf == "isprivate":
			if c.says(changers) && !c.says(makers) && c.noun >= serving {
				return exposingCall, Medium
			}
		case (keptGuards[m.leaf] || keepsGuard(m.leaf)) && c.says(changers):
			return disarmingCall, Medium
		case (m.leaf == "enabled" || m.leaf == "enable" || m.leaf == "active" || m.leaf == "islogging") && c.isGuard(m) && c.says(changers):
			return disarmingCall, Medium
		}
	case "true":
		switch m.leaf {
		case "public", "ispublic", "anonymous":
			if c.says(changers) && !c.says(makers) && c.noun >= serving {
				return exposingCall, Medium
			}
		case "publicaccess", "publiclyaccessible", "allowpublicaccess", "allowblobpublicaccess", "allowanonymous", "anonymousaccess":
			if c.says(changers) && !c.says(makers) && c.noun != common {
				return exposingCall, Medium
			}
		case "endpointpublicaccess", "publicnetworkaccess", "publicaccessenabled", "enablepublicaccess", "allowpublic":
			if c.says(changers) && c.noun != common {
				return exposingCall, Medium
			}
		case "canapprovepullrequestreviews", "overridesafety", "bypasssafety", "disablesafety", "ignoreinterlock", "bypassinterlock", "overrideinterlock", "disablefailsafe", "ignorelimits":
			return disarmingCall, Medium
		case "grantoption", "withgrantoption", "isadmin", "superuser", "issuperuser", "issuperadmin", "superadmin", "siteadmin", "issysadmin", "isowner", "grantadmin", "makeadmin":
			if c.says(changers) || c.says(makers) {
				return exposingCall, Medium
			}
		case "allowforcepushes", "allowdeletions", "bypassgovernanceretention", "skipfinalsnapshot":
			return disarmingCall, Medium
		}
	}
	return "", NoScore
}

// says reports whether the names of the tool and the operation hold one of words.
func (c *callDeed) says(words map[string]bool) bool {
	for _, w := range c.said {
		if words[w] {
			return true
		}
	}
	return false
}

// isGuard reports whether a member, or what the call is about, is a guard.
func (c *callDeed) isGuard(m *callMember) bool {
	if c.noun == guard || nounOf(m.leaf) == guard {
		return true
	}
	for i := range c.said {
		if n, _ := c.object(c.said[max(0, i-1) : i+1]); n == guard {
			return true
		}
	}
	rest := m.Path
	for rest != "" {
		part := rest
		part, rest, _ = strings.Cut(rest, ".")
		if nounOf(foldName(part)) == guard {
			return true
		}
	}
	return false
}

// namesGuard reports whether a member names a guard by what it is called.
func (c *callDeed) namesGuard() bool {
	var buf [24]string
	for i := range c.members {
		m := &c.members[i]
		if m.Text && (m.leaf == c.what || m.leaf == "name" || m.leaf == "label" || m.leaf == "displayname" || m.leaf == "title" || m.leaf == "policyname") && len(m.Value) < 128 {
			for _, w := range nameWords(buf[:0], m.Value) {
				if nounOf(w) == guard || w == "security" || w == "antivirus" || w == "logging" {
					return true
				}
			}
		}
	}
	return false
}

// gives reports whether a member's text holds a word.
func (c *callDeed) gives(word string) bool {
	for i := range c.members {
		if m := &c.members[i]; m.Text && len(m.Value) < 64 && strings.Contains(m.low, word) {
			return true
		}
	}
	return false
}

// shares reports whether a member names those that something is given to.
func (c *callDeed) shares(m *callMember) bool {
	switch m.leaf {
	case "principal", "aws", "grantee", "granteetype", "member", "members", "principals", "trustee", "sharedwith", "sharewith":
		return true
	case "type", "role", "scope", "with", "email", "to", "user", "users", "group", "groups", "identity", "entity", "target", "who", "audience", "access", "permission", "value", "userids", "add":
		return c.says(sharers)
	}
	return false
}

// webOnly reports whether a gate is opened only for what browsers ask of the web.
func (c *callDeed) webOnly() bool {
	web := false
	for i := range c.members {
		m := &c.members[i]
		if strings.Contains(m.leaf, "port") && m.leaf != "transport" {
			switch m.Value {
			case "80", "443", "tcp:80", "tcp:443", "8080", "8443":
				web = true
			default:
				return false
			}
		}
	}
	return web
}

// raises reports whether a member makes somebody an owner or an administrator.
func (c *callDeed) raises(m *callMember, low string) bool {
	switch m.leaf {
	case "role", "roles", "rolename", "roleid", "roledefinitionname", "roledefinitionid", "policy", "policyarn", "policyarns", "permission", "permissions", "accesslevel", "privileges", "privilege", "clusterrole", "access", "group", "groupname", "groups", "orgrole", "level":
	default:
		return false
	}
	if strings.HasSuffix(low, "roles/editor") || strings.HasSuffix(low, "roles/owner") {
		return c.says(raisers)
	}
	if i := strings.LastIndexAny(low, "/:"); i >= 0 && !strings.HasPrefix(low, "system:") {
		low = low[i+1:]
	}
	return crowns[strings.ReplaceAll(strings.ReplaceAll(low, " ", ""), "_", "")] && c.says(raisers)
}

var (
	changers = set("alter", "update", "set", "change", "edit", "modify", "make", "put", "patch", "configure", "toggle", "switch", "convert", "apply", "replace", "write")
	makers   = set("create", "new", "generate", "insert", "add", "authorize", "allow", "open", "register")
	sharers  = set("link", "links", "share", "sharing", "grant", "permission", "permissions", "policy", "acl", "iam", "access", "publish", "invite", "expose", "binding", "collaborator", "visibility")
	gates    = set("security", "firewall", "ingress", "nsg", "acl", "port", "inbound", "whitelist", "allowlist", "network", "authorize", "cidr")
	raisers  = set("grant", "attach", "bind", "binding", "assign", "add", "invite", "promote", "set", "update", "put", "create", "change", "iam", "role", "elevate", "make")

	visibilities = set("visibility", "privacy", "access", "acl", "cannedacl", "sharing", "publicaccess", "publicaccesslevel", "linkaccess", "audience", "accesslevel", "linksharing", "generalaccess")
	publics      = set("public", "public-read", "public-read-write", "publicread", "anyone", "everyone", "world", "allusers", "container", "blob", "open", "anyone_with_link", "anyonewithlink", "internet")
	everyone     = set("*", "anyone", "everyone", "allusers", "allauthenticatedusers", "public", "anonymous", "world", "anyone_with_link", "anyonewithlink", "system:anonymous", "system:unauthenticated", "all users", "authenticatedusers")
	wholeNet     = set("0.0.0.0/0", "::/0", "*", "any", "internet", "0.0.0.0", "all", "0.0.0.0-255.255.255.255")
	crowns       = set("administrator", "administrators", "admin", "admins", "owner", "root", "superuser", "administratoraccess", "iamfullaccess", "poweruseraccess", "cluster-admin", "clusteradmin", "globaladministrator", "globaladmin", "system:masters", "masters", "superadmin", "super-admin", "sysadmin", "useraccessadministrator", "useraccessadmin", "org-admin", "orgadmin", "domainadmins", "enterpriseadmins", "wheel", "sudo", "accountadmin", "securityadmin", "rds-superuser", "dba", "sysdba", "fulladmin")
	offs         = set("off", "disabled", "disable", "none", "suspended", "false", "inactive", "disarmed", "detect", "count", "permissive", "not_configured", "notconfigured", "reportonly")

	worldModes = set("777", "a+rwx", "ugo+rwx", "666", "a+w", "4755", "6755", "4777", "u+s", "+s", "rwxrwxrwx", "2777")

	// keptGuards are settings that keep what is guarded while they are true.
	keptGuards = set("destructiverequiresname", "twofactorrequirementenabled", "twofactorrequirement", "requiretwofactorauthentication", "ssoenforced", "requiresso", "samlenforced", "transferlock", "domainlock", "auditlogging", "enforcessl", "requiressl", "encrypted", "backupenabled", "enablebackup", "pointintimerecoveryenabled", "deletionprotection", "deletionprotectionenabled", "enabledeletionprotection", "terminationprotection", "enableterminationprotection", "disableapitermination", "enforceadmins", "blockpublicacls", "ignorepublicacls", "blockpublicpolicy", "restrictpublicbuckets", "enablepurgeprotection", "enablesoftdelete", "preventdestroy", "mfaenabled", "twofactorenabled", "requiremfa", "enforcemfa", "requirecodeownerreviews", "requiresignatures", "realtimeprotection", "tamperprotection", "islogging", "auditenabled", "auditloggingenabled", "secretscanning", "vulnerabilityalerts", "requireapproval", "requirepullrequest", "prevention")
)
