//go:build !unix

package slapd

// Processes are not stopped and continued here; OpenLDAP does not run here
// either.
const stop, cont = 0, 1

func (s *Server) signal(int) {}
