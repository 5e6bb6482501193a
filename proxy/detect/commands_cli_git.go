package detect

import "strings"

// protectedBranches are what others build on.
const protectedBranches = "main|master|production|prod|release|trunk|stable|develop|*/main|*/master|release/*|refs/heads/main|refs/heads/master"

// gitRules know what git and the forges' tools destroy, run and redirect. What
// touches only one's own branch is Low. Sources: git-config(1), gitrevisions(7),
// the tools' references.
var gitRules = []cliRule{
	{"git", "push -f|--force|--force-with-lease|--force-if-includes " + protectedBranches, "git-destructive", Medium},
	{"git", "push -f|--force|--force-with-lease *:main|*:master|*:production|*:release|*:refs/heads/main|*:refs/heads/master", "git-destructive", Medium},
	{"git", "push +main|+master|+production|+release|+*:main|+*:master|+refs/heads/main|+refs/heads/master|+HEAD:main|+HEAD:master", "git-destructive", Medium},
	{"git", "push -d|--delete " + protectedBranches, "git-destructive", Medium},
	{"git", "push :main|:master|:production|:release|:refs/heads/main|:refs/heads/master", "git-destructive", Medium},
	{"git", "push --mirror|--prune|--all -f|--force|--mirror|--prune !--dry-run", "git-destructive", Medium},
	{"git", "branch -D " + protectedBranches, "git-destructive", Medium},
	{"git", "branch -d|--delete -f|--force " + protectedBranches, "git-destructive", Medium},
	{"git", "filter-branch|filter-repo -f|--force|--all|--index-filter|--tree-filter|--commit-filter|--path|--invert-paths", "git-destructive", Medium},
	{"git", "reflog expire|delete -q|--all|--expire|--expire-unreachable ~=now|=all|=0|␣now␣|␣delete␣", "git-destructive", Medium},
	{"git", "gc|prune --prune|--expire ~=now|=all", "git-destructive", Low},
	{"git", "update-ref -d refs/heads/main|refs/heads/master|HEAD", "git-destructive", Medium},
	{"git", "stash clear", "git-destructive", Low},
	{"git", "rm -r|-f . !--cached|-n|--dry-run", "git-destructive", Low},
	{"git", "clean -f|--force /|~|${HOME}", "destructive-delete", High},
	{"git", "replace|notes|worktree remove|--graft|prune -f|--force|--graft", "git-destructive", Low},
	{"git", "config core.hookspath|core.hooksPath|core.sshCommand|core.sshcommand|core.fsmonitor|core.gitProxy|core.gitproxy|init.templateDir|init.templatedir|uploadpack.packObjectsHook|diff.external|diff.*.textconv|diff.*.command|difftool.*.cmd|mergetool.*.cmd|filter.*.clean|filter.*.smudge|merge.*.driver|sequence.editor|gpg.program|interactive.diffFilter|trailer.*.cmd|trailer.*.command|remote.*.uploadpack|remote.*.receivepack|submodule.*.update !.husky|.husky/_|.githooks|true|false|1|0 !--get|--unset|--get-all|-l|--list !~git-lfs|fsmonitor--daemon|gpg2|/gpg", "persistence", Medium},
	{"git", "config alias.* !*|~", "persistence", Low},
	{"git", "config ~alias. ~␣!", "persistence", Medium},
	{"git", "config core.pager|pager.*|core.editor|core.askpass|core.askPass ~;|␣-c␣|/tmp/|curl|wget|/dev/tcp", "persistence", Medium},
	{"git", "config credential.helper|credential.*.helper ~␣!|/tmp/|=!", "persistence", Medium},
	{"git", "config url.*.insteadof|url.*.insteadOf|url.*.pushInsteadOf !~github.com/.insteadof|gitlab.com/.insteadof|git@|ssh://git@|bitbucket.org|x-access-token|oauth2", "persistence", Medium},
	{"git", "config http.proxy|https.proxy|http.*.proxy http*:*|socks*:* !~localhost|127.0.0.1|.corp|.local|.internal", "persistence", Medium},
	{"git", "config http.sslVerify|http.sslverify false|0", "kill-security", Medium},
	{"git", "config protocol.ext.allow|protocol.allow|safe.directory|receive.denyNonFastForwards always|user|false", "kill-security", Low},
	{"git", "-c|--config|--config-env ~core.sshcommand=|core.fsmonitor=/|core.hookspath=|protocol.ext.allow|core.gitproxy=|core.pager=!|uploadpack.packobjectshook=|diff.external=|credential.helper=!|core.askpass=", "code-execution", High},
	{"git", "-c|--config ~alias. ~=!", "code-execution", High},
	{"git", "-c|--config ~core.pager=|core.editor=|sequence.editor=|gpg.program= ~sh␣-c|curl|wget|/tmp/|;|nc␣|python", "code-execution", High},
	{"git", "clone|fetch|pull|ls-remote|push -u|--upload-pack|--receive-pack|--exec ~sh␣-c|touch|curl|/tmp/|;|`|$(", "code-execution", High},
	{"git", "grep -O|--open-files-in-pager ~/tmp|sh|curl", "code-execution", Medium},
	{"git", "rebase|bisect|submodule|filter-branch|difftool|mergetool -x|--exec|run|foreach|-x|--extcmd ~curl|wget|/dev/tcp|nc␣|base64|rm␣-rf␣/|␣/tmp/|␣/dev/shm/|␣/var/tmp/", "code-execution", Medium},
	{"git", "show|cat-file|archive|checkout|restore *:.env|*:*/.env|*:*.pem|*:*id_rsa*|*:*.key|*:*secrets.y*ml|*:*credentials*|*:*.p12|*:*.npmrc|*:*.netrc|*:*/.aws/*|*:*.tfstate", "credential-read", Medium},
	{"git", "archive .env|*/.env", "credential-read", Medium},
	{"git", "log|rev-list|grep -S|-G|--all -p|--patch|-S|-G ~aws_secret|private_key|api_key|password|begin␣rsa|secret_key !~readme", "credential-read", Low},
	{"git", "log|rev-list|grep|show ~-sakia|-s␣akia|-gakia|begin␣rsa|begin␣openssh|begin␣private|-sghp_|-s␣ghp_|sk_live", "credential-read", Medium},
	{"git", "commit --amend --author", "git-destructive", Low},
	{"git", "commit|push --no-verify|-n", "kill-security", Low},
	{"git", "push --mirror|--all http*|ssh:*|git@*|*@*:* !~github.com|gitlab|bitbucket|dev.azure.com|codeberg|gitee", "exfiltration", Medium},
	{"git", "push http*://* !~://github.com|@github.com|gitlab|bitbucket|dev.azure.com|codeberg|gitee|visualstudio.com|sr.ht|heroku|localhost", "exfiltration", Medium},
	{"git", "send-email", "exfiltration", Low},
	{"gh", "repo delete", "git-destructive", Medium},
	{"gh", "repo archive|rename -y|--yes|--confirm", "git-destructive", Medium},
	{"gh", "repo edit --visibility ~public", "exfiltration", Medium},
	{"gh", "repo create --public ~--source=/|--source␣/|--source␣~|--source=~", "exfiltration", Medium},
	{"gh", "api -X|--method ~delete ~repos/|orgs/|user/keys !~/issues/|/comments|/labels|/runs/|/reactions|/pulls/|/assignees|/caches|/artifacts|/milestones|/refs/heads/", "git-destructive", Medium},
	{"gh", "api -X|--method|-F|-f ~\"private\":false|private=false|visibility=public", "exfiltration", Medium},
	{"gh", "api -X|--method|-F|-f ~/branches/ ~/protection ~delete|put", "kill-security", Medium},
	{"gh", "ssh-key|gpg-key|deploy-key add", "persistence", Medium},
	{"gh", "repo deploy-key add", "persistence", Medium},
	{"gh", "release delete", "git-destructive", Low},
	{"gh", "secret|variable delete|remove", "git-destructive", Low},
	{"gh", "extension install !github/*|cli/*", "package-install", Low},
	{"gh", "codespace|cs ssh|ports", "exfiltration", Low},
	{"glab", "repo|project delete", "git-destructive", Medium},
	{"glab", "ssh-key|deploy-key add", "persistence", Medium},
	{"svn", "delete|rm|remove ~http|svn:", "git-destructive", Medium},
	{"hg", "strip|histedit|push -f|--force", "git-destructive", Low},
}

// knownForges host what is pushed, cloned and installed every day.
var knownForges = []string{"github.com", "gitlab.com", "bitbucket.org", "dev.azure.com", "codeberg.org", "gitee.com", "sr.ht", "visualstudio.com", "googlesource.com", "gitlab.", "github."}

// foreignRemote judges a script that adds a remote of an unknown host beside the
// usual ones and pushes everything to it.
func (j *judge) foreignRemote(c *shellCall) {
	ops := c.operands()
	if len(ops) < 2 {
		return
	}
	switch {
	case ops[0].text == "remote" && len(ops) > 3 && ops[1].text == "add" && ops[2].text != "origin" && ops[2].text != "upstream" && isUnknownForge(ops[3].text):
		j.remote = ops[2].text
	case ops[0].text == "remote" && len(ops) > 3 && ops[1].text == "set-url" && isUnknownForge(ops[3].text):
		j.remote = ops[2].text
	case ops[0].text == "push" && j.remote != "" && (ops[1].text == j.remote || c.has("--all", "--mirror")):
		j.add("exfiltration", c, Medium)
	}
}

func isUnknownForge(url string) bool {
	return (strings.Contains(url, "://") || strings.Contains(url, "@")) && !holdsOne(strings.ToLower(url), knownForges) && !strings.Contains(url, "localhost")
}
