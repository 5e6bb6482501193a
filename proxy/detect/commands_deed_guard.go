package detect

import "strings"

// A setting such as requireTwoFactorAuthentication, enforce_ssl or logging.enabled says
// in its name that something is demanded, and what: a guard. keepsGuard reads the two
// out of a folded name, whatever the service calls it. Set to false, it is disarmed.
func keepsGuard(leaf string) bool {
	return guardSettings.count([]byte(leaf), 1) > 0 && (demanding.count([]byte(leaf), 1) > 0 || strings.HasSuffix(leaf, "protection") || strings.HasSuffix(leaf, "verification"))
}

// looks reports whether the tool's name says that it only looks, and no operation that
// it does more: what it is given is what it looks for.
func (c *callDeed) looks() bool {
	if len(c.tool) == 0 || !onlookers[c.tool[0]] || len(c.said) > len(c.tool) {
		return false
	}
	for _, w := range c.tool[1:] {
		if verbs[w] != noVerb {
			return false
		}
	}
	return true
}

// onlookers are how the names of tools begin that change nothing.
var onlookers = set("get", "list", "read", "describe", "search", "find", "show", "query", "fetch", "count")

var (
	// demanding are the parts of a name that demand.
	demanding = phrases("require|enforce|enable|mandatory|mustuse|isactive|strict")
	// guardSettings are the parts of a name that say what guards. Words that are settings
	// of comfort as often, such as logging and notification, aren't among them.
	guardSettings = phrases("mfa|2fa|twofactor|two_factor|multifactor|requiresso|enforcesso|enablesso|ssoenforc|ssorequir|saml|auditlog|audittrail|encrypt|tls|ssl|httpsonly|requiresignature|commitsignature|signaturevalid|signaturecheck|signedcommit|certificatecheck|certificatevalid|verifycert|" +
		"deletionprotection|terminationprotection|branchprotection|purgeprotection|softdelete|versioning|objectlock|immutab|legalhold|retentionlock|firewall|waf|antivirus|realtimeprotect|realtimescan|realtimemonitor|tamper|malware|seccomp|apparmor|selinux|" +
		"approval|codeowner|statuscheck|securityscan|secretscan|vulnerabilit|dlp|conditionalaccess|passwordpolicy|passwordcomplex|lockout|accesscontrol|authentication|authorization|rbac|quarantine|integrity|guardduty|threat")
)
