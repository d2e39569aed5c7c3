// Command echo-server is the ClusterHAT's echo service: it answers GET /Hello! with
//
//	This is HOSTNAME running on linux/arm saying: Hello!
//
// so that a person sees which of a service's replicas answered.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	os.Exit(run(os.Args[1:], os.Getenv("PORT"), os.Stdout, os.Stderr, echo))
}

// run is main with its inputs named, so that tests can run it with another handler. It
// returns the process's exit code: 0 for a clean stop or a healthy server, 2 for wrong arguments.
func run(arguments []string, port string, stdout, stderr io.Writer, handler func(hostname string) http.Handler) int {
	log.SetFlags(0)
	log.SetPrefix("echo-server: ")
	log.SetOutput(stderr)

	if port == "" {
		port = "8080"
	}
	flags := flag.NewFlagSet("echo-server", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", ":"+port, "`address` to listen on; the default takes its port from PORT, else 8080")
	check := flags.Bool("healthcheck", false, "ask the server that listens on that address for an answer, exit 0 if it gave one, else 1")
	linger := flags.Duration("linger", 0, "with -healthcheck: after the container's first report, wait this long before reporting it healthy")
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "unexpected argument %q\n", flags.Arg(0))
		flags.Usage()
		return 2
	}

	if *check {
		if err := healthy(*listen); err != nil {
			log.Printf("unhealthy: %v", err)
			return 1
		}
		if *linger > 0 {
			time.Sleep(pause(firstReport, *linger))
		}
		return 0
	}

	hostname, err := os.Hostname()
	if err != nil {
		log.Printf("reading the host's name: %v", err)
		return 1
	}
	// Before the listener opens: from the first answer on, a SIGTERM is a clean stop.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Print(err)
		return 1
	}
	log.Printf("%s listens on %s", hostname, listener.Addr())
	requests := newRequestLog(stdout)
	defer requests.close()
	if err := serve(ctx, newServer(requests.logged(handler(hostname))), listener, stopTimeout); err != nil {
		log.Print(err)
		return 1
	}
	return 0
}
