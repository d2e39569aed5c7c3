package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"
)

const (
	// stopTimeout is how long pending responses may take after a stop signal. Docker kills the
	// container 10 s after SIGTERM, so this must stay below.
	stopTimeout = 8 * time.Second
	// maxHeaderBytes bounds request line and headers; net/http adds 4 kB of slack, then answers 431.
	maxHeaderBytes = 8 << 10
)

// newServer bounds what one caller can hold: a socket that drips its request, never reads its
// answer or stays idle is closed.
func newServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    maxHeaderBytes,
	}
}

// serve answers on listener until ctx is done. It then accepts nothing new, finishes the answers
// under way and returns nil; answers not finished after limit are cut off and reported.
func serve(ctx context.Context, server *http.Server, listener net.Listener, limit time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}

	log.Print("stopping: finishing what is being answered")
	deadline, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		_ = server.Close()
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("answers not finished within %s were cut off", limit)
		}
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}
