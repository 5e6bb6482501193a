package detect

import "strings"

// maxFolder bounds the name of the folder that a script has gone to.
const maxFolder = 256

// goes follows a script to the folder that it changes to.
func (j *judge) goes(c *shellCall) {
	to := firstOperand(c)
	switch {
	case to == "":
		to = "~"
	case !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "~") && !strings.HasPrefix(to, "$"):
		to = j.folder + "/" + to
	}
	if len(to) <= maxFolder {
		j.folder = to
	}
}

// readsHere judges what a call reads by a name in the folder that the script has
// gone to.
func (j *judge) readsHere(c *shellCall) {
	if j.folder == "" || !fileReaders[c.prog] || c.prog == "cp" || c.prog == "mv" || c.prog == "ln" {
		return
	}
	for _, o := range c.operands() {
		if o.text == "" || len(o.text) > maxFolder || strings.ContainsAny(o.text[:1], "/~$") || strings.Contains(o.text, "://") {
			continue
		}
		if kind, _ := o.sensitive(); kind != "" {
			continue
		}
		if kind, score := sensitiveText(j.folder + "/" + o.text); kind != "" && kind != "device-file" {
			j.add("credential-read", c, score)
		}
	}
}
