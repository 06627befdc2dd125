package endpoint

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory/suite"
)

// The rules of sessions that a client can see are in package suite, for
// endpoints wherever they stand. Here they are those of the handler, without a
// network, over the sample directory.

// inProcess takes requests to a handler.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.RemoteAddr == "" {
		r.RemoteAddr = "192.0.2.1:1234"
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// try has a fresh server keep to the rule, and no session open behind it.
func try(t *testing.T, rule func(*testing.T, suite.Endpoint)) {
	t.Helper()
	s := newServer(t)
	t.Run("sample", func(t *testing.T) {
		rule(t, suite.Endpoint{
			URL: "http://dir.example/dsml", Name: "admin", Password: "secret", Transport: inProcess{s},
			From: func(r *http.Request, address string) { r.RemoteAddr = address + ":4711" },
		})
	})
	if n := s.Table.Len(); n != 0 {
		t.Errorf("%d sessions left", n)
	}
}

func TestD_30_MalformedBatchInASession(t *testing.T)   { try(t, suite.D_30_MalformedBatchInASession) }
func TestD_114_D_115_D_116_StatusAndType(t *testing.T) { try(t, suite.D_114_D_115_D_116_StatusAndType) }
func TestD_118_NothingRunsBeforeHeadersAreUnderstood(t *testing.T) {
	try(t, suite.D_118_NothingRunsBeforeHeadersAreUnderstood)
}
func TestD_121_EveryRequestOfAConnectionIsAuthenticated(t *testing.T) {
	try(t, suite.D_121_EveryRequestOfAConnectionIsAuthenticated)
}
func TestD_123_BeginSession(t *testing.T) { try(t, suite.D_123_BeginSession) }
func TestD_124_BeginSessionRunsItsBatchInTheSession(t *testing.T) {
	try(t, suite.D_124_BeginSessionRunsItsBatchInTheSession)
}
func TestD_125_D_126_UseAndEnd(t *testing.T)           { try(t, suite.D_125_D_126_UseAndEnd) }
func TestD_127_UnknownSessionRunsNothing(t *testing.T) { try(t, suite.D_127_UnknownSessionRunsNothing) }
func TestD_129_D_134_RefusedStepsRunNothing(t *testing.T) {
	try(t, suite.D_129_D_134_RefusedStepsRunNothing)
}
func TestD_132_D_133_OwnerChecks(t *testing.T) { try(t, suite.D_132_D_133_OwnerChecks) }
func TestD_134_TwoSessionHeaders(t *testing.T) { try(t, suite.D_134_TwoSessionHeaders) }
func TestD_135_D_136_HeadersWithoutPrefix(t *testing.T) {
	try(t, suite.D_135_D_136_HeadersWithoutPrefix)
}
func TestD_137_D_142_SessionHeaderOfAnswers(t *testing.T) {
	try(t, suite.D_137_D_142_SessionHeaderOfAnswers)
}
func TestD_138_SessionIDWithAndWithoutPrefix(t *testing.T) {
	try(t, suite.D_138_SessionIDWithAndWithoutPrefix)
}
func TestD_139_HeadersWithoutMustUnderstand(t *testing.T) {
	try(t, suite.D_139_HeadersWithoutMustUnderstand)
}
func TestD_140_BeginAfterAFault(t *testing.T)         { try(t, suite.D_140_BeginAfterAFault) }
func TestD_141_FaultText(t *testing.T)                { try(t, suite.D_141_FaultText) }
func TestD_142_AClientCannotChooseItsID(t *testing.T) { try(t, suite.D_142_AClientCannotChooseItsID) }
func TestD_144_PagingNeedsASession(t *testing.T)      { try(t, suite.D_144_PagingNeedsASession) }
func TestD_145_UnknownControls(t *testing.T)          { try(t, suite.D_145_UnknownControls) }
func TestD_146_ControlsThatNeverEnd(t *testing.T)     { try(t, suite.D_146_ControlsThatNeverEnd) }
func TestD_147_D_148_PagingInOneSession(t *testing.T) { try(t, suite.D_147_D_148_PagingInOneSession) }
func TestD_147_CookiesThatAreNotTheSessions(t *testing.T) {
	try(t, suite.D_147_CookiesThatAreNotTheSessions)
}
func TestD_149_ControlValuesInBothLengths(t *testing.T) {
	try(t, suite.D_149_ControlValuesInBothLengths)
}
func TestD_151_EndUndoesNothing(t *testing.T) { try(t, suite.D_151_EndUndoesNothing) }
