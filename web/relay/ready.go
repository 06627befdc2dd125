package relay

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"syscall"
)

// Ready tells whether the other endpoint answers HTTP at all, whatever it
// answers. It sends a HEAD request, which changes nothing there.
func (r *Relay) Ready(ctx context.Context) error {
	head, err := http.NewRequestWithContext(ctx, http.MethodHead, r.Upstream.String(), nil)
	if err != nil {
		return err
	}
	answer, err := r.transport.RoundTrip(head)
	if err != nil {
		return unreachable(ctx, r.Upstream.Host, err)
	}
	return answer.Body.Close()
}

// notSent tells whether the connection failed before anything of the message
// can have gone out.
func notSent(err error) bool {
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &certificate) || errors.As(err, &record)
}

// why says in words what kept a connection from being made or used. Addresses
// of the network behind the relay are for its log, not for its callers.
func why(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	var network net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "there is no server of this name"
	case errors.As(err, &dns):
		return "its name could not be looked up"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to its network"
	case errors.As(err, &host):
		return "its certificate is for another name"
	case errors.As(err, &certificate):
		return "its certificate is not trusted here (" + certificate.Err.Error() + ")"
	case errors.As(err, &record):
		return "it does not speak TLS at this port"
	case errors.As(err, &network) && network.Timeout():
		return "it did not respond in time"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "it broke off the connection; whether it ran the batch is not known"
	}
	return "the connection failed; whether it ran the batch is not known"
}
