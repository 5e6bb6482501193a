package detect

// reveals reports calls that print what a store keeps secret.
func (c *callDeed) reveals(report func(kind string, score Score)) {
	if !c.says(fetchWords) {
		return
	}
	secret := c.what == "secret" || c.noun == noNoun && c.says(secretNouns)
	for i := 1; i < len(c.said); i++ {
		if w := c.said[i]; c.said[i-1] == "secret" && (w == "value" || w == "values" || w == "version" || w == "versions" || w == "payload") {
			report("credential-read", Medium)
			return
		}
	}
	for i := range c.members {
		m := &c.members[i]
		low := m.low
		switch {
		case m.leaf == "withdecryption" && low == "true":
			report("credential-read", Medium)
			return
		case m.role == classifies && m.Text && singular(low) == "secret":
			secret = true
		}
	}
	for i := range c.members {
		m := &c.members[i]
		if secret && (m.leaf == "output" || m.leaf == "outputformat" || m.leaf == "o" || m.leaf == "format") && holdsOne(m.low, []string{"yaml", "json", "template"}) && c.says(kubes) {
			report("credential-read", Medium)
			return
		}
	}
}

var (
	fetchWords  = set("get", "read", "access", "fetch", "batch", "retrieve", "describe", "list", "show", "reveal", "decrypt")
	secretNouns = set("secret", "secrets")
	openers     = set("open", "unlock", "release")
	movers      = set("post", "scale", "export", "dump", "copy", "replicate", "backup", "upload", "send", "run", "execute", "call", "invoke", "transition", "resize", "mirror", "sync", "configuration", "settings", "config")
	databases   = set("mongodb", "mongo", "mysql", "postgres", "redis", "elasticsearch", "rabbitmq", "kafka", "cassandra", "database")
	engines     = set("elasticsearch", "opensearch", "solr")
	kubes       = set("kubectl", "kubernetes", "k8s", "kube", "oc", "resources", "resource")
	gitlabs     = set("gitlab", "glab", "subgroup")
)
