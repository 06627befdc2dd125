package main

import "strings"

// contentPolicy is what the page may load and reach. Scripts, styles, workers
// and fonts come from its own origin, and nothing is inline. Any endpoint may be
// talked to, because that is what the page is for; pictures may come from
// entries (binary photos become blob: or data: URLs).
var contentPolicy = []string{
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"connect-src 'self' http: https:",
	"worker-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
}

// headerPolicy is the policy as an HTTP header, which may say more than a meta
// element: who may put the page into a frame.
func headerPolicy() string {
	return strings.Join(contentPolicy, "; ") + "; frame-ancestors 'none'"
}

// metaPolicy is the policy for a static host that sets no headers.
func metaPolicy() string { return strings.Join(contentPolicy, "; ") }
