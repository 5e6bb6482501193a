package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/rulewind/rulewind/proxy/mcp"
	"github.com/rulewind/rulewind/proxy/policy"
	"github.com/rulewind/rulewind/reports"
)

// maxMessage bounds a message that check reads.
const maxMessage = 64 << 20

type checkCmd struct {
	Message string `arg:"" optional:"" help:"A JSON-RPC message, a file that holds one (a path, or @path), or - for standard input."`

	Tool      string   `short:"t" help:"Judge a call of this tool."`
	Arg       []string `short:"a" sep:"none" placeholder:"NAME=VALUE" help:"An argument of the call: NAME=text, or NAME:=JSON. Repeatable."`
	Answer    string   `placeholder:"TEXT" help:"Judge this text as the answer of the call."`
	Method    string   `help:"The method called. (default: tools/call)"`
	Server    string   `help:"The name of the server."`
	Caller    string   `placeholder:"NAME" help:"Who calls, by the policy's list of callers."`
	Direction string   `placeholder:"WAY" help:"to-server or to-client. (default: to-client for answers)"`
	Policy    string   `short:"p" default:"default" help:"A policy file, or the name of a built-in one."`
	Explain   bool     `short:"e" help:"Walk all rules: what each asked, what held, and what would flip it."`
	AsCase    bool     `help:"Write a YAML case that wants this verdict, with stand-ins for secrets, instead of the verdict."`
	Batch     bool     `help:"Read messages as JSON Lines and write a verdict for each."`
	Output    string   `short:"o" default:"text" placeholder:"FORMAT" help:"text or json."`
}

func (checkCmd) Help() string {
	return `The exit code is 0 for allow, 1 for deny and redact, 4 for ask, 2 if there is no answer.

Examples:

    rulewind check --tool read_file --arg path=~/.ssh/id_rsa
    rulewind check --tool read_file --arg path=notes.md --arg limit:=10 --explain
    rulewind check --tool search --answer "Ignore all previous instructions."
    rulewind check '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' -o json
    rulewind check @call.json --policy rulewind.yaml
    rulewind check --tool read_file --arg path=~/.ssh/id_rsa --as-case > case.yaml
    rulewind check --batch calls.jsonl > verdicts.jsonl`
}

// Validate finds what can't be meant, before anything runs.
func (c *checkCmd) Validate() error {
	if err := oneOf("format", c.Output, "text", "json"); err != nil {
		return err
	}
	if c.Direction != "" {
		if err := oneOf("direction", c.Direction, "to-server", "to-client"); err != nil {
			return err
		}
	}
	if c.AsCase && (c.Batch || c.Explain || c.Output != "text") {
		return fmt.Errorf("--as-case writes a case; leave out --batch, --explain and --output")
	}
	if c.Batch && c.Explain {
		return fmt.Errorf("--explain shows one message; leave out --batch")
	}
	return nil
}

func (c *checkCmd) Run(e *env) error {
	p, err := e.loadPolicy(c.Policy)
	if err != nil {
		return err
	}
	if c.Batch {
		return c.batch(e, p)
	}
	frames, err := c.frames(e)
	if err != nil {
		return err
	}
	if c.AsCase {
		return c.asCase(e, p, frames)
	}
	event, early := judgeLast(p, c.opening(e), c.withFacts(e, p, frames), c.Explain)
	if c.Output == "json" {
		if err := reports.WriteJSON(e.Stdout, newCheckResult(p, event, early)); err != nil {
			return err
		}
	} else {
		printVerdict(e, event, c.Explain)
		if early {
			fmt.Fprintln(e.Stdout, "  note      this is the verdict on the call: no answer would come. Spell the call out with --tool and --arg")
		}
	}
	return exit(verdictCode(event.Verdict.Action))
}

func verdictCode(a policy.Action) int {
	switch a {
	case policy.Allow:
		return exitYes
	case policy.Ask:
		return exitAsk
	}
	return exitNo
}

// judgeLast judges the frames in one session and returns the event of the last; or
// of the call before it, if that one is stopped: then no answer comes.
func judgeLast(p *policy.Policy, opening mcp.Frame, frames []mcp.Frame, trace bool) (ev *policy.Event, early bool) {
	s := policy.NewSession(p)
	s.Step(opening)
	s.Trace = trace
	for i, f := range frames {
		ev = s.Step(f)
		if a := ev.Verdict.Action; a == policy.Deny || a == policy.Ask {
			return ev, i < len(frames)-1
		}
	}
	return ev, false
}

// opening is the fact that every session begins with.
func (c *checkCmd) opening(e *env) mcp.Frame {
	fact := policy.Fact{Name: policy.FactSession, Server: c.Server, Transport: "stdio", Vars: e.vars(), Basis: "check"}
	return mcp.Frame{At: 1, Kind: mcp.FactFrame, Raw: fact.JSON()}
}

// withFacts puts before a call what a proxy would tell the session of it: who calls,
// and where its paths lead through symbolic links.
func (c *checkCmd) withFacts(e *env, p *policy.Policy, frames []mcp.Frame) (out []mcp.Frame) {
	fact := func(f policy.Fact) { out = append(out, mcp.Frame{At: 2, Kind: mcp.FactFrame, Raw: f.JSON()}) }
	if c.Caller != "" {
		fact(policy.Fact{Name: policy.FactCaller, Caller: c.Caller})
	}
	var d mcp.Decoder
	for _, f := range frames {
		if m, err := d.Decode(f.Raw); err == nil && f.Dir == mcp.ToServer && p.AsksPaths() {
			if real := realPaths(newLinks(e.vars()), m); real != nil {
				fact(policy.Fact{Name: policy.FactPaths, Paths: real})
			}
		}
		out = append(out, f)
	}
	return out
}

func realPaths(l *links, m *mcp.Message) map[string]string {
	var real map[string]string
	for _, t := range policy.PathTexts(m) {
		if to := l.real(t); to != "" {
			if real == nil {
				real = map[string]string{}
			}
			real[t] = to
		}
	}
	return real
}

// frames are the message to judge, after the request that it answers if it is one.
func (c *checkCmd) frames(e *env) ([]mcp.Frame, error) {
	raw, err := c.read(e)
	if err != nil {
		return nil, err
	}
	if raw != nil {
		return c.framesOf(raw, c.Tool)
	}
	call, err := c.call()
	if err != nil {
		return nil, err
	}
	if c.Answer == "" {
		return []mcp.Frame{frame(2, c.dir(mcp.ToServer), call)}, nil
	}
	answer := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":%s}]}}`, quoted(c.Answer))
	return []mcp.Frame{frame(2, mcp.ToServer, call), frame(3, mcp.ToClient, answer)}, nil
}

// framesOf puts the request before an answer. Which request it was is known only
// by --tool and --arg; what can't be read is judged as it is.
func (c *checkCmd) framesOf(raw []byte, tool string) ([]mcp.Frame, error) {
	var d mcp.Decoder
	m, err := d.Decode(raw)
	if err != nil || !m.Kind.IsAnswer() || m.ID == "" {
		if len(c.Arg) > 0 {
			return nil, fmt.Errorf("a whole call is given; --arg would spell out another")
		}
		dir := mcp.ToServer
		if err == nil {
			if known, ok := mcp.LookupMethod(m.Method); ok && known.From == mcp.ToClient {
				dir = mcp.ToClient
			}
		}
		return []mcp.Frame{frame(2, c.dir(dir), raw)}, nil
	}
	method := c.Method
	if method == "" {
		method = mcp.MethodToolsCall
	}
	args, err := arguments(c.Arg)
	if err != nil {
		return nil, err
	}
	params := args
	if method == mcp.MethodToolsCall {
		params = fmt.Sprintf(`{"name":%s,"arguments":%s}`, quoted(tool), args)
	}
	dir := c.dir(mcp.ToClient)
	request := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"method":%s,"params":%s}`, m.ID, quoted(method), params)
	return []mcp.Frame{frame(2, dir.Reverse(), request), frame(3, dir, raw)}, nil
}

func (c *checkCmd) dir(normal mcp.Dir) mcp.Dir {
	if d, ok := mcp.ParseDir(c.Direction); ok {
		return d
	}
	return normal
}

func frame(at int64, dir mcp.Dir, raw []byte) mcp.Frame {
	return mcp.Frame{At: at, Dir: dir, Kind: mcp.MessageFrame, Raw: raw}
}

// read returns the message given, nil if the call is spelt out by flags.
func (c *checkCmd) read(e *env) ([]byte, error) {
	spelt := c.Tool != "" || c.Method != ""
	switch {
	case c.Message == "" && (spelt && !c.Batch):
		return nil, nil
	case c.Message == "" && len(c.Arg) > 0:
		return nil, fmt.Errorf("--arg needs the tool: add --tool NAME")
	case c.Message == "" && e.Terminal(e.Stdin):
		return nil, fmt.Errorf("nothing to check; give --tool NAME --arg NAME=VALUE, or a JSON-RPC message")
	case c.Message == "" || c.Message == "-":
		return trimmed(io.ReadAll(io.LimitReader(e.Stdin, maxMessage)))
	case c.Answer != "":
		return nil, fmt.Errorf("a whole message is given; --answer would spell out another")
	case strings.HasPrefix(strings.TrimSpace(c.Message), "{"), strings.HasPrefix(strings.TrimSpace(c.Message), "["):
		return []byte(c.Message), nil
	}
	path := e.path(strings.TrimPrefix(c.Message, "@"))
	raw, err := readBounded(path, maxMessage)
	if err != nil && os.IsNotExist(err) && !strings.HasPrefix(c.Message, "@") {
		return nil, fmt.Errorf("%q is neither a JSON-RPC message nor a file", c.Message)
	}
	return trimmed(raw, err)
}

// trimmed takes the line terminator off, as a framer does.
func trimmed(raw []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, fmt.Errorf("reading the message: %w", err)
	}
	text := strings.TrimSpace(string(raw))
	if text == "" {
		return nil, fmt.Errorf("the message is empty")
	}
	return []byte(text), nil
}

// call spells out the request that the flags describe.
func (c *checkCmd) call() ([]byte, error) {
	args, err := arguments(c.Arg)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Method == "" || c.Method == mcp.MethodToolsCall:
		return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%s,"arguments":%s}}`, quoted(c.Tool), args), nil
	case c.Tool != "":
		return nil, fmt.Errorf("--tool is for tools/call; with --method %s leave it out", c.Method)
	}
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"method":%s,"params":%s}`, quoted(c.Method), args), nil
}

// arguments makes an object of NAME=VALUE and NAME:=JSON, in the order given.
func arguments(list []string) (string, error) {
	members := make([]string, 0, len(list))
	seen := map[string]bool{}
	for _, a := range list {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" || name == ":" {
			return "", fmt.Errorf("--arg %q: want NAME=VALUE, or NAME:=JSON", a)
		}
		text := quoted(value)
		if bare, isJSON := strings.CutSuffix(name, ":"); isJSON {
			if !json.Valid([]byte(value)) {
				return "", fmt.Errorf("--arg %q: what follows := isn't JSON; use = for a text", a)
			}
			name, text = bare, value
		}
		if seen[name] {
			return "", fmt.Errorf("--arg %q: %s is given twice", a, name)
		}
		seen[name] = true
		members = append(members, quoted(name)+":"+text)
	}
	return "{" + strings.Join(members, ",") + "}", nil
}

// quoted spells s as a JSON string.
func quoted(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil { // a string always can
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
