package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/recorder"
)

// allowRule writes a rule that allows calls like the one that was asked about: the
// same tool of the same server, with each of these values, and no other of the names
// at the top.
func allowRule(a *recorder.Ask) (string, error) {
	if a.Tool == "" {
		return "", fmt.Errorf("it is no call of a tool")
	}
	if len(detect.Find(nil, detect.Text{Value: a.Shown, Place: detect.Argument}, detect.Secrets)) > 0 {
		return "", fmt.Errorf("it holds a secret, which has no place in a policy")
	}
	d := json.NewDecoder(bytes.NewReader(argumentsOf([]byte(a.Shown))))
	d.UseNumber()
	var args map[string]any
	if err := d.Decode(&args); err != nil {
		return "", fmt.Errorf("its arguments can't be read")
	}
	values := map[string]any{}
	if err := flatten(values, "", args); err != nil {
		return "", err
	}
	type rule struct {
		ID     string         `yaml:"id"`
		Tool   string         `yaml:"tool"`
		Server string         `yaml:"server,omitempty"`
		Args   map[string]any `yaml:"args,omitempty"`
		When   string         `yaml:"when"`
		Action string         `yaml:"action"`
	}
	quoted := func(s string) string { // names are globs in a policy
		if strings.ContainsAny(s, `*?[]{}\!`) {
			return ""
		}
		return s
	}
	r := rule{ID: "approved-" + a.ID, Tool: quoted(a.Tool), Server: quoted(a.Server), Args: values, Action: "allow",
		When: namesOnly(slices.Sorted(maps.Keys(args)))}
	if r.Tool == "" {
		return "", fmt.Errorf("the tool's name would be a pattern in a policy")
	}
	b, err := yaml.Marshal([]rule{r})
	if err != nil {
		return "", err
	}
	return "# one more of the policy's rules, above those that ask:\n" + string(b), nil
}

// namesOnly is a CEL expression that holds if the arguments have no other names.
func namesOnly(names []string) string {
	var list []string
	for _, n := range names {
		list = append(list, strconv.Quote(n))
	}
	return "args.all(name, name in [" + strings.Join(list, ", ") + "])"
}

// flatten collects the scalars of a value by their paths.
func flatten(into map[string]any, path string, v any) error {
	add := func(name string, v any) error {
		if name == "" || strings.ContainsAny(name, ".*") {
			return fmt.Errorf("an argument's name can't stand in a policy's path: %q", name)
		}
		if path != "" {
			name = path + "." + name
		}
		return flatten(into, name, v)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if err := add(name, v[name]); err != nil {
				return err
			}
		}
	case []any:
		for i, item := range v {
			if err := add(strconv.Itoa(i), item); err != nil {
				return err
			}
		}
	case json.Number:
		into[path] = map[string]any{"equals": numberOf(v)}
	default:
		into[path] = map[string]any{"equals": v}
	}
	return nil
}

func numberOf(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil {
		return n.String()
	}
	return f
}
