package policy

import (
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"go.yaml.in/yaml/v4"

	"github.com/rulewind/rulewind/proxy/mcp"
)

// maxCost bounds the evaluation of one CEL expression, in CEL's own cost units
// (about a step each). An expression that exceeds it counts as an error.
const maxCost = 100_000

// A when is a CEL expression over the message: method, tool, server, client, era,
// kind and direction are strings; args, params, result and error are values (null
// where absent). It is pure: no time, no functions but CEL's own.
type when struct {
	pos     string
	source  string
	program cel.Program
}

var celEnv = sync.OnceValues(func() (*cel.Env, error) {
	opts := []cel.EnvOption{}
	for _, name := range []string{"method", "tool", "server", "client", "era", "kind", "direction"} {
		opts = append(opts, cel.Variable(name, cel.StringType))
	}
	for _, name := range []string{"args", "params", "result", "error"} {
		opts = append(opts, cel.Variable(name, cel.DynType))
	}
	return cel.NewEnv(opts...)
})

// when compiles an expression; it must give true or false.
func (r *reader) when(n *yaml.Node, what string) *when {
	w := &when{pos: r.pos(n), source: r.text(n, what)}
	env, err := celEnv()
	if err != nil {
		r.problem(n, "%s: %v", what, err)
		return nil
	}
	ast, issues := env.Compile(w.source)
	if issues.Err() != nil {
		for _, e := range issues.Errors() {
			r.problem(n, "%s: column %d: %s", what, e.Location.Column()+1, e.Message)
		}
		return nil
	}
	if t := ast.OutputType(); !t.IsExactType(cel.BoolType) && !t.IsExactType(cel.DynType) {
		r.problem(n, "%s: the expression gives a %s; it must give true or false", what, t)
		return nil
	}
	if w.program, err = env.Program(ast, cel.CostLimit(maxCost)); err != nil {
		r.problem(n, "%s: %v", what, err)
		return nil
	}
	return w
}

// when evaluates an expression. One that fails (a missing member, too costly) holds
// for a rule that stops and doesn't for one that allows: closed either way.
func (e *eval) when(w *when) bool {
	s, m := e.s, e.m
	sub := &s.now.subject
	kind := sub.Kind
	if m.Kind.IsAnswer() {
		kind = "answer"
	}
	out, _, err := w.program.Eval(map[string]any{
		"method": sub.Method, "tool": sub.Tool, "server": s.server, "client": s.client, "era": s.era,
		"kind": kind, "direction": sub.Dir.String(),
		"args":   plainValue(m, m.Find(m.Params, "arguments")),
		"params": plainValue(m, m.Params), "result": plainValue(m, m.Result), "error": plainValue(m, m.Error),
	})
	held, ok := false, false
	if err == nil {
		held, ok = out.Value().(bool)
	}
	why := ""
	if !ok {
		held, why = !e.surely, "the expression has no answer here"
		if missing(err) {
			held, why = false, "a member that it asks for isn't there"
		}
	}
	if e.trace == nil {
		return held
	}
	return e.note(w.pos, "when "+w.source, held, why)
}

// missing reports an expression that asks for a member that the message lacks: it
// speaks of another kind of call, and doesn't hold, as with paths.
func missing(err error) bool {
	return err != nil && (strings.HasPrefix(err.Error(), "no such key") || strings.HasPrefix(err.Error(), "no such overload"))
}

// facets evaluates the conditions on the tool's own definition.
func (e *eval) facets(c *cond) bool {
	held := true
	for _, h := range c.hints {
		ok := e.m.Method == mcp.MethodToolsCall && e.s.supposed[ofTools].of(e.s.hint(h.index) == h.want)
		held = e.note(c.pos, hintWords[h.index]+" is as asked", ok, "") && held
	}
	if len(c.schema) > 0 && (held || e.trace != nil) {
		state := schemaUnknown
		if e.m.Method == mcp.MethodToolsCall {
			state = e.s.schemaState(e.m)
		}
		ok := false
		for _, w := range c.schema {
			ok = ok || w == state
		}
		ok = e.s.supposed[ofTools].of(ok)
		held = e.note(c.pos, "schema "+strings.Join(c.schema, " or "), ok && e.m.Method == mcp.MethodToolsCall, "it is "+state) && held
	}
	if len(c.states) > 0 && (held || e.trace != nil) {
		states := e.s.definitionStates(e.m)
		ok := len(states) > 0
		if e.surely {
			ok = ok && !slices.ContainsFunc(states, func(s string) bool { return !slices.Contains(c.states, s) })
		} else {
			ok = ok && slices.ContainsFunc(states, func(s string) bool { return slices.Contains(c.states, s) })
		}
		ok = e.s.supposed[ofTools].of(ok)
		if held = held && ok; e.trace != nil {
			e.note(c.pos, "definition "+strings.Join(c.states, " or "), ok, "it is "+strings.Join(states, ", "))
		}
	}
	return held
}
