package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childMode makes the test binary run the server instead of the tests: a separate process, which
// signals can be sent to. "hold" keeps each answer until a line comes in on stdin.
const childMode = "ECHO_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childMode) {
	case "":
		os.Exit(m.Run())
	case "hold":
		os.Exit(run(os.Args[1:], os.Getenv("PORT"), os.Stdout, os.Stderr, held))
	default:
		os.Exit(run(os.Args[1:], os.Getenv("PORT"), os.Stdout, os.Stderr, echo))
	}
}

func held(hostname string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(os.Stderr, "answering")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		echo(hostname).ServeHTTP(w, r)
	})
}

// child is a server process.
type child struct {
	command *exec.Cmd
	address string
	stdin   io.WriteCloser
	stderr  *bufio.Scanner
}

func spawn(t *testing.T, mode string) *child {
	t.Helper()
	command := exec.Command(os.Args[0], "-listen", "127.0.0.1:0")
	command.Env = append(os.Environ(), childMode+"="+mode)
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	c := &child{command: command, stdin: stdin, stderr: bufio.NewScanner(stderr)}
	_, c.address, _ = strings.Cut(c.await(t, "listens on"), "listens on ")
	return c
}

// await reads what the child logs up to the line that contains text.
func (c *child) await(t *testing.T, text string) string {
	t.Helper()
	for c.stderr.Scan() {
		if strings.Contains(c.stderr.Text(), text) {
			return c.stderr.Text()
		}
	}
	t.Fatalf("the server ended without logging %q", text)
	return ""
}

func (c *child) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := c.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

func TestSignalsStopCleanly(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(signal.String(), func(t *testing.T) {
			c := spawn(t, "plain")
			if response, _ := ask(t, c.address, http.MethodGet, "/Hello!"); response.StatusCode != http.StatusOK {
				t.Fatal(response.Status)
			}
			c.signal(t, signal)
			if err := c.command.Wait(); err != nil {
				t.Errorf("exit code: %v, want 0", err)
			}
		})
	}
}

func TestSIGTERMFinishesAnswersUnderWay(t *testing.T) {
	c := spawn(t, "hold")
	type result struct {
		status int
		body   string
		close  bool
	}
	answered := make(chan result, 1)
	go func() {
		response, body := ask(t, c.address, http.MethodGet, "/Hello!")
		answered <- result{response.StatusCode, body, response.Close}
	}()
	c.await(t, "answering")
	c.signal(t, syscall.SIGTERM)
	c.await(t, "stopping")
	// It takes nothing new while it finishes. The listener closes just after the line is logged.
	for deadline := time.Now().Add(5 * time.Second); ; runtime.Gosched() {
		connection, err := net.Dial("tcp", c.address)
		if err != nil {
			break
		}
		connection.Close()
		if time.Now().After(deadline) {
			t.Fatal("still accepts connections after SIGTERM")
		}
	}
	select {
	case early := <-answered:
		t.Fatalf("answered before it was let: %+v", early)
	default:
	}
	if _, err := io.WriteString(c.stdin, "go on\n"); err != nil {
		t.Fatal(err)
	}
	hostname, _ := os.Hostname()
	want := "This is " + hostname + " running on " + runtime.GOOS + "/" + runtime.GOARCH + " saying: Hello!\n"
	if got := <-answered; got.status != http.StatusOK || got.body != want || !got.close {
		t.Errorf("got %+v, want %q and the connection closed", got, want)
	}
	if err := c.command.Wait(); err != nil {
		t.Errorf("exit code: %v, want 0", err)
	}
}

// A client that never finishes its request does not delay the stop.
func TestStopIsBounded(t *testing.T) {
	if stopTimeout >= 10*time.Second {
		t.Errorf("docker kills the container after 10 s, before the stop's own bound of %s", stopTimeout)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	left := make(chan struct{})
	server := newServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		stop()
		<-r.Context().Done() // Done when the connection is cut off.
		close(left)
	}))
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, "GET / HTTP/1.1\r\nHost: ctrl\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	err = serve(ctx, server, listener, 50*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("got %v, want a report of what was cut off", err)
	}
	<-left
}

func TestWrongArguments(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, test := range []struct {
		name      string
		arguments []string
		port      string
		code      int
		message   string
	}{
		{"an unknown flag", []string{"-nosuch"}, "", 2, "-nosuch"},
		{"a stray argument", []string{"8080"}, "", 2, `unexpected argument "8080"`},
		{"help", []string{"-h"}, "", 0, "-healthcheck"},
		{"a port that is none", nil, "nosuch", 1, "nosuch"},
		{"a port out of range", nil, "99999", 1, "99999"},
		{"a port in use", []string{"-listen", taken.Addr().String()}, "", 1, "in use"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stderr bytes.Buffer
			if code := run(test.arguments, test.port, io.Discard, &stderr, echo); code != test.code || !strings.Contains(stderr.String(), test.message) {
				t.Errorf("exit code %d, want %d; said %q", code, test.code, stderr.String())
			}
		})
	}
}
