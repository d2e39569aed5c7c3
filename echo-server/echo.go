package main

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// echo answers every GET and HEAD with one line naming the host that answered, the platform the
// binary was built for and the requested path. It is used without a ServeMux, which would
// redirect paths such as //a/../b to their cleaned form instead of echoing them.
func echo(hostname string) http.Handler {
	prefix := fmt.Sprintf("This is %s running on %s/%s saying: ", hostname, runtime.GOOS, runtime.GOARCH)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		// The text comes from the caller: no browser may take it for a page or keep it.
		header.Set("Content-Type", "text/plain; charset=utf-8")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", "no-store")

		status, body := http.StatusOK, prefix+said(r)+"\n"
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			status, body = http.StatusMethodNotAllowed, "Only GET and HEAD are answered here.\n"
		}
		// Set explicitly, so that a long path is not sent in chunks and HEAD has the same length.
		header.Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // An error means that the client has disconnected.
	})
}

// said is the request's path without its leading slash: as sent, percent-decoded as the seed does
// it, the query left out. Where decoding would break the single line that callers read (control
// characters, line separators, bytes that are not UTF-8), the path stays percent-encoded.
func said(r *http.Request) string {
	path := r.URL.Path
	if !utf8.ValidString(path) || strings.IndexFunc(path, breaksLine) >= 0 {
		path = r.URL.EscapedPath()
	}
	return strings.TrimPrefix(path, "/")
}

func breaksLine(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp)
}
