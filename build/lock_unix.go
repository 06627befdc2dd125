//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps two runs of this command from building in the same checkout at the
// same time. It waits for its turn; the system lets go of the lock when the
// process ends, however it ends.
func (t tree) lock() (unlock func(), err error) {
	path := t.path(".build/lock")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, err
	}
	return func() { file.Close() }, nil
}
