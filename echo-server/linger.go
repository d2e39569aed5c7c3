package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// settled is the age up to which a new container's probes do not pause.
const settled = 3 * time.Second

// pause is how long a probe of a healthy container of this age stays before it reports.
//
// Docker has one interval for a container's first probe and for all later ones (engines from 25 on
// know a start interval, Dockerfiles for older ones must not name it). Swarm counts a task as running
// only after the first probe, so the interval has to be short; but each probe is a docker exec, which
// costs a Pi Zero a good part of a second or two. So the image asks every second, and a probe of a
// container that is past its start sleeps before it reports: a sleeping process costs nothing.
// At most the container's age, so that a late first probe is not delayed for long.
func pause(age, linger time.Duration) time.Duration {
	if age-settled < linger {
		linger = age - settled
	}
	if linger < 0 {
		return 0
	}
	return linger
}

// containerAge is how long process 1 has run, which in a container is the container's age.
func containerAge() (time.Duration, error) {
	stat, err := os.ReadFile("/proc/1/stat")
	if err != nil {
		return 0, err
	}
	uptime, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return 0, err
	}
	return processAge(stat, uptime)
}

// processAge reads a process's age out of /proc/PID/stat and /proc/uptime (proc(5)).
func processAge(stat, uptime []byte) (time.Duration, error) {
	// The command's name, field 2, is in brackets and may hold spaces and brackets itself. Behind
	// it, the start time (field 22 of all) counts in hundredths of a second since boot.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	boot := bytes.Fields(uptime)
	if len(fields) < 20 || len(boot) == 0 {
		return 0, fmt.Errorf("unexpected form of /proc: %q, %q", stat, uptime)
	}
	started, err := strconv.ParseUint(string(fields[19]), 10, 63)
	if err != nil {
		return 0, err
	}
	up, err := strconv.ParseFloat(string(boot[0]), 64)
	if err != nil {
		return 0, err
	}
	return time.Duration(up*float64(time.Second)) - time.Duration(started)*(time.Second/100), nil
}
