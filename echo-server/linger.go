package main

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// firstReport marks that a probe of this container has reported success. Each container has its own
// /dev/shm, even one with a read-only root, and a restart empties it.
const firstReport = "/dev/shm/echo-server-healthy"

// pause returns how long the probe of a healthy container waits before it reports: no time for the
// container's first report, linger for each later one.
//
// Docker has one interval for a container's first probe and for all later ones (engines from 25 on
// know a start interval; Dockerfiles for older ones must not name it). Swarm counts a task as running
// only after the first report, so the interval has to be short; but each probe is a docker exec, which
// takes a second or two of a Pi Zero's processor. So the image probes every second, and all later
// probes sleep before they report: a sleeping process takes no processor time.
//
// The age of the container would not do: on a busy Zero the first probe itself starts late.
func pause(marker string, linger time.Duration) time.Duration {
	file, err := os.OpenFile(marker, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return linger
	}
	if err == nil {
		file.Close()
	}
	// Without /dev/shm every probe reports at once.
	return 0
}
