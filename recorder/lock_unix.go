//go:build unix

package recorder

import (
	"os"
	"syscall"
)

// tryLock takes the file's lock if it is free. It goes with the process.
func tryLock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// lockWait waits for the file's lock. SQLite's own lock holds in any case: this one
// is for order.
func lockWait(f *os.File) {
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX) == syscall.EINTR {
	}
}

func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
