package main

import "context"

func runTests(ctx context.Context, args []string) error { return nil }
