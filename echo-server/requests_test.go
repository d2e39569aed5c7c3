package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// lockedBuffer can be read while it is written to.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
	writes int
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.writes++
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// logOf returns what is logged of these requests.
func logOf(requests ...*http.Request) string {
	var out lockedBuffer
	log := newRequestLog(&out)
	handler := log.logged(echo("zero1"))
	for _, request := range requests {
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
	log.close()
	return out.String()
}

func request(method, target, from, id string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	r.RemoteAddr = from
	if id != "" {
		r.Header.Set("x-request-id", id)
	}
	return r
}

func TestRequestLine(t *testing.T) {
	const from = "10.0.0.3:41234"
	for _, test := range []struct {
		name, method, target, from, id, want string
	}{
		{"the seed's example", "GET", "/Hello!", from, "3f2a9c1e-17", "GET /Hello! 200 id=3f2a9c1e-17 from=10.0.0.3"},
		{"without an id", "GET", "/", from, "", "GET / 200 id=- from=10.0.0.3"},
		{"HEAD", "HEAD", "/a", from, "x", "HEAD /a 200 id=x from=10.0.0.3"},
		{"a method that is not answered", "POST", "/a", from, "x", "POST /a 405 id=x from=10.0.0.3"},
		{"the query is left out", "GET", "/a?token=secret", from, "x", "GET /a 200 id=x from=10.0.0.3"},
		{"the path stays encoded", "GET", "/a%0Ab%20c", from, "x", "GET /a%0Ab%20c 200 id=x from=10.0.0.3"},
		{"raw bytes are encoded", "GET", "/Gr\u00fc\u00dfe", from, "x", "GET /Gr%C3%BC%C3%9Fe 200 id=x from=10.0.0.3"},
		{"a long path is cut", "GET", "/" + strings.Repeat("x", 300), from, "x", "GET /" + strings.Repeat("x", 199) + "... 200 id=x from=10.0.0.3"},
		{"IPv6", "GET", "/a", "[fd00::2]:80", "x", "GET /a 200 id=x from=[fd00::2]"},
		{"an id of a line's own words", "GET", "/a", from, "1 from=10.0.0.9", "GET /a 200 id=- from=10.0.0.3"},
		{"an id that is too long", "GET", "/a", from, strings.Repeat("x", 65), "GET /a 200 id=- from=10.0.0.3"},
		{"every character of an id", "GET", "/a", from, "azAZ09-_.", "GET /a 200 id=azAZ09-_. from=10.0.0.3"},
		{"the probe's path from outside", "GET", "/healthcheck", from, "", "GET /healthcheck 200 id=- from=10.0.0.3"},
		{"another path from inside", "GET", "/a", "127.0.0.1:5", "", "GET /a 200 id=- from=127.0.0.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := logOf(request(test.method, test.target, test.from, test.id)); got != test.want+"\n" {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestProbeIsNotLogged(t *testing.T) {
	if got := logOf(request("GET", "/healthcheck", "127.0.0.1:5", ""), request("GET", "/healthcheck", "[::1]:5", "")); got != "" {
		t.Errorf("%q", got)
	}
}

// Lines appear while the server runs, and many at once are written together.
func TestLinesAreGathered(t *testing.T) {
	var out lockedBuffer
	log := newRequestLog(&out)
	defer log.close()
	handler := log.logged(echo("zero1"))
	for n := 0; n < 500; n++ {
		handler.ServeHTTP(httptest.NewRecorder(), request("GET", "/a", "10.0.0.3:1", fmt.Sprint(n)))
	}
	deadline := time.Now().Add(10 * time.Second)
	for strings.Count(out.String(), "\n") < 500 {
		if time.Now().After(deadline) {
			t.Fatalf("%d lines", strings.Count(out.String(), "\n"))
		}
		time.Sleep(5 * time.Millisecond)
	}
	for n, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		if want := fmt.Sprintf("id=%d ", n); !strings.Contains(line, want) {
			t.Fatalf("line %d is %q", n, line)
		}
	}
	if out.writes > 100 {
		t.Errorf("%d writes", out.writes)
	}
}

// stuck is a log that nobody reads until it is released.
type stuck struct {
	lockedBuffer
	release chan struct{}
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.release
	return s.lockedBuffer.Write(p)
}

func TestNoAnswerWaitsForTheLog(t *testing.T) {
	out := stuck{release: make(chan struct{})}
	log := newRequestLog(&out)
	handler := log.logged(echo("zero1"))
	const sent = 5000
	began := time.Now()
	for n := 0; n < sent; n++ {
		handler.ServeHTTP(httptest.NewRecorder(), request("GET", "/a", "10.0.0.3:1", "x"))
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("%d requests took %s", sent, took)
	}
	log.mu.Lock()
	waiting := len(log.pending)
	log.mu.Unlock()
	if waiting > maxPending+1000 {
		t.Errorf("%d bytes wait", waiting)
	}
	began = time.Now()
	log.close()
	if took := time.Since(began); took > lastWords+time.Second {
		t.Errorf("closing took %s", took)
	}
	close(out.release)
	<-log.done
	var dropped int
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for _, line := range lines {
		var n int
		if _, err := fmt.Sscanf(line, "%d requests were not logged", &n); err == nil {
			dropped += n
		}
	}
	notes := strings.Count(out.String(), "were not logged")
	if dropped == 0 || len(lines)-notes+dropped != sent {
		t.Errorf("%d lines and %d dropped of %d", len(lines)-notes, dropped, sent)
	}
}

func benchmarkEcho(b *testing.B, handler http.Handler) {
	b.ReportAllocs()
	address := start(b, handler)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	b.ResetTimer()
	for n := 0; n < b.N; n++ {
		r, _ := http.NewRequest("GET", "http://"+address+"/Hello!", nil)
		r.Header.Set("X-Request-Id", "3f2a9c1e-17")
		response, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

// A connection per request, as the curl panel sends them.
func BenchmarkEcho(b *testing.B) { benchmarkEcho(b, echo("zero1")) }

func BenchmarkLogged(b *testing.B) {
	log := newRequestLog(io.Discard)
	defer log.close()
	benchmarkEcho(b, log.logged(echo("zero1")))
}

// What the line itself costs, without a network.
func BenchmarkLine(b *testing.B) {
	b.ReportAllocs()
	log := newRequestLog(io.Discard)
	defer log.close()
	r := request("GET", "/Hello!", "10.0.0.3:41234", "3f2a9c1e-17")
	for n := 0; n < b.N; n++ {
		log.add(r, http.StatusOK)
	}
}
