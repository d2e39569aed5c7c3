package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHealthy(t *testing.T) {
	if err := healthy(start(t, echo("zero1"))); err != nil {
		t.Error(err)
	}
}

// In the image the server listens on every address, and the probe takes loopback.
func TestHealthyOnEveryAddress(t *testing.T) {
	_, port, err := net.SplitHostPort(start(t, echo("zero1")))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	for _, address := range []string{":" + port, "0.0.0.0:" + port, "[::]:" + port} {
		if err := healthy(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestUnhealthy(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	refusing := start(t, http.NotFoundHandler())
	redirecting := start(t, http.RedirectHandler("/", http.StatusFound))
	for name, address := range map[string]string{
		"nothing listens": closed.Addr().String(),
		"an error":        refusing,
		"a redirect":      redirecting,
		"no address":      "nonsense",
		"a mute listener": mute(t),
		"an endless body": start(t, http.HandlerFunc(endless)),
	} {
		began := time.Now()
		err := healthy(address)
		if name == "an endless body" {
			if err != nil {
				t.Errorf("%s: %v; the first bytes are answer enough", name, err)
			}
		} else if err == nil {
			t.Errorf("%s: healthy", name)
		}
		if took := time.Since(began); took > healthTimeout+time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}

func endless(w http.ResponseWriter, _ *http.Request) {
	for {
		if _, err := io.WriteString(w, strings.Repeat("x", 1024)); err != nil {
			return
		}
	}
}

// mute accepts connections and never answers.
func mute(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String() // The kernel accepts into the backlog.
}

// The flag's exit codes, as Docker sees them.
func TestHealthcheckProcess(t *testing.T) {
	probe := func(address string) (int, string) {
		command := exec.Command(os.Args[0], "-healthcheck", "-listen", address)
		command.Env = append(os.Environ(), childMode+"=plain")
		output, _ := command.CombinedOutput()
		return command.ProcessState.ExitCode(), string(output)
	}
	if code, output := probe(start(t, echo("zero1"))); code != 0 || output != "" {
		t.Errorf("healthy: exit code %d, output %q", code, output)
	}
	if code, output := probe(start(t, http.NotFoundHandler())); code != 1 || !strings.Contains(output, "unhealthy: answered 404") {
		t.Errorf("unhealthy: exit code %d, output %q", code, output)
	}
}

// Only the first report of a container is made at once.
func TestPause(t *testing.T) {
	const linger = 25 * time.Second
	marker := filepath.Join(t.TempDir(), "healthy")
	for probe, want := range []time.Duration{0, linger, linger} {
		if got := pause(marker, linger); got != want {
			t.Errorf("probe %d pauses %s, want %s", probe+1, got, want)
		}
	}
	nowhere := filepath.Join(t.TempDir(), "missing", "healthy")
	for probe := 0; probe < 2; probe++ {
		if got := pause(nowhere, linger); got != 0 {
			t.Errorf("without a place for the marker: pause of %s, want none", got)
		}
	}
}
