package detect

import "strings"

// verbs are what is done, as tools, interfaces and command lines call it.
var verbs = wordTable([]wordClass[verb]{
	{destroys, "delete del remove rm destroy drop purge wipe erase terminate truncate nuke obliterate deprovision decommission undeploy uninstall expunge flush empty deregister unregister unregistervm undefine discard zeroize prune evict dissolve forget annihilate clear clean leave unpublish yank format deletion destruction removal termination"},
	{resets, "reset reinitialize factoryreset reimage"},
	{halts, "stop shutdown poweroff halt kill suspend pause hibernate drain reboot freeze close"},
	{loosens, "disable deactivate unprotect lift unset detach suppress bypass silence disarm unlock turn switch relax weaken revoke dismiss mute"},
	{transfers, "transfer"},
	{makes, "create add generate grant attach bind assign invite promote share publish issue insert register put authorize allow permit give enable expose open mint"},
	{changes, "update set change edit modify make patch configure toggle convert replace apply alter"},
})

// wholesale are the verbs that leave the thing and take all that it holds.
var wholesale = set("purge", "flush", "empty", "truncate", "wipe", "erase", "nuke", "zeroize", "clear")

// nouns are what it is done to; names of two words stand joined. Sources: the
// vendors' references of their interfaces; ATT&CK T1485, T1490, T1531, T1561, T1562.
var nouns = wordTable([]wordClass[noun]{
	{common, "file folder directory object blob page document doc note message email mail thread channel event contact user member customer record row entry item key value label tag comment issue ticket task pod job cronjob container image branch session connection memory entity relation observation photo video post product order invoice subscriber webhook alert alarm rule dashboard panel function role group permission certificate variable host light lock door garage cover script automation bookmark card list board sprint milestone artifact workflow pipeline run runner query view trigger procedure credential token contact lead deal opportunity candidate employee patient booking reservation playlist partition shard replica route listener acl policy collaborator login model node log monitor delegate kv camera recording sensor agent"},
	{serving, "calendar dns device index indice deployment statefulset daemonset ingress service app application server environment env website lambda queue topic stream loadbalancer gateway distribution zonerecord dnsrecord recordset pvc persistentvolumeclaim configmap secret nodepool nodegroup scalinggroup autoscalinggroup securitygroup subnet router functionapp webapp endpoint release helmrelease replicaset virtualservice network"},
	{holding, "cluster database db dbinstance dbcluster schema keyspace namespace organization organisation org workspace tenant subscription resourcegroup project repository repo vault keyvault keyring kmskey masterkey encryptionkey hostedzone managedzone dnszone zone domain vpc vnet bucket storageaccount storage filesystem fileshare volume persistentvolume disk drive pool userpool identitypool storagepool datastore lun aggregate svm instance vm virtualmachine droplet linode machine baremetal identityprovider idp directoryservice activedirectory domaincontroller ou organizationalunit table collection warehouse lakehouse datalake team account raid registry crd customresourcedefinition stack stackset landingzone managementgroup billingaccount realm firmware bios startupconfig runningconfig fleet mailbox sitecollection vhost broker certificateauthority partitiontable ownership schedulekey tenancy site space dataset computer laptop workstation tablet"},
	{guard, "audit auditlog audittrail auditing trail cloudtrail guardduty securityhub macie inspector defender antivirus edr xdr firewall waf mfa mfadevice mfafactor authfactor securitykey passkey webauthn totp authenticator twofactor twofactorauthentication twofactorauth twofa branchprotection protectionrule protection ruleset secretscanning codescanning pushprotection backup backupplan backupvault backuppolicy recoverypoint recoveryservicesvault snapshot shadowcopy restorepoint retention retentionpolicy retentionlock versioning objectlock deletionprotection terminationprotection encryption networkpolicy admissionwebhook validatingwebhookconfiguration flowlog logsink logging loggroup logstream activitylog eventlog accesslog securitylog siem sentinel falcon crowdstrike publicaccessblock securitypolicy conditionalaccess conditionalaccesspolicy detector dlp tamperprotection realtimeprotection accessanalyzer logprofile diagnosticsetting legalhold litigationhold alarmpanel safeguard guardrail approvalrule requiredreview codeowners signedcommit binlog sso saml ipallowlist passwordpolicy devicetrust mfaenforcement twofactorrequirement antispam spamfilter dmarc transferlock domainlock registrarlock registrylock flowlogs alarmaction webacl validatingwebhook mutatingwebhook configurationrecorder configrecorder recorder geofence interlock failsafe ssl tls"},
})

// lockNouns keep people out, or tell when one comes: to open all of them at once is
// nobody's daily work.
var lockNouns = set("lock", "door", "garage", "alarm", "gate", "safe", "cover", "monitor", "alert", "alerting", "service", "policy", "detection")

// owned is what goes over to another owner with all that it holds.
var owned = set("repository", "repo", "project", "domain", "organization", "organisation", "org", "ownership", "zone", "bucket", "workspace")

// thorough are the verbs of which all, of nothing that is named, is meant as said.
var thorough = set("delete", "wipe", "erase", "destroy", "nuke", "purge", "drop", "terminate", "obliterate")

// missedAtOnce are what somebody misses at once if all of them stop or fall silent.
var missedAtOnce = set("rule", "agent", "account", "user", "camera", "recording", "sensor", "policy", "monitor", "alert", "detection", "host", "machine", "service", "device")

// securityVendors make what watches machines and people.
var securityVendors = set("crowdstrike", "sentinelone", "falcon", "wazuh", "osquery", "splunk", "siem", "defender", "carbonblack", "cybereason", "sophos", "mcafee", "sysmon", "zeek", "suricata", "snort", "qualys", "tenable", "lacework", "prisma", "falco", "tetragon", "edr", "xdr", "antivirus", "okta", "entra", "securityhub")

// guardedBy are the nouns that a guard may be called by: a policy named after it.
var guardedBy = set("policy", "rule", "service", "index", "recorder", "app", "agent", "sensor", "manager", "detection", "collector", "job", "trigger")

// formatted is what is empty once it is formatted.
var formatted = set("disk", "volume", "drive", "partition", "filesystem", "raid", "pool", "device", "lun", "storage")

// toolNouns are what tools that are named after a program or a service act on, if they
// don't say it.
var toolNouns = map[string]string{"helm": "release", "terraform": "stack", "tofu": "stack", "pulumi": "stack", "cloudformation": "stack", "gmail": "message", "mail": "message", "email": "message", "mailbox": "message", "outlook": "message", "ldap": "entry", "s3": "object", "gcs": "object", "ec2": "instance", "redis": "key", "mongo": "document", "mongodb": "document", "dns": "dns", "backup": "backup", "backups": "backup", "eks": "cluster", "gke": "cluster", "aks": "cluster", "vm": "vm", "calendar": "calendar", "ipmi": "machine", "ups": "machine", "vmware": "vm", "vsphere": "vm", "hyperv": "vm", "proxmox": "vm", "consul": "kv", "garage": "garage", "flux": "release", "intune": "device", "mdm": "device", "jamf": "device"}

// interfaces are words of tools that call another service's interface.
var interfaces = set("http", "api", "rest", "request", "fetch", "curl")

// A wordClass lists the words of a class.
type wordClass[T any] struct {
	class T
	words string
}

func wordTable[T any](classes []wordClass[T]) map[string]T {
	table := map[string]T{}
	for _, c := range classes {
		for w := range strings.FieldsSeq(c.words) {
			table[w] = c.class
		}
	}
	return table
}

var (
	prepositions = set("from", "in", "of", "to", "by", "for", "with", "on", "at", "via", "and", "or", "into", "using", "where", "if", "than")
	fillers      = set("all", "every", "everything", "entire", "whole", "many", "multiple", "bulk", "batch", "one", "single", "my", "the", "a", "an", "existing", "force", "v", "v1", "v2", "permanently", "permanent", "now", "async", "sync", "request", "command", "api", "tool", "action", "completely", "safely", "immediately", "old", "given", "specific", "particular", "by", "id", "ids", "name", "names")
	hostWords    = set("example", "examples", "local", "localhost", "test", "dev", "demo", "kind", "learn", "ci", "qa", "stage", "staging", "sandbox", "preview") // of hosts' names
	liveWords    = set("prod", "production", "live", "prd", "primary", "kube", "master")
	scratchWords = set("test", "tests", "testing", "tmp", "temp", "temporary", "dev", "develop", "development", "sandbox", "preview", "demo", "scratch", "ci", "e2e", "playground", "example", "examples", "sample", "samples", "local", "localhost", "mock", "dummy", "qa", "feature", "pr", "draft", "drafts", "throwaway", "ephemeral", "trial", "foo", "bar", "baz", "fixture", "fixtures", "integration", "experiment", "experimental", "poc", "spike", "minikube", "kind", "learn", "tutorial", "hello", "expired", "stale", "orphan", "orphaned", "unused", "obsolete", "deprecated", "review")
)
