//go:build !unix

package slapd

// Processes are not stopped and continued here; OpenLDAP does not run here
// either.
const cont = 1

func (s *Server) freeze() {}

func (s *Server) signal(int) {}
