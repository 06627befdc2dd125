package main

import "net/http"

type dsmlEndpoint struct{ http.Handler }

func newDSML(serving) (*dsmlEndpoint, error) {
	return &dsmlEndpoint{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "The endpoint is being written.", http.StatusServiceUnavailable)
	})}, nil
}

func (*dsmlEndpoint) Close() {}
