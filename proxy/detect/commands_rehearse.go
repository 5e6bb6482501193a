package detect

import (
	"slices"
	"strings"
)

// rehearsals are the options by which programs show what they would do and do
// nothing. Only programs that know the option are listed: others would ignore it.
var rehearsals = func() map[string][]string {
	options := map[string][]string{}
	for _, r := range [...]struct{ progs, options string }{
		{"git rsync", "--dry-run -n"},
		{"kubectl oc helm npm pnpm yarn cargo pip pip3 uv rclone gem twine poetry docker docker-compose podman argocd flux kustomize skaffold velero certbot lerna gh supabase", "--dry-run"},
		{"aws", "--dryrun --dry-run"},
		{"ansible ansible-playbook", "--check -C"},
		{"apt apt-get aptitude", "--dry-run --simulate -s --just-print --no-act"},
		{"dpkg", "--dry-run --simulate --no-act"},
		{"brew borg restic rdfind rmlint stow", "--dry-run -n"},
		{"pacman", "--print -p"},
	} {
		for _, p := range strings.Fields(r.progs) {
			options[p] = strings.Fields(r.options)
		}
	}
	return options
}()

// rehearsed are the kinds that a rehearsal does nothing of. It still runs what its
// options name, and reaches where they lead.
var rehearsed = set("cloud-destructive", "destructive-delete", "git-destructive", "package-install", "sql-destructive", "system-control", "cmd-destructive", "kill-security")

// isRehearsal reports whether a call only shows what it would do.
func isRehearsal(c *shellCall) bool {
	options := rehearsals[c.prog]
	if options == nil {
		return false
	}
	rehearses := false
	for i := range c.args {
		arg := c.args[i].text
		if arg == "--" {
			break
		}
		name, value, valued := strings.Cut(arg, "=")
		if !slices.Contains(options, name) || c.prog == "git" && name == "-n" && !c.has("push", "clean", "rm", "add", "mv", "fetch", "prune") {
			continue
		}
		if valued && value != "client" && value != "server" && value != "true" {
			return false
		}
		rehearses = true
	}
	return rehearses
}

// forgives drops what was found from n on that a rehearsal does nothing of.
func (j *judge) forgives(n int) {
	if n < len(j.found) {
		j.found = append(j.found[:n], slices.DeleteFunc(j.found[n:], func(f commandFinding) bool { return rehearsed[f.kind] })...)
	}
}

// onlyWhatIf reports whether a PowerShell line is one command that only tells what
// it would do.
func onlyWhatIf(low string) bool {
	return strings.Contains(low, "-whatif") && !strings.Contains(low, "-whatif:") && !strings.ContainsAny(low, ";&|\n")
}
