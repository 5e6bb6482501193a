package mcp_test

import (
	"encoding/json"
	"testing"

	"github.com/rulewind/rulewind/proxy/mcp"
)

func TestAppendWithout(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		{`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"cut":[1,2],"b":2}}`, `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"b":2}}`},
		{`{"jsonrpc":"2.0","id":1,"method":"m","params":{"cut" : 1 , "b":2}}`, `{"jsonrpc":"2.0","id":1,"method":"m","params":{ "b":2}}`},
		{`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1 , "cut":"}" }}`, `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1  }}`},
		{`{"jsonrpc":"2.0","id":1,"method":"m","params":{"cut":{"x":1},"too":3}}`, `{"jsonrpc":"2.0","id":1,"method":"m","params":{}}`},
		{`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":0,"too":3,"b":4,"cut":5}}`, `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":0,"b":4}}`},
	} {
		m := decode(t, tt.raw)
		var nodes []int
		for _, name := range []string{"cut", "too"} {
			if n := m.Find(m.Params, name); n >= 0 {
				nodes = append(nodes, n)
			}
		}
		got := string(mcp.AppendWithout(nil, m, nodes...))
		if got != tt.want || !json.Valid([]byte(got)) {
			t.Errorf("%s\n got %s\nwant %s", tt.raw, got, tt.want)
		}
	}
}

func TestAppendWithID(t *testing.T) {
	m := decode(t, `{"jsonrpc":"2.0", "params":{"id":1},"id" : "a","method":"m"}`)
	if got, want := string(mcp.AppendWithID(nil, m, "12")), `{"jsonrpc":"2.0", "params":{"id":1},"id" : 12,"method":"m"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSameValue(t *testing.T) {
	same := func(a, b string, want bool) {
		t.Helper()
		var d mcp.Decoder
		x := decode(t, `{"jsonrpc":"2.0","id":1,"method":"m","params":{"v":`+a+`}}`)
		y, err := d.Decode([]byte(`{"jsonrpc":"2.0","id":1,"method":"m","params":{"v":` + b + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := mcp.SameValue(x, x.Find(x.Params, "v"), y, y.Find(y.Params, "v")); got != want {
			t.Errorf("%s and %s: got %v, want %v", a, b, got, want)
		}
	}
	same(`{"a":1,"b":[true,null]}`, ` {"b":[true,null],"\u0061":1}`, true)
	same(`"\u0041"`, `"A"`, true)
	same(`1`, `1.0`, false)
	same(`{"a":1}`, `{"a":1,"b":2}`, false)
	same(`{"a":1,"b":2}`, `{"a":1}`, false)
	same(`{"a":1,"b":2}`, `{"a":1,"c":2}`, false)
	same(`[1,2]`, `[2,1]`, false)
	same(`[]`, `{}`, false)
	same(`"1"`, `1`, false)
}

func TestQuestions(t *testing.T) {
	q := mcp.Question{Message: "may \"x\"\n be called?", Title: "Decision", Choices: []string{"deny", "allow"}}
	m := decode(t, string(mcp.AppendQuestion(nil, `"q"`, q)))
	if m.Method != mcp.MethodElicit || m.ID != `"q"` || m.Text(m.Find(m.Params, "message")) != q.Message {
		t.Errorf("not the question: %s", m.Raw)
	}
	m = decode(t, string(mcp.AppendInputRequired(nil, "7", q, "state")))
	if m.Call().ResultType != mcp.ResultInputRequired || m.Text(m.Find(m.Result, "requestState")) != "state" ||
		m.Text(m.Find(m.Result, "inputRequests", mcp.QuestionKey, "params", "mode")) != "form" {
		t.Errorf("not the result: %s", m.Raw)
	}
	m = decode(t, `{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"decision":"allow"}}}`)
	if got := m.Choice(m.Result); got != "allow" {
		t.Errorf("chose %q", got)
	}
	m = decode(t, `{"jsonrpc":"2.0","id":1,"result":{"action":"decline","content":{"decision":"allow"}}}`)
	if got := m.Choice(m.Result); got != "" {
		t.Errorf("declining chose %q", got)
	}
}
