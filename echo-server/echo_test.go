package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// start serves handler on a loopback port as main does, until the test ends.
func start(t testing.TB, handler http.Handler) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(handler)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return listener.Addr().String()
}

// ask sends one request exactly as written, which net/http's client would clean and encode.
func ask(t testing.TB, address, method, target string) (*http.Response, string) {
	t.Helper()
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(connection, method+" "+target+" HTTP/1.1\r\nHost: ctrl:8888\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s %.80q: %v", method, target, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %.80q: %v", method, target, err)
	}
	return response, string(body)
}

// spoken is the expected response for a text.
func spoken(words string) string {
	return "This is zero1 running on " + runtime.GOOS + "/" + runtime.GOARCH + " saying: " + words + "\n"
}

func TestEcho(t *testing.T) {
	address := start(t, echo("zero1"))
	for _, test := range []struct{ name, target, words string }{
		{"the seed's example", "/Hello!", "Hello!"},
		{"nothing", "/", ""},
		{"slashes and dots as sent", "//a/../b", "/a/../b"},
		{"only dots", "/..", ".."},
		{"dots past the root", "/../../etc/passwd", "../../etc/passwd"},
		{"a trailing slash", "/a/b/", "a/b/"},
		{"the query is not part of the path", "/Hello!?a=b", "Hello!"},
		{"an encoded question mark is", "/why%3F", "why?"},
		{"decoded as the seed does", "/Hello%20World%21", "Hello World!"},
		{"an encoded slash", "/a%2fb", "a/b"},
		{"a plus is a plus", "/a+b", "a+b"},
		{"encoded UTF-8", "/Gr%C3%BC%C3%9Fe", "Grüße"},
		{"raw UTF-8", "/Grüße", "Grüße"},
		{"markup is text", "/<b>&amp;</b>", "<b>&amp;</b>"},
		{"a line break stays encoded", "/a%0D%0AThis%20is%20zero9", "a%0D%0AThis%20is%20zero9"},
		{"a terminal's escape stays encoded", "/%1b[31mred", "%1b[31mred"},
		{"a null stays encoded", "/%00", "%00"},
		{"a line separator stays encoded", "/a%E2%80%A8b", "a%E2%80%A8b"},
		{"what is not UTF-8 stays encoded", "/%ff%fe", "%ff%fe"},
		{"a proxy's form", "http://ctrl:8888/Hello!", "Hello!"},
		{"a proxy's form without a path", "http://ctrl:8888", ""},
		{"the probe's path is a path like any other", "/healthcheck", "healthcheck"},
		{"long", "/" + strings.Repeat("x", 8000), strings.Repeat("x", 8000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, body := ask(t, address, http.MethodGet, test.target)
			if response.StatusCode != http.StatusOK || body != spoken(test.words) {
				t.Errorf("GET %.80s: %s %q, want %q", test.target, response.Status, body, spoken(test.words))
			}
			for header, want := range map[string]string{
				"Content-Type":           "text/plain; charset=utf-8",
				"X-Content-Type-Options": "nosniff",
				"Cache-Control":          "no-store",
				"Location":               "",
			} {
				if got := response.Header.Get(header); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
			if response.ContentLength != int64(len(body)) {
				t.Errorf("Content-Length %d of %d bytes", response.ContentLength, len(body))
			}
		})
	}
}

func TestMethods(t *testing.T) {
	address := start(t, echo("zero1"))
	t.Run("HEAD has GET's headers and no body", func(t *testing.T) {
		response, body := ask(t, address, http.MethodHead, "/Hello!")
		if response.StatusCode != http.StatusOK || body != "" || response.ContentLength != int64(len(spoken("Hello!"))) {
			t.Errorf("%s, length %d, body %q", response.Status, response.ContentLength, body)
		}
	})
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
		t.Run(method, func(t *testing.T) {
			response, _ := ask(t, address, method, "/Hello!")
			if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s, Allow %q", response.Status, response.Header.Get("Allow"))
			}
		})
	}
}

func TestRefused(t *testing.T) {
	address := start(t, echo("zero1"))
	for _, test := range []struct {
		name, target string
		status       int
	}{
		{"a broken escape", "/%zz", http.StatusBadRequest},
		{"a space", "/a b", http.StatusBadRequest},
		{"a request line past the bound", "/" + strings.Repeat("x", 16<<10), http.StatusRequestHeaderFieldsTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			if response, _ := ask(t, address, http.MethodGet, test.target); response.StatusCode != test.status {
				t.Errorf("%s, want %d", response.Status, test.status)
			}
		})
	}
}

// One connection carries many requests: the curl panel's keep-alive mode.
func TestKeepAlive(t *testing.T) {
	address := start(t, echo("zero1"))
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
	reader := bufio.NewReader(connection)
	for _, words := range []string{"one", "two", "three"} {
		if _, err := io.WriteString(connection, "GET /"+words+" HTTP/1.1\r\nHost: ctrl\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(response.Body); err != nil || string(body) != spoken(words) {
			t.Fatalf("%q, %v", body, err)
		}
	}
}

// The answer to any path is one line, and a path without escapes is returned unchanged.
func FuzzEcho(f *testing.F) {
	for _, seed := range []string{"Hello!", "/a/../b", "%41", "%0a", "%", "a%2", "ü", "\xff", "?x", "//", "%e2%80%a8", "\u2028"} {
		f.Add(seed)
	}
	handler := echo("zero1")
	f.Fuzz(func(t *testing.T, path string) {
		if strings.IndexFunc(path, func(r rune) bool { return r <= ' ' || r == 0x7f }) >= 0 {
			t.Skip("not one request line")
		}
		request, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET /" + path + " HTTP/1.1\r\nHost: ctrl\r\n\r\n")))
		if err != nil {
			if !strings.Contains(path, "%") {
				t.Fatalf("GET /%q: %v", path, err)
			}
			return // A broken escape: net/http answers 400.
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		body := answer.Body.String()
		if !utf8.ValidString(body) || strings.IndexFunc(body, breaksLine) != len(body)-1 {
			t.Fatalf("GET /%q: not one line of text: %q", path, body)
		}
		sent, _, _ := strings.Cut(path, "?")
		plain := utf8.ValidString(sent) && strings.IndexFunc(sent, func(r rune) bool { return r == '%' || breaksLine(r) }) < 0
		if plain && body != spoken(sent) {
			t.Fatalf("GET /%q: %q", path, body)
		}
	})
}
