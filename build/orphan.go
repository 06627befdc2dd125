package main

import (
	"context"
	"os"
	"strings"
	"time"
)

// parentWatch is how often a server looks whether `go run` is still there.
const parentWatch = time.Second

// untilOrphaned gives a context that ends when the process that started this one
// has ended. `go run` passes on an interrupt from the keyboard, but when it is
// told to terminate it leaves its program running, which would hold the port with
// nobody knowing. A program that was built to stay is left alone.
func untilOrphaned(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	self, err := os.Executable()
	if err != nil || !strings.Contains(self, "go-build") {
		return ctx, cancel
	}
	parent := os.Getppid()
	go func() {
		ticker := time.NewTicker(parentWatch)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if os.Getppid() != parent {
					cancel()
					return
				}
			}
		}
	}()
	return ctx, cancel
}
