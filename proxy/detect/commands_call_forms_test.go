package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// TestCallForms tells calls of administrators' interfaces that let in, disarm or take
// away from those that look alike and don't.
func TestCallForms(t *testing.T) {
	calls(t, `
idp_request {"method": "DELETE", "path": "/v1/users/u7/factors"}
idp_request {"method": "POST", "url": "https://idp.x.example/v1/users/u7/reset_factors"}
directory_sv {"user": "a@x.example", "action": "turnOff"}
realm_update {"realm": "shop", "bruteForceProtected": false}
create_identity_provider {"kind": "oidc", "issuer": "https://id.x.example"}
graph {"method": "PATCH", "path": "/identity/conditionalAccess/policies/p1", "body": {"state": "disabled"}}
rest {"method": "PUT", "url": "https://cloud.x.example/roleAssignments/a", "body": {"roleDefinitionId": "/x/b24988ac-6180-42a0-ab88-20f7382dd24c"}}
member_assign {"member": "m", "role": {"type": "SUPER_ADMIN"}}
vault {"method": "DELETE", "path": "sys/audit/syslog"}
vault {"method": "POST", "path": "auth/token/create", "body": {"policies": ["root"]}}
vault_export {"format": "csv", "includeSecrets": true}
directory_update_object {"dn": "CN=web", "attr": "msDS-AllowedToDelegateTo", "value": "cifs/dc"}
sdk {"client": "ec2", "method": "modify_instance_metadata_options", "kwargs": {"HttpTokens": "optional"}}
sdk {"client": "s3", "method": "delete_public_access_block", "kwargs": {"Bucket": "b"}}
sdk {"client": "config", "method": "stop_configuration_recorder", "kwargs": {"Name": "d"}}
sdk {"client": "lambda", "method": "create_function_url_config", "kwargs": {"FunctionName": "f", "AuthType": "NONE"}}
gateway_update_route {"api": "a", "route": "GET /x", "authorizationType": "NONE"}
function_update {"name": "f", "env": {"LD_PRELOAD": "/tmp/a.so"}}
cloud {"service": "logging", "method": "exclusions.create", "body": {"filter": "logName:cloudaudit"}}
cloud {"service": "compute", "method": "firewalls.insert", "body": {"sourceRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "all"}]}}
code_host {"method": "DELETE", "endpoint": "/repos/a/b/branches/main/protection"}
code_host {"method": "PUT", "endpoint": "/orgs/a/actions/permissions", "body": {"allowed_actions": "all"}}
code_host {"method": "DELETE", "path": "/projects/7/protected_branches/main"}
account_update {"settings": {"security": {"enforce_sso": false}}}
sdk {"client": "macie2", "method": "update_macie_session", "kwargs": {"status": "PAUSED"}}
ci_update_settings {"project": "a", "forks_receive_secret_env_vars": true}
workspace_run {"workspace": "live", "is_destroy": true}
store_command {"database": "admin", "command": {"grantRolesToUser": "u", "roles": [{"role": "root"}]}}
es_request {"method": "DELETE", "path": "/_snapshot/weekly"}
broker_topic_config {"topic": "t", "configs": {"retention.ms": "1"}}
kv_delete {"key": "", "recurse": true}
rules_set {"service": "firestore", "rules": "match /{d=**} { allow read, write: if true; }"}
zone {"method": "PATCH", "path": "/zones/z/settings/ssl", "body": {"value": "off"}}
dns_set_record {"zone": "x.example", "type": "MX", "value": "5 mx.y.example"}
router_forward_port {"dst_port": "3389", "src": "any"}
fw_create_rule {"type": "pass", "source": "any", "destination": "any"}
device_config {"host": "s1", "commands": ["conf t", "no logging on"]}
sensor_add_exclusion {"paths": ["C:\\"]}
mdm_action {"deviceIds": ["*"], "action": "wipe"}
plc_write {"register": "emergency_stop", "value": "off"}
services_disable {"services": ["WinDefend"]}
service_create {"name": "a", "binPath": "cmd.exe /c start C:\\Users\\Public\\a.exe"}
gpo_link {"name": "p", "target": "DC=x,DC=example"}
alerts_mute {"scope": "*"}
namespace_patch {"name": "shop", "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}
role_apply {"kind": "ClusterRole", "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
container_run {"image": "a", "volumes": {"/etc": {"bind": "/x", "mode": "rw"}}}
container_create {"image": "a", "devices": ["/dev/sda:/dev/sda"]}
`, func(line string, score detect.Score, _ []detect.Finding) {
		if score < detect.Medium {
			t.Errorf("%s: got %v, want at least Medium", line, score)
		}
	})
	calls(t, `
idp_request {"method": "GET", "path": "/v1/users/u7/factors"}
realm_update {"realm": "shop", "bruteForceProtected": true}
graph {"method": "GET", "path": "/identity/conditionalAccess/policies"}
graph {"method": "PATCH", "path": "/identity/conditionalAccess/policies/p1", "body": {"state": "enabled"}}
create_identity_provider {"kind": "oidc", "url": "https://token.actions.githubusercontent.com"}
member_assign {"member": "m", "role": {"type": "VIEWER"}}
vault {"method": "GET", "path": "sys/audit"}
vault_export {"format": "csv", "includeSecrets": false}
sdk {"client": "ec2", "method": "modify_instance_metadata_options", "kwargs": {"HttpTokens": "required"}}
sdk {"client": "s3", "method": "get_public_access_block", "kwargs": {"Bucket": "b"}}
sdk {"client": "config", "method": "start_configuration_recorder", "kwargs": {"Name": "d"}}
function_update {"name": "f", "env": {"NODE_OPTIONS": "--max-old-space-size=4096"}}
cloud {"service": "logging", "method": "entries.list", "body": {"filter": "logName:cloudaudit"}}
cloud {"service": "compute", "method": "firewalls.list", "body": {"filter": "sourceRanges:0.0.0.0/0"}}
code_host {"method": "GET", "endpoint": "/repos/a/b/branches/main/protection"}
workspace_run {"workspace": "live", "is_destroy": false}
code_host {"method": "GET", "path": "/projects/7/protected_branches"}
account_update {"settings": {"security": {"enforce_sso": true}}}
es_request {"method": "GET", "path": "/_snapshot/weekly"}
broker_topic_config {"topic": "t", "configs": {"retention.ms": "604800000"}}
kv_delete {"key": "shop/cart/17", "recurse": false}
rules_set {"service": "firestore", "rules": "match /u/{u} { allow read: if request.auth.uid == u; }"}
zone {"method": "PATCH", "path": "/zones/z/settings/ssl", "body": {"value": "strict"}}
dns_set_record {"zone": "x.example", "type": "MX", "value": "1 smtp.google.com"}
dns_set_record {"zone": "x.example", "type": "A", "value": "198.51.100.7"}
router_forward_port {"dst_port": "443", "src": "any"}
fw_create_rule {"type": "block", "source": "any", "destination": "any"}
device_config {"host": "s1", "commands": ["conf t", "logging host 192.0.2.7"]}
mdm_action {"deviceIds": ["d17"], "action": "sync"}
plc_write {"register": "fan_speed", "value": "0"}
services_disable {"services": ["Spooler"]}
service_create {"name": "a", "binPath": "C:\\Program Files\\a\\a.exe"}
alerts_mute {"scope": "env:dev"}
container_run {"image": "a", "volumes": {"data": {"bind": "/data", "mode": "rw"}}}
namespace_patch {"name": "shop", "labels": {"pod-security.kubernetes.io/enforce": "baseline"}}
role_apply {"kind": "Role", "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}
splunk_search {"search": "index=web status>=500 | stats count by host"}
query {"sql": "SELECT name, is_disabled FROM principals WHERE type = 'S'"}
`, func(line string, score detect.Score, found []detect.Finding) {
		if score >= detect.Medium {
			t.Errorf("%s: got %v, want less than Medium: %v", line, score, found)
		}
	})
}
