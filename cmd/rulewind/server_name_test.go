package main

import (
	"strings"
	"testing"
)

func TestServerName(t *testing.T) {
	for command, want := range map[string]string{
		"npx -y @modelcontextprotocol/server-filesystem@2026.1.1 /srv": "server-filesystem",
		"npx --yes mcp-remote https://x.example/mcp":                   "mcp-remote",
		"uvx mcp-server-git --repository .":                            "mcp-server-git",
		"uvx --from git+https://x.example/y serena start":              "serena",
		"uv run --directory /srv/app server.py":                        "server",
		"python -m mcp_server_time":                                    "mcp_server_time",
		"python3 /opt/tools/weather/server.py":                         "weather",
		"node /home/u/mcp/everything/dist/index.js":                    "everything",
		"docker run -i --rm -e KEY ghcr.io/github/github-mcp-server:1": "github-mcp-server",
		"/usr/local/bin/my-server --flag":                              "my-server",
		`C:\tools\Server.EXE`:                                          "server",
		"env A=1 B=2 npx -y thing":                                     "thing",
		"go run ./cmd/server":                                          "server",
		"bash":                                                         "bash",
		"npx":                                                          "npx",
	} {
		if got := serverName(strings.Fields(command)); got != want {
			t.Errorf("serverName(%s) = %q, want %q", command, got, want)
		}
	}
	if got := serverName(nil); got != "" {
		t.Errorf("serverName of nothing = %q", got)
	}
}
