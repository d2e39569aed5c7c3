#!/bin/sh
# Boots this machine's own systemd as the first process of a pid namespace, on a throw-away copy of its
# file system: a controller to install things on. In a node's network namespace, and in its own pid, mount, UTS,
# IPC and cgroup namespaces.
# usage: systemd.sh SCRATCH_DIR NODE_BINARY
set -eu
scratch=$1 node=$2

mkdir -p "$scratch"
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/root"
cd "$scratch/root"
# What this machine enabled is not the controller's: a firewall would flush the node's own rules.
rm -rf etc/systemd/system/*.wants

mount -t proc proc proc
# As a container's manager does: systemd must not change the machine's kernel settings.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
# Its own /dev, because systemd creates devices.
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
  : >"dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
# The engine of the node.
touch run/docker.sock
mount --bind /run/docker.sock run/docker.sock

mount -t sysfs -o ro sysfs sys
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup2 sys/fs/cgroup
else
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  mkdir sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi

# systemd sets the host name from it, and must not change the node's.
cat /proc/sys/kernel/hostname >etc/hostname
# Where systemd looks first for `node`, as on a controller that has it from nodejs.org.
mkdir -p usr/local/bin opt
rm -f usr/local/bin/node
ln -s "$node" usr/local/bin/node
# Nothing of what the machine itself would start: only the journal.
printf '%s\n' '[Unit]' 'Wants=systemd-journald.service' >etc/systemd/system/clusterhat-lab.target

pivot_root . mnt
umount -l /mnt
# In a container systemd expects its creator to mount this; services receive credentials through it.
mount --make-rshared /
exec env -i container=clusterhat-lab PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=clusterhat-lab.target --log-target=journal --show-status=no
