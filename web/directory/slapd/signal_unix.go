//go:build unix

package slapd

import "syscall"

const (
	stop = syscall.SIGSTOP
	cont = syscall.SIGCONT
)

func (s *Server) signal(sig syscall.Signal) {
	_ = s.cmd.Process.Signal(sig) // it may have ended
}
