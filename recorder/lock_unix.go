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

func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }

// canLock says that a lock that is free belongs to nobody who lives.
const canLock = true
