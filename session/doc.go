// Package session says how long a SOAP session lives and for whom, on both
// sides of the wire.
//
// A session ties several HTTP requests to one resource of the server: a
// directory connection, whose paging cookies are worth nothing elsewhere, or a
// database connection. Neither side's half does any input or output. Clock and
// randomness are passed in.
//
// On the server, a [Table] keeps the sessions. Begin, Use and End each give a
// [Lease], the right to run one batch in the session; releasing it says that
// the answer has been sent. Idle time counts between a release and the next
// request, and at no other time. The resource of a session is closed exactly
// once, after its last batch, whether the session was ended, ran out, was lost
// or went down with the table.
//
// On the client, a [Tracker] wraps what is sent, is shown what came back, and
// knows the state: none, opening, open, closing, closed, expired or lost. It
// tells when the idle time is over, when an end has to be sent again
// ([Tracker.EndDue]), and which cookies there are ([Tracker.Pages]).
//
// Two dialects turn these steps into header blocks and back: DSML
// (BeginSession, Session and EndSession of the Microsoft session extension)
// and SQL (the sqlSession header of the SQL Server web services).
package session
