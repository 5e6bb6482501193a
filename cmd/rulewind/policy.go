package main

import (
	"fmt"
	"strings"

	"github.com/rulewind/rulewind/proxy/detect"
	"github.com/rulewind/rulewind/proxy/policy"
)

type policyCmd struct {
	Validate policyValidateCmd `cmd:"" help:"Load policies and print every problem with its place."`
	Show     policyShowCmd     `cmd:"" help:"Print a policy's source, or its rules in the order of evaluation."`
	Test     policyTestCmd     `cmd:"" help:"Run the tests in policy files."`
	Lint     policyLintCmd     `cmd:"" help:"Find rules that hardly do what their author means."`
	Convert  policyConvertCmd  `cmd:"" help:"Write another proxy's policy in our language."`
	Schema   policySchemaCmd   `cmd:"" help:"Print the JSON Schema of policy files."`
	Trust    policyTrustCmd    `cmd:"" help:"Let a project's policy stand in the place of yours."`
	Secret   policySecretCmd   `cmd:"" help:"Make a secret for a caller."`
	List     policyListCmd     `cmd:"" help:"List the policies that are built in."`
	Kinds    policyKindsCmd    `cmd:"" help:"List the kinds of things that detectors find."`
}

type policyValidateCmd struct {
	Policies []string `arg:"" name:"policy" help:"Policy files, or names of built-in ones."`
}

func (policyValidateCmd) Help() string {
	return `Examples:

    rulewind policy validate rulewind.yaml
    rulewind policy validate default team.yaml`
}

func (c *policyValidateCmd) Run(e *env) error {
	var problems []string
	for _, name := range c.Policies {
		p, err := e.loadPolicy(name)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		fmt.Fprintf(e.Stdout, "%s: valid, %d rules, default %s, digest %s\n", name, len(p.Rules), p.Default, p.Digest[:12])
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return nil
}

type policyShowCmd struct {
	Policy string `arg:"" optional:"" default:"default" help:"A policy file, or the name of a built-in one."`
	Rules  bool   `help:"List the rules of the policy and of what it extends, in order."`
}

func (policyShowCmd) Help() string {
	return `Examples:

    rulewind policy show default > rulewind.yaml
    rulewind policy show rulewind.yaml --rules`
}

func (c *policyShowCmd) Run(e *env) error {
	p, err := e.loadPolicy(c.Policy)
	if err != nil {
		return err
	}
	if !c.Rules {
		_, err := e.Stdout.Write(p.Sources[0].Text)
		return err
	}
	pt := e.painter(e.Stdout)
	wide := len("default")
	for _, r := range p.Rules {
		wide = max(wide, len(r.ID))
	}
	for i, r := range p.Rules {
		keeps := ""
		if words := r.Keeps(); len(words) > 0 {
			keeps = "  " + strings.Join(words, "; ")
		}
		fmt.Fprintf(e.Stdout, "%3d  %s  %-*s  %s%s\n", i+1, pt.action(r.Action, fmt.Sprintf("%-6s", r.Action)), wide, r.ID, pt.soft(r.Pos), keeps)
	}
	fmt.Fprintf(e.Stdout, "%3d  %s  %-*s  everything else\n", len(p.Rules)+1, pt.action(p.Default, fmt.Sprintf("%-6s", p.Default)), wide, "default")
	return nil
}

type policyListCmd struct{}

func (policyListCmd) Run(e *env) error {
	for _, name := range policy.EmbeddedNames() {
		fmt.Fprintln(e.Stdout, name)
	}
	return nil
}

type policyKindsCmd struct {
	Family string `arg:"" optional:"" help:"Only those of this family, such as secrets."`
}

func (policyKindsCmd) Help() string {
	return `Examples:

    rulewind policy kinds
    rulewind policy kinds secrets`
}

func (c *policyKindsCmd) Run(e *env) error {
	if c.Family != "" {
		set, ok := detect.ParseSet(c.Family)
		if !ok {
			return unknown("family", c.Family, detect.Names[:]...)
		}
		for _, k := range detect.Kinds(set) {
			fmt.Fprintln(e.Stdout, k)
		}
		return nil
	}
	for _, name := range detect.Names {
		set, _ := detect.ParseSet(name)
		for _, k := range detect.Kinds(set) {
			fmt.Fprintf(e.Stdout, "%s %s\n", name, k)
		}
	}
	return nil
}
