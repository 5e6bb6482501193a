package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/rulewind/rulewind/reports"
)

// A target is one output of a command: a format, and the file that it goes to, ""
// for standard output.
type target struct{ format, path string }

// targets reads the -o flags of a command, each FORMAT or FORMAT=PATH, with the path
// of -f for the one that names none.
func targets(outputs []string, file string, known []string) ([]target, error) {
	var list []target
	paths := map[string]string{}
	stdout := ""
	for _, o := range outputs {
		format, path, hasPath := strings.Cut(o, "=")
		if err := oneOf("format", format, known...); err != nil {
			return nil, err
		}
		switch {
		case hasPath && path == "":
			return nil, fmt.Errorf("--output %s: name a file after the =", o)
		case !hasPath:
			path, file = file, ""
		}
		if path == "-" {
			path = ""
		}
		if path == "" {
			if stdout != "" {
				return nil, fmt.Errorf("%s and %s both go to standard output; write one of them to a file, as in -o %s=FILE", stdout, format, format)
			}
			stdout = format
		} else if other, taken := paths[path]; taken {
			return nil, fmt.Errorf("%s and %s both go to %s", other, format, path)
		}
		paths[path] = format
		list = append(list, target{format, path})
	}
	if file != "" {
		return nil, errors.New("--file has nothing to write: each --output names a file of its own")
	}
	return list, nil
}

// writeTargets writes v as the -o and -f flags say.
func writeTargets[T any](e *env, outputs []string, file string, formats []reports.Format[T], v T) error {
	list, err := targets(outputs, file, reports.Names(formats))
	if err != nil {
		return err
	}
	return writeAs(e, formats, list, v)
}

// withText returns the formats with another way to write the text.
func withText[T any](formats []reports.Format[T], write func(io.Writer, T) error) []reports.Format[T] {
	out := slices.Clone(formats)
	for i := range out {
		if out[i].Name == "text" {
			out[i].Write = write
		}
	}
	return out
}

// writeAs writes v to the targets, in order.
func writeAs[T any](e *env, formats []reports.Format[T], list []target, v T) error {
	for _, t := range list {
		for _, f := range formats {
			if f.Name != t.format {
				continue
			}
			to := func(w io.Writer) error { return f.Write(w, v) }
			if t.path == "" || f.File == nil {
				if err := e.output(t.path, to); err != nil {
					return err
				}
				continue
			}
			if err := e.output("", to); err != nil {
				return err
			}
			if err := e.extend(t.path, func(w io.Writer) error { return f.File(w, v) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// extend adds to the end of a file, which is made if it isn't there.
func (e *env) extend(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(e.path(path), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	err = buffered(f, write)
	if cerr := f.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("writing the output: %w", cerr)
	}
	return err
}

// A schemaFlag prints the JSON Schema of what is saved as a T, in place of anything
// that the command needs other flags for.
type schemaFlag[T any] bool

// BeforeReset is called by kong where the flag is given.
func (schemaFlag[T]) BeforeReset(app *kong.Kong, e *env) error {
	if _, err := e.Stdout.Write(reports.Schema[T]()); err != nil {
		return err
	}
	app.Exit(exitYes)
	return nil
}
