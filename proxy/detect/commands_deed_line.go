package detect

import "strings"

// adminPrograms are programs that manage what others rely on, by subcommands of a verb
// and a noun, with the noun that is meant if none is said. Sources: the vendors'
// references of their command lines; ATT&CK T1485, T1490, T1529, T1561.
var adminPrograms = func() map[string]string {
	table := map[string]string{}
	for _, r := range [...]struct{ noun, progs string }{
		{"", "aws gcloud az oci aliyun tccli hcloud huaweicloud hwcloud ibmcloud ic scw linode-cli doctl vultr-cli exo openstack civo upctl katapult ovhcloud yc nifcloud upcloud nova cinder glance neutron"},
		{"vm", "govc virsh qm pct xe vboxmanage vmrun prlctl esxcli vim-cmd pvesh ha-manager xl powervs cloudstack cmk triton acli ncli vmware-cmd"},
		{"topic", "confluent kafka-topics kafka-topics.sh pulsar-admin nats rabbitmqadmin rabbitmqctl rpk kcat mosquitto_ctl activemq-admin"},
		{"object", "mc b2 s3cmd s5cmd azcopy gsutil ossutil ossutil64 coscmd swift bosh obsutil mgc"},
		{"pool", "ceph rbd rados gluster zfs zpool btrfs lvremove vgremove ceph-volume drbdadm mdadm lizardfs-admin beegfs-ctl stratis"},
		{"database", "cbq couchbase-cli atlas mongocli ccloud snowsql snow databricks influx cockroach pscale turso neonctl supabase edgedb rethinkdb dropdb mysqladmin hasura nodetool clickhouse-keeper solr bin/solr opensearch-cli elastic ecctl weaviate qdrant milvus_cli couchdb neo4j-admin arangosh"},
		{"application", "railway vercel netlify fly flyctl heroku render koyeb wrangler firebase amplify eb cf apps dokku caprover scalingo clever stackit deis"},
		{"repository", "gh glab tea hub bb svnadmin gitea forgejo"},
		{"user", "okta auth0 kcadm.sh kcadm keycloak samba-tool ipa ldapdelete realm gam gamadv-xtd3 m365 gyb"},
		{"backup", "velero restic borg borgmatic kopia duplicity bconsole bacula pgbackrest barman wal-g rman duplicacy rdiff-backup tarsnap attic bup proxmox-backup-client proxmox-backup-manager veeamconfig snapraid snapper timeshift tmutil nsrmm bpexpdate"},
		{"cluster", "juju talosctl kops eksctl rosa rancher rke rke2-killall.sh clusterctl kubeadm gkectl anthos ocm  tanzu patronictl k0s"},
		{"alert", "datadog-ci dog newrelic pd grafana-cli sentry-cli"},
		{"machine", "maas cobbler foreman hammer knife puppet chef salt-key ironic racadm ipmitool hponcfg ilorest redfishtool jamf mdmclient intune"},
		{"firmware", "nvram fwupdmgr flashrom uhubctl mtd esptool esptool.py fastboot"},
		{"registry", "crane skopeo regctl oras harbor"},
	} {
		for p := range strings.FieldsSeq(r.progs) {
			table[p] = r.noun
		}
	}
	return table
}()

// unaskedOptions are options by which a program doesn't ask again, or keeps nothing.
var unaskedOptions = set("--force", "-f", "--yes", "-y", "--quiet", "-q", "--auto-approve", "-auto-approve", "--assume-yes", "--yes-i-really-really-mean-it", "--yes-i-really-mean-it", "--no-interaction", "--skip-final-snapshot", "--force-delete-without-recovery", "--purge", "--delete-automated-backups", "--recursive", "-r", "-rf", "--no-confirm", "--noconfirm", "--remove-all-storage", "--force-destroy", "--hard", "--confirm", "--delete", "--wipe", "--no-prompt", "--non-interactive", "--unsafe-allow-remove-all", "--no-backup", "--nuke", "--destroy-storage", "--approve", "--destroy-unreferenced-disks", "--snapshots-metadata", "--skip-confirmation", "--no-dry-run", "--cascade", "--bypass-governance-retention")

// deeds judges what an administrator's program is told to do.
func (j *judge) deeds(c *shellCall) {
	if strings.IndexByte(c.prog, '-') > 0 {
		j.cmdlet(c)
	}
	own, ok := adminPrograms[c.prog]
	if !ok || len(c.args) == 0 {
		return
	}
	j.settings(c)
	var d deed
	words, n := make([]string, 0, 24), 0
	rest := c.args
	for i := range c.args {
		t := c.args[i].text
		if strings.HasPrefix(t, "-") {
			if len(words) > 0 {
				break
			}
			continue
		}
		if n++; n > 4 || !isName(t) || d.verb != noVerb {
			break
		}
		words = nameWords(words, t)
		d.do(words)
		rest = c.args[i+1:]
	}
	if d.verb == noVerb || d.verb >= loosens {
		return
	}
	if d.noun == noNoun {
		if len(words) == 1 {
			d.noun, d.what = nouns[own], own
		}
		if len(rest) > 0 {
			if n, what := d.object(nameWords(nil, rest[0].text)); n != noNoun && isName(rest[0].text) {
				d.noun, d.what, rest = n, what, rest[1:]
			}
		}
	}
	if d.noun == noNoun {
		return
	}
	keeps := false
	for i, a := range rest {
		switch t := a.text; {
		case unaskedOptions[t]:
			d.forced = true
		case t == "--all" || t == "-A" || t == "--all-namespaces" || t == "--all-tenants":
			d.all, d.named = true, true
		case strings.HasPrefix(t, "--keep-") || strings.HasPrefix(t, "--older") || strings.HasPrefix(t, "--max-"):
			if _, val, ok := strings.Cut(t, "="); ok && val == "0" || i+1 < len(rest) && rest[i+1].text == "0" {
				d.all, d.named = true, true
			} else {
				keeps = true
			}
		case strings.HasPrefix(t, "-"):
			if _, val, ok := strings.Cut(t, "="); ok {
				d.target(val)
			}
		default:
			d.target(t)
			if strings.HasSuffix(t, "::*") || strings.HasSuffix(t, "/*") || strings.Contains(t, "$(…)") {
				d.all = true
			}
		}
	}
	if keeps && !d.all {
		return // by age or number, as it is done every night
	}
	if s := d.grade(); s > NoScore {
		kind := "cloud-destructive"
		if d.verb == halts {
			kind = "system-control"
		}
		j.add(kind, c, s)
	}
}

// cmdletVendors begin the nouns of PowerShell's commands for a vendor's things.
var cmdletVendors = []string{"azureadms", "azuread", "azurerm", "azkey", "az", "adlds", "ad", "mgbeta", "mg", "msol", "ec2", "s3", "rds", "gce", "gcs", "oci", "vbr", "veeam", "cm", "exo", "exchange", "wb", "vi", "hv", "sp", "pnp", "cs", "dfsn", "dhcpserver", "dnsserver", "nc", "pure", "na", "hpe", "intune", "devicemanagement", "sql", "dba", "iis", "web", "eks", "ecs", "ct", "gd", "kms", "ram", "route53", "r53"}

// cmdlet judges a PowerShell command by the verb and the noun in its name.
func (j *judge) cmdlet(c *shellCall) {
	v, name, _ := strings.Cut(c.prog, "-")
	var d deed
	if v == "format" && name != "volume" && name != "disk" {
		return // what is shown, and how
	}
	if d.verb = verbs[v]; d.verb == noVerb || d.verb >= loosens {
		return
	}
	d.noun, d.what, d.named = nouns[name], name, true
	for i := 1; i+5 < len(name) && d.noun == noNoun; i++ {
		if n := nouns[name[i:]]; n >= holding {
			d.noun, d.what = n, name[i:]
		}
	}
	for _, vendor := range cmdletVendors {
		if rest, ok := strings.CutPrefix(name, vendor); ok && d.noun == noNoun {
			d.noun, d.what = nouns[rest], rest
		}
	}
	for i := range c.args {
		switch t := strings.ToLower(c.args[i].text); {
		case t == "-all":
			d.all, d.named = true, true
		case strings.HasPrefix(t, "-force"), strings.HasPrefix(t, "-confirm:"), t == "-recurse", t == "-deletepermanently", t == "-purge":
			d.forced, d.named = true, true
		case strings.HasPrefix(t, "-whatif"):
			return
		case !strings.HasPrefix(t, "-"):
			d.target(c.args[i].text)
		}
	}
	if d.noun == common && d.all {
		j.add("cmd-destructive", c, Medium)
	} else if s := d.grade(); s > NoScore {
		j.add("cmd-destructive", c, s)
	}
}

// settings judges what a cloud's program sets, as the members of a tool's call are.
func (j *judge) settings(c *shellCall) {
	var members []Member
	tool := c.prog
	for i := 0; i < len(c.args) && len(members) < 32; i++ {
		t := c.args[i].text
		if !strings.HasPrefix(t, "--") {
			if len(members) == 0 && isName(t) {
				tool += "_" + t
			}
			continue
		}
		name, val, ok := strings.Cut(t[2:], "=")
		if !ok {
			val = "true"
			if i+1 < len(c.args) && !strings.HasPrefix(c.args[i+1].text, "--") {
				val = c.args[i+1].text
			}
		}
		if off, ok := strings.CutPrefix(name, "no-"); ok && val == "true" {
			name, val = off, "false"
		}
		low := strings.ToLower(val)
		members = append(members, Member{name, val, low != "true" && low != "false" && !allDigits(val)})
		for inner, v := range jsonPairs(val) {
			members = append(members, Member{name + "." + inner, v, v != "true" && v != "false" && !allDigits(v)})
		}
	}
	if len(members) == 0 {
		return
	}
	var call callDeed
	call.read(tool, members)
	if !call.says(changers) && !call.says(makers) {
		return
	}
	report := func(kind string, score Score) { j.add(kind, c, score) }
	call.opens(report)
	call.forms(report)
}
