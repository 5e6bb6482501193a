package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// output writes to a file, or to standard output for "" and "-". The file is for
// its owner only, as what was recorded is nobody else's business, and takes the
// place of an old one once it is whole.
func (e *env) output(path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return buffered(e.Stdout, write)
	}
	path = e.path(path)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a device, a pipe, a folder
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("writing the output: %w", err)
		}
		defer f.Close()
		return buffered(f, write)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	defer os.Remove(f.Name()) // which is gone if all went well
	err = buffered(f, write)
	if cerr := f.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("writing the output: %w", cerr)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	bw := bufio.NewWriter(w)
	if err := write(bw); err != nil {
		return err
	}
	if err := bw.Flush(); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}
