package main

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// gatherTime is how long lines wait for others: the engine that reads them wakes up at most fifty
	// times a second, however many requests there are.
	gatherTime = 20 * time.Millisecond
	// maxPending bounds the lines that wait for a reader that has stopped, in bytes.
	maxPending = 64 << 10
	// maxLoggedPath is how much of a path is logged, in bytes.
	maxLoggedPath = 200
	// maxRequestID is the longest request id that is logged, in bytes.
	maxRequestID = 64
	// lastWords is how long the last lines may take at the end.
	lastWords = time.Second
)

// requestLog writes one line for each request, in the background: no answer waits for the log.
// Lines that come faster than they are read are dropped and counted.
type requestLog struct {
	out  io.Writer
	wake chan struct{}
	stop chan struct{}
	done chan struct{}

	mu      sync.Mutex
	pending []byte
	dropped int
}

func newRequestLog(out io.Writer) *requestLog {
	l := &requestLog{
		out:  out,
		wake: make(chan struct{}, 1),
		stop: make(chan struct{}),
		done: make(chan struct{}),
	}
	go l.write()
	return l
}

// logged answers as next does, and logs each request but the image's own health probe, which would
// be most of the log of a service without users.
func (l *requestLog) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := statusWriter{w, http.StatusOK}
		next.ServeHTTP(&answer, r)
		if !isProbe(r) {
			l.add(r, answer.status)
		}
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func isProbe(r *http.Request) bool {
	return r.URL.Path == "/healthcheck" && (strings.HasPrefix(r.RemoteAddr, "127.") || strings.HasPrefix(r.RemoteAddr, "[::1]"))
}

// add puts one line to those that wait:
//
//	GET /Hello! 200 id=3f2a9c1e-17 from=10.0.0.3
//
// The path is percent-encoded, without its query, which may be a secret. The address is the last hop's:
// in a swarm the node at which the request entered the routing mesh.
func (l *requestLog) add(r *http.Request, status int) {
	path := r.URL.EscapedPath()
	ellipsis := ""
	if len(path) > maxLoggedPath {
		path, ellipsis = path[:maxLoggedPath], "..."
	}
	from := r.RemoteAddr
	if colon := strings.LastIndexByte(from, ':'); colon >= 0 {
		from = from[:colon]
	}

	l.mu.Lock()
	if len(l.pending) >= maxPending {
		l.dropped++
	} else {
		line := append(l.pending, r.Method...)
		line = append(line, ' ')
		line = append(line, path...)
		line = append(line, ellipsis...)
		line = append(line, ' ')
		line = strconv.AppendInt(line, int64(status), 10)
		line = append(line, " id="...)
		line = append(line, requestID(r)...)
		line = append(line, " from="...)
		line = append(line, from...)
		l.pending = append(line, '\n')
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// requestID is the id that the request's sender gave it, by which its answer can be joined to its
// line; "-" without one, or with one that could be taken for something else in the line.
func requestID(r *http.Request) string {
	id := r.Header.Get("X-Request-Id")
	if id == "" || len(id) > maxRequestID {
		return "-"
	}
	for i := 0; i < len(id); i++ {
		c := id[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' && c != '.' {
			return "-"
		}
	}
	return id
}

func (l *requestLog) write() {
	defer close(l.done)
	var spare []byte
	for {
		stopping := false
		select {
		case <-l.wake:
			select {
			case <-time.After(gatherTime):
			case <-l.stop:
				stopping = true
			}
		case <-l.stop:
			stopping = true
		}
		spare = l.flush(spare)
		if stopping {
			return
		}
	}
}

// flush writes what waits, and returns the memory of it for the next time.
func (l *requestLog) flush(spare []byte) []byte {
	l.mu.Lock()
	lines, dropped := l.pending, l.dropped
	l.pending, l.dropped = spare[:0], 0
	l.mu.Unlock()
	if dropped > 0 {
		lines = append(lines, fmt.Sprintf("%d requests were not logged: the log was not read fast enough\n", dropped)...)
	}
	if len(lines) > 0 {
		_, _ = l.out.Write(lines) // An error means that nobody reads the log.
	}
	return lines
}

// close writes the last lines, if they are read soon.
func (l *requestLog) close() {
	close(l.stop)
	select {
	case <-l.done:
	case <-time.After(lastWords):
	}
}
