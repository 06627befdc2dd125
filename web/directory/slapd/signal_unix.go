//go:build unix

package slapd

import "syscall"

const (
	stop = syscall.SIGSTOP
	cont = syscall.SIGCONT
)

// freeze returns when all threads of the server have stopped. A signal that was
// sent has not arrived yet, and a busy machine leaves time for an answer.
func (s *Server) freeze() {
	s.signal(stop)
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(s.cmd.Process.Pid, &status, syscall.WUNTRACED, nil)
		if err != syscall.EINTR {
			return // stopped, or it has ended
		}
	}
}

func (s *Server) signal(sig syscall.Signal) {
	_ = s.cmd.Process.Signal(sig) // it may have ended
}
