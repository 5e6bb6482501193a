package detect

import "strings"

// engineSockets are where container engines listen: whoever speaks to one is root of
// its host.
var engineSockets = []string{"docker.sock", "containerd.sock", "podman.sock", "crio.sock"}

// engineDeeds are the paths of Docker's Engine API that make, start, enter or take away.
var engineDeeds = []struct {
	kind  string
	score Score
	all   []string // all stand in the line, lower case, without blanks
}{
	{"docker-escape", High, []string{"/containers/create", `"binds":["/:`}},
	{"docker-escape", High, []string{"/containers/create", `"privileged":true`}},
	{"docker-escape", High, []string{"/containers/create", `"pidmode":"host"`}},
	{"docker-escape", High, []string{"/containers/create", `"source":"/"`}},
	{"docker-escape", Medium, []string{"/containers/create"}},
	{"docker-escape", Medium, []string{"/exec", `"cmd"`}},
	{"cloud-destructive", Medium, []string{"delete", "/volumes/"}},
	{"cloud-destructive", Medium, []string{"post", "/volumes/prune"}},
}

// speaksToEngine judges a request that goes to a container engine's socket.
func (j *judge) speaksToEngine(c *shellCall) {
	line := strings.ReplaceAll(strings.ToLower(c.line()), " ", "")
	if !holdsOne(line, engineSockets) {
		return
	}
	for _, d := range engineDeeds {
		if holdsAll(line, d.all) {
			j.add(d.kind, c, d.score)
			return
		}
	}
}

func holdsAll(s string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}
