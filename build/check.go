package main

import "context"

func check(ctx context.Context, args []string) error    { return nil }
func runTests(ctx context.Context, args []string) error { return nil }
func dist(ctx context.Context, args []string) error     { return nil }
