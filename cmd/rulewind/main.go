// Command rulewind stands between an MCP client and its servers: it enforces a
// policy, records every session, replays recordings against the next policy, and
// reports what happened.
package main

import (
	"context"
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

func main() { os.Exit(run(os.Args[1:], systemEnv())) }

// An env is all that a command touches of the world around it, so that tests can
// give it another.
type env struct {
	Context context.Context
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	// Getenv and Environ are the environment, Dir the working folder.
	Getenv  func(string) string
	Environ []string
	Dir     string
	// Terminal tells whether a stream is one that a person looks at.
	Terminal func(stream any) bool
	// Executable is this program's own file, for what runs itself.
	Executable func() (string, error)

	// command is what stands after "--": the server to start.
	command []string
}

func systemEnv() *env {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return &env{
		Context: context.Background(),
		Stdin:   os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Environ: os.Environ(), Dir: dir,
		Terminal:   isTerminal,
		Executable: os.Executable,
	}
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}
