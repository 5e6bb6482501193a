package main

import (
	"fmt"
	"io"

	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

type policyConvertCmd struct {
	Path string `arg:"" name:"file" help:"The other proxy's policy."`
	From string `required:"" placeholder:"PROXY" help:"Whose policy it is: mcpwall or agent-wall."`
	File string `short:"f" placeholder:"PATH" help:"Write there instead of to standard output."`
}

func (policyConvertCmd) Help() string {
	return `Writes another proxy's policy in our language. What can't be carried over, or only nearly, is listed on standard error, and the exit code is 3.

Examples:

    rulewind policy convert --from mcpwall config.yml > rulewind.yaml
    rulewind policy convert --from agent-wall agent-wall.yaml -f rulewind.yaml`
}

// Validate finds an unknown origin before anything is read.
func (c *policyConvertCmd) Validate() error { return oneOf("origin", c.From, policy.ConvertFrom...) }

func (c *policyConvertCmd) Run(e *env) error {
	source, err := readBounded(e.path(c.Path), maxPolicy)
	if err != nil {
		return fmt.Errorf("reading the policy: %w", err)
	}
	out, left, err := policy.Convert(c.From, source)
	if err != nil {
		return err
	}
	if err := e.output(c.File, func(w io.Writer) error { _, err := w.Write(out); return err }); err != nil {
		return err
	}
	for _, p := range left {
		p.File = c.Path
		fmt.Fprintf(e.Stderr, "%s\n", reports.Visible(p.String()))
	}
	if len(left) > 0 {
		return incomplete("%d parts of %s could not be carried over as they are; look at them before you use the result", len(left), c.Path)
	}
	return nil
}
