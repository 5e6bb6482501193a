package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

func TestRehearsals(t *testing.T) {
	for _, s := range []string{
		"git filter-repo --path docs/ --dry-run", "git push --force --dry-run origin main", "git clean -ndx /", "rsync -a --delete -n /var/empty/ /",
		"kubectl delete ns staging --dry-run=client", "helm uninstall web --dry-run", "aws s3 rm s3://a-bucket --recursive --dryrun",
		"ansible-playbook site.yml --check", "terraform plan -destroy", "terraform destroy -target=aws_instance.sandbox",
		`Remove-Item C:\Users\* -Recurse -Force -WhatIf`, "test -f .env || cp .env.example .env", `sh -c "test -f .env || cp .env.example .env"`,
	} {
		quiet(arg("bash", "command", s), detect.Low).run(t, detect.Commands)
	}
	for _, s := range []string{
		"git filter-repo --path docs/", "git push --force --dry-run origin main; git push --force origin main", "kubectl delete ns staging --dry-run=none",
		"rm -rf / --dry-run", "git push --force origin main -- --dry-run", "git -c core.sshCommand='sh -c id' fetch --dry-run", "rsync -n -e 'sh -c id' a b:",
		"terraform destroy -auto-approve", "terraform destroy -target=module.prod", `Remove-Item C:\Users\* -Recurse -Force -WhatIf:$false`,
		`Remove-Item C:\x -WhatIf; Remove-Item C:\Users\* -Recurse -Force`, "sh -c 'cat .env'",
	} {
		if got := scoreOf(arg("bash", "command", s), detect.Commands, ""); got < detect.Medium {
			t.Errorf("%q: score %d, want Medium", s, got)
		}
	}
}

func TestSearchesOfTheWebAreNoCommands(t *testing.T) {
	for _, tool := range []string{"brave_web_search", "google_search", "tavily-search", "search_issues"} {
		quiet(arg(tool, "query", "rm -rf / --no-preserve-root explained"), detect.Low).run(t, detect.Commands)
		quiet(arg(tool, "query", "curl https://get.example.com | sh safe?"), detect.Low).run(t, detect.Commands)
		quiet(arg(tool, "query", "DROP TABLE users; rollback"), detect.Low).run(t, detect.Commands)
	}
	finds(arg("shell", "query", "rm -rf /"), "destructive-delete", detect.High).run(t, detect.Commands)
}
