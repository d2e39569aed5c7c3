package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
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

func TestPause(t *testing.T) {
	const linger = 25 * time.Second
	for _, test := range []struct{ age, linger, want time.Duration }{
		{time.Second, linger, 0},
		{settled, linger, 0},
		{8 * time.Second, linger, 8*time.Second - settled},
		{linger + settled - 1, linger, linger - 1},
		{time.Hour, linger, linger},
		{time.Hour, 0, 0},
		{-time.Second, linger, 0},
	} {
		if got := pause(test.age, test.linger); got != test.want {
			t.Errorf("pause(%s, %s) = %s, want %s", test.age, test.linger, got, test.want)
		}
	}
}

func TestProcessAge(t *testing.T) {
	const tail = " S 0 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 5 0 12345 1 1\n"
	for _, stat := range []string{"1 (echo-server)" + tail, "1 (a) S (b c)" + tail} {
		age, err := processAge([]byte(stat), []byte("133.45 200.00\n"))
		if err != nil || age.Round(time.Millisecond) != 10*time.Second {
			t.Errorf("%q: %s, %v, want 10s", stat, age, err)
		}
	}
	for _, stat := range []string{"", "1 (echo-server) S 0", "1 (x)" + strings.Replace(tail, "12345", "soon", 1)} {
		if age, err := processAge([]byte(stat), []byte("133.45 200.00\n")); err == nil {
			t.Errorf("%q: %s, want an error", stat, age)
		}
	}
	if _, err := processAge([]byte("1 (x)"+tail), nil); err == nil {
		t.Error("no uptime: want an error")
	}
}

// The real /proc: this process's ancestor started before the test.
func TestContainerAge(t *testing.T) {
	age, err := containerAge()
	if err != nil || age <= 0 || age > 10*365*24*time.Hour {
		t.Errorf("%s, %v", age, err)
	}
}
