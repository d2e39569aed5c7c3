import {
  buildCommand,
  COPY_SWARM_STATE,
  FORGET_SWARM,
  INSTALL_VXLAN,
  LOAD_BRIDGE_FILTER,
  LOAD_MODULES,
  MEMORY_ACCOUNTING,
  RESTART_DOCKER,
  RESTORE_SWARM,
} from './cures';
import { HAT_PLATFORMS } from '../placement/platforms';

/** One row of the table that /help and docs/install.md show. */
export interface TroubleshootingEntry {
  /** The anchor. Links and bookmarks use it, so it stays once it is released. */
  readonly id: string;
  /** What you see; text between backticks is code, as in the other two. */
  readonly see: string;
  /** What it is. */
  readonly is: string;
  /** What to do. */
  readonly do: string;
}

/** Rows that belong together. */
export interface TroubleshootingPart {
  /** The heading's anchor. */
  readonly id: string;
  readonly title: string;
  readonly entries: readonly TroubleshootingEntry[];
}

/** For Zeros and a 64-bit controller; a controller that is 32-bit too needs one platform only. */
const BUILD = `${buildCommand(HAT_PLATFORMS)} (where every node is 32-bit: ${buildCommand(['linux/arm/v6'])})`;

const PLACEMENT = [
  {
    id: 'image-arm64-only',
    see: '`unsupported platform on 4 nodes`, or every task on the controller while the Zeros stay empty; “The image is for 64-bit ARM only”.',
    is: 'The image was built on a 64-bit controller: BuildKit builds for the machine it runs on, and a Pi Zero runs 32-bit code only. Swarm compares the image with each node and keeps it off those that do not match.',
    do: `Build for both in one manifest: ${BUILD}. Then update the service to that image.`,
  },
  {
    id: 'image-arm32-only',
    see: '`unsupported platform on 1 node`, or no task on a 64-bit controller; “The image is for 32-bit ARM only”.',
    is: 'The image names a 32-bit ARM platform, and swarm compares names, not abilities: `arm` is neither `aarch64` nor `armv6l`. Docker’s own client records such images without an architecture, other tools do not.',
    do: `Build for both in one manifest: ${BUILD}. Or create the service again with \`--no-resolve-image\` (\`docker stack deploy --resolve-image never\`), after which swarm compares nothing: only if every node can run the image, so not with a PC among them, nor with a Pi 5 on its default kernel. An update with it keeps what is recorded.`,
  },
  {
    id: 'image-other-processor',
    see: '`unsupported platform on 5 nodes`; “The image is for linux/amd64 only”.',
    is: 'The image was built for another CPU than the nodes have, most often for a PC.',
    do: `Build it for the nodes: ${BUILD}. A PC among them: \`linux/amd64\` too. Where the image is someone else’s, look for a tag that lists \`linux/arm/v6\`: \`docker buildx imagetools inspect NAME\`.`,
  },
  {
    id: 'image-other-name',
    see: '`unsupported platform on 5 nodes`; “can run the image: swarm keeps it off only because the names differ”.',
    is: 'The service is recorded for `arm`, and the nodes report `armv6l` or `armv7l`: swarm takes these for different processors. Docker’s own client leaves the name out for that reason; the API client that created this service did not. Another build changes nothing.',
    do: 'Create the service again with `docker service create` or `docker stack deploy`. With `--no-resolve-image` swarm compares nothing: only if every node can run the image.',
  },
  {
    id: 'max-replicas-per-node',
    see: '`max replicas per node limit exceed`.',
    is: 'Each node already runs as many replicas of the service as its limit allows. The hint names the limit and the nodes.',
    do: 'Add a node, scale down, or raise the limit: `docker service update --replicas-max-per-node 2 NAME`.',
  },
  {
    id: 'constraints',
    see: '`scheduling constraints not satisfied on 2 nodes`; “goweb needs node.labels.disk==ssd; no node has it”.',
    is: 'The service’s placement constraints rule these nodes out. Label names are case-sensitive, everything else is not; a node has only the labels that were added to it.',
    do: 'The label: `docker node update --label-add disk=ssd NODE`. A constraint that is no longer meant: `docker service update --constraint-rm node.labels.disk==ssd NAME`. Do not promote a worker for the sake of `node.role==manager`: managers vote.',
  },
  {
    id: 'resources',
    see: '`insufficient resources on 4 nodes`; “goweb needs 512 MiB of free memory; zero1 has 427 MiB”.',
    is: 'The nodes have less left than the service reserves. Reserved is what all services ask for, whether they use it or not; a Zero has about 427 MiB and one core.',
    do: 'Lower it: `docker service update --reserve-memory 64M --reserve-cpu 0.2 NAME`, or that of another service on the node.',
  },
  {
    id: 'host-port',
    see: '`host-mode port already in use on 5 nodes`; “Port 8080 is taken on zero1 by web.1”.',
    is: 'With `mode=host` a port belongs to one task on each node, and another task has it.',
    do: 'Choose another port, or publish through the routing mesh: without `mode=host`. For updates of such a service: `docker service update --update-order stop-first NAME`.',
  },
  {
    id: 'missing-plugin',
    see: '`missing plugin on 1 node`; “zero1 does not have the volume driver …”.',
    is: 'The nodes lack a network, volume or log driver that the service requires.',
    do: 'Install it on every node that may run the service (`docker plugin install NAME`), or use a driver that Docker brings.',
  },
  {
    id: 'nodes-unavailable',
    see: '`4 nodes not available for new tasks`.',
    is: 'These nodes are drained, paused or down.',
    do: '`docker node ls` shows which; `docker node update --availability active NODE` opens one again. Check the power of one that is down.',
  },
  {
    id: 'cluster-volume',
    see: '`cannot fulfill requested CSI volume mounts on 5 nodes`.',
    is: 'The service mounts a cluster volume, and no node can attach it: its driver is not there, or the volume is drained or in use.',
    do: '`docker volume ls --cluster` and `docker volume inspect VOLUME` show its state; `docker plugin ls` on the node shows the driver.',
  },
  {
    id: 'no-addresses',
    see: 'A task that stays `new`, without an error.',
    is: 'The leader could not give the task, or its service, an address in one of its networks: the network is full (a /24 has 254 addresses, and tasks that ended keep theirs for a while), or overlaps with another.',
    do: 'On the leader `journalctl -u docker | grep -i allocation` has the reason. A larger network: `docker network create -d overlay --subnet 10.20.0.0/22 NAME`.',
  },
  {
    id: 'avoided-node',
    see: '“swarm avoids zero3 for goweb” on a node’s card.',
    is: 'Swarm places a service last on a node where it has failed five times or more within five minutes, as long as another node has fewer failures. Every update of the service resets the count, and so does a scale.',
    do: 'Nothing: it ends by itself. Earlier: `docker service update --force NAME`, which replaces all of its tasks.',
  },
] as const satisfies readonly TroubleshootingEntry[];

const TASKS = [
  {
    id: 'image-missing',
    see: '`No such image: …`, `manifest unknown`, `pull access denied`.',
    is: 'The node could not get the image: a typing error, an image that was built but not pushed, a registry that this node cannot reach or that requires a sign-in, or no build for the node’s processor. An image that was only built on the controller exists on the controller alone.',
    do: 'On that node try `docker pull NAME`: its message is longer. Push the image to a registry that all nodes reach, or carry it over: `docker save NAME | ssh NODE docker load` and `--no-resolve-image`. The images of deploy/stack.yml have to be built first, see docs/install.md.',
  },
  {
    id: 'registry-untrusted',
    see: '`http: server gave HTTP response to HTTPS client`, `x509: certificate signed by unknown authority`.',
    is: 'The registry uses plain HTTP, or has a certificate of its own, and the node’s engine has not been told to accept that.',
    do: `On every node: its address in \`insecure-registries\` of \`/etc/docker/daemon.json\`, then ${RESTART_DOCKER}. See docs/install.md.`,
  },
  {
    id: 'registry-sign-in',
    see: '`unauthorized: authentication required`, `no basic auth credentials`, `denied: requested access to the resource is denied`.',
    is: 'The registry requires a sign-in, and nodes have only the one that the service was created with.',
    do: 'On the manager `docker login REGISTRY`, then `docker service update --with-registry-auth NAME`.',
  },
  {
    id: 'registry-limit',
    see: '`toomanyrequests: You have reached your pull rate limit`.',
    is: 'The registry allows an address only so many pulls in some hours, and all nodes share one address.',
    do: 'Sign in (`docker login`, `--with-registry-auth`), wait, or run a registry of your own: see docs/install.md.',
  },
  {
    id: 'registry-unreachable',
    see: '`Get "https://…/v2/": … no such host`, `connection refused`, `i/o timeout`.',
    is: 'The node cannot reach the registry: its network, its name server or the registry is down. The Zeros reach the internet through the controller.',
    do: 'On that node `docker pull NAME` has to work; `ip route` and `cat /etc/resolv.conf` show its way out.',
  },
  {
    id: 'wrong-processor',
    see: '`exec format error`, `no matching manifest for linux/arm/v6`, `does not match the specified platform`.',
    is: 'The image has no build for the processor of the node that it was started on. A 64-bit Pi usually runs 32-bit ARM images too; a Pi 5 with its default kernel (memory pages of 16 KiB) does not.',
    do: `Build for all of your nodes: ${BUILD}. \`docker buildx imagetools inspect NAME\` lists what an image has.`,
  },
  {
    id: 'illegal-instruction',
    see: '`task: non-zero exit (132)`.',
    is: 'An illegal instruction. On a Pi Zero or Zero W (ARMv6): the image is built for ARMv7, and swarm cannot tell the two apart.',
    do: 'Build for `linux/arm/v6` (in Go `GOARM=6`), on a base image that has it: `alpine` and `golang:alpine` do, Debian-based ones need ARMv7.',
  },
  {
    id: 'docker-illegal-instruction',
    see: '`Illegal instruction` from `docker` or `containerd` itself on a Zero; `signal: illegal instruction` in a task’s error.',
    is: 'The package is not built for ARMv6: Docker 29, or containerd.io 1.7.28 (docker/containerd-packaging#428).',
    do: 'Install the versions in step 5 of docs/install.md.',
  },
  {
    id: 'segmentation-fault',
    see: '`task: non-zero exit (139)`.',
    is: 'The program crashed (SIGSEGV). On a Pi Zero most often an image built for a newer ARM.',
    do: 'On a Zero: build for `linux/arm/v6`. Elsewhere: `docker service logs NAME`.',
  },
  {
    id: 'port-taken',
    see: '`port is already allocated`, `bind: address already in use`.',
    is: 'A program outside swarm, or a container started with `docker run`, uses the port on that node.',
    do: 'On that node: `sudo ss -ltnp "sport = :8888"` names it. Stop it, or publish the service on another port.',
  },
  {
    id: 'command-missing',
    see: '`executable file not found in $PATH`, `no such file or directory`, `task: non-zero exit (127)`.',
    is: 'The image has no such command, or lacks the library loader that the command needs.',
    do: 'Check ENTRYPOINT and CMD. For an image FROM scratch build a static binary: `CGO_ENABLED=0`.',
  },
  {
    id: 'command-not-executable',
    see: '`task: non-zero exit (126)`.',
    is: 'The command is in the image but cannot be executed.',
    do: 'Give it the execute bit in the Dockerfile: `COPY --chmod=755 …`.',
  },
  {
    id: 'unhealthy',
    see: '`unhealthy container`.',
    is: 'The image’s own health check failed, so swarm replaced the task.',
    do: '`docker service logs NAME`. A Zero starts slowly: a longer `--health-start-period` may be all that it needs.',
  },
  {
    id: 'node-changed',
    see: '`assigned node no longer meets constraints`.',
    is: 'A label, the role or the size of the node was changed, and the service’s constraints or reservations no longer fit: swarm moved the task.',
    do: 'Nothing, if that was meant. Else give the node its label back: `docker node update --label-add …`.',
  },
  {
    id: 'mount-missing',
    see: '`bind source path does not exist`, `invalid mount config`.',
    is: 'A path that the service mounts does not exist on that node.',
    do: 'Make the path on every node that may run the task, or pin the service to one: `--constraint node.hostname==ctrl`.',
  },
  {
    id: 'volume-mount',
    see: '`failed to mount local volume`, `error while mounting volume`.',
    is: 'The node could not mount a volume: an NFS server that it cannot reach, a path that is not there, or a driver that failed.',
    do: 'Try the mount by hand on that node. `docker volume inspect VOLUME` shows what it names; options of a volume that exists are not changed by an update.',
  },
  {
    id: 'secret-missing',
    see: '`secret … not found`, `task not authorized to access secret …`.',
    is: 'A secret or config of the service was removed, or the node has not received it yet.',
    do: '`docker secret ls` and `docker config ls` on the manager; create what is missing and update the service.',
  },
  {
    id: 'disk-read-only',
    see: '`read-only file system`.',
    is: 'The kernel has made the node’s SD card read-only, as it does when the card fails or lost power while writing.',
    do: 'On that node `dmesg | tail` shows the reason. Save what you need, and write a new card.',
  },
  {
    id: 'disk-full',
    see: '`no space left on device`.',
    is: 'The node’s disk or SD card is full.',
    do: 'On that node: `docker system prune` removes what no container uses.',
  },
  {
    id: 'vxlan-missing',
    see: '`error creating vxlan interface: operation not supported`.',
    is: 'The node’s kernel has no `vxlan` module, which every overlay network needs, the ingress network too.',
    do: `On that node: ${LOAD_MODULES}. On Ubuntu 21.10 to 23.10 the module is in a separate package, so first: ${INSTALL_VXLAN}, then restart the node. Then restart Docker. Step 3 of docs/install.md makes it last.`,
  },
  {
    id: 'vxlan-leftover',
    see: '`error creating vxlan interface: file exists`, `failed to set link up: address already in use`, `already present in sandbox`, `could not find an appropriate master`.',
    is: 'An overlay network that was removed, or a crash, left its interface on that node.',
    do: `On that node: ${RESTART_DOCKER}. If it comes back, restart the node.`,
  },
  {
    id: 'ipvs-missing',
    see: 'An error that names `ip_vs`; or the tasks run and their published port times out on one node.',
    is: 'The node’s kernel has no `ip_vs` module, which the routing mesh uses for load balancing.',
    do: `On that node: ${LOAD_MODULES}. Then restart Docker. Step 3 of docs/install.md makes it last. Until then choose another entry node.`,
  },
  {
    id: 'bridge-filter-missing',
    see: '`please ensure that br_netfilter kernel module is loaded`, `open /proc/sys/net/bridge/bridge-nf-call-iptables: no such file or directory`.',
    is: 'The node’s kernel has not loaded `br_netfilter`, without which Docker cannot make its bridges.',
    do: `On that node: ${LOAD_BRIDGE_FILTER}, and \`br_netfilter\` in \`/etc/modules-load.d/swarm.conf\`. After an upgrade of the kernel restart the node first.`,
  },
  {
    id: 'iptables-module',
    see: '`iptables: … Table does not exist (do you need to insmod?)`, `missing kernel module?`.',
    is: 'The kernel lacks a module of its firewall, most often because it was upgraded and the node still runs the old one. Docker 28 and later need `iptable_raw` too.',
    do: 'Restart the node: `sudo reboot`. If that does not help: `sudo update-alternatives --set iptables /usr/sbin/iptables-nft`, and restart Docker.',
  },
  {
    id: 'iptables-chains',
    see: '`iptables: No chain/target/match by that name`.',
    is: 'Another program removed Docker’s rules while it ran: a firewall that was started again, or `iptables -F`.',
    do: `On that node: ${RESTART_DOCKER}. Start the firewall before Docker.`,
  },
  {
    id: 'overlay-address',
    see: '`failed to allocate gateway (10.0.4.1): Address already in use`, `starting container failed: Address already in use`.',
    is: 'An address inside an overlay network, not a port: the node still holds one that the managers have given to another task.',
    do: `On that node: ${RESTART_DOCKER}. If it comes back, create the network again under another name.`,
  },
  {
    id: 'network-overlap',
    see: '`Pool overlaps with other one on this address space`, `overlay subnet … has conflicts in the host`, `conflicts with existing route`.',
    is: 'Two networks have the same addresses: the overlay network and another one of Docker’s, or your own network.',
    do: 'Create the network again with addresses that are free: `docker network create -d overlay --subnet 10.20.0.0/24 NAME`.',
  },
  {
    id: 'address-pools-used',
    see: '`could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network`.',
    is: 'Every address range that Docker may use is taken on that node, or a VPN’s routes cover them.',
    do: '`docker network ls` shows the networks: remove those that nothing uses, or name a range with `--subnet`.',
  },
  {
    id: 'network-missing',
    see: '`network … not found`, `No such network: …`.',
    is: 'The network was removed, or the node has lost it.',
    do: `\`docker network ls\` on the manager. If it is there: ${RESTART_DOCKER} on the node; else create it again and update the service.`,
  },
  {
    id: 'network-timeout',
    see: '`attaching to network failed, make sure your network options are correct and check manager logs: context deadline exceeded`.',
    is: 'The node asked the managers for the network and got no answer in time, or the network has no address left.',
    do: 'Check that 2377/tcp, 7946/tcp and udp, and 4789/udp are open between the nodes, and `journalctl -u docker` on the leader.',
  },
  {
    id: 'container-network',
    see: '`failed to set up container networking`, `network sandbox join failed`, `error creating external connectivity network`.',
    is: 'Docker could not connect the container to its networks. The text after it is the reason.',
    do: `On that node: ${RESTART_DOCKER}; if that does not help, restart the node.`,
  },
  {
    id: 'certificate',
    see: '`x509: certificate has expired or is not yet valid`.',
    is: 'A certificate has expired, or the node’s clock is wrong. A Pi has no battery-backed clock: after months in a drawer it is behind until it has reached a time server.',
    do: '`date` on the node shows its clock, `sudo timedatectl set-ntp true` sets it. If the swarm’s own certificate has expired, on a worker: `docker swarm leave`, then join again; on the only manager never leave.',
  },
  {
    id: 'memory-limit',
    see: '`Your kernel does not support memory limit capabilities`, or every memory figure is 0.',
    is: 'Memory accounting is off, as it is by default on Raspberry Pi OS: a task with a memory limit cannot start, or starts without one.',
    do: `Add ${MEMORY_ACCOUNTING} to the one line of \`/boot/firmware/cmdline.txt\` and restart the node.`,
  },
  {
    id: 'memory-limit-low',
    see: '`container init was OOM-killed (memory limit too low?)`, `Minimum memory limit allowed is 6MB`.',
    is: 'The service’s memory limit is lower than what starting a container takes.',
    do: 'Raise it: `docker service update --limit-memory 64M NAME`.',
  },
  {
    id: 'cgroup-missing',
    see: '`/sys/fs/cgroup/…: no such file or directory`, `kernel does not support CPU cfs period/quota`, `unable to apply cgroup configuration`.',
    is: 'The kernel has no control group for one of the container’s limits, or the system was upgraded while it ran.',
    do: 'Restart the node. If the error stays, create the service without that limit (`--limit-cpu`, `--limit-pids`).',
  },
  {
    id: 'node-memory',
    see: '`cannot allocate memory`, `resource temporarily unavailable`.',
    is: 'The node has no memory left, or too many processes.',
    do: '`free -m` on it shows what is used. Run fewer tasks there: `--replicas-max-per-node`, or reservations.',
  },
  {
    id: 'program-error',
    see: '`task: non-zero exit (1)`, or a number that is not in this table.',
    is: 'The program ended with an error.',
    do: '`docker service logs NAME` shows what it wrote. `exec format error` there means that the image is for another processor.',
  },
  {
    id: 'program-ended',
    see: 'A task that is `Complete` again and again; “The program ended without an error”.',
    is: 'The image’s command does something and ends, as a shell without a terminal does, or it starts a server in the background. Or something on its node stopped it, such as a restart of Docker. Swarm starts it again unless the restart policy is `none` or `on-failure`.',
    do: 'Give the service a command that stays in the foreground: `docker service update --entrypoint COMMAND NAME`. For a program that is to end: `docker service create --mode replicated-job IMAGE`.',
  },
  {
    id: 'docker-run-failed',
    see: '`OCI runtime create failed`, `failed to create shim`, `task: non-zero exit (125)`.',
    is: 'Docker itself could not run the container.',
    do: 'On that node: `journalctl -u docker -u containerd`.',
  },
  {
    id: 'aborted',
    see: '`task: non-zero exit (134)`.',
    is: 'The program aborted itself (SIGABRT).',
    do: '`docker service logs NAME` shows why.',
  },
  {
    id: 'killed',
    see: '`task: non-zero exit (137)`.',
    is: 'The container was killed from outside (SIGKILL): `docker kill`, or the node ran out of memory.',
    do: 'On that node: `dmesg | grep -i "out of memory"`. Fewer replicas, or a memory limit, keep a Zero alive.',
  },
  {
    id: 'terminated',
    see: '`task: non-zero exit (143)`.',
    is: 'Something other than swarm asked the program to stop (SIGTERM), such as `docker stop` on its node.',
    do: 'Nothing: swarm has started a replacement. To run fewer tasks, scale the service.',
  },
  {
    id: 'end-not-seen',
    see: '`task: non-zero exit (255)`.',
    is: 'The node lost power, or its Docker was killed: a container whose end Docker did not see gets this exit code. A program can end with it as well.',
    do: 'Check the power supply of the node. If it stayed on: `docker service logs NAME`.',
  },
] as const satisfies readonly TroubleshootingEntry[];

const ENGINE = [
  {
    id: 'socket-missing',
    see: 'There is no Docker socket at ….',
    is: 'Docker is not installed on this machine, not running, or listens elsewhere.',
    do: '`sudo systemctl start docker`, or set DOCKER_HOST. Without a swarm: `clusterhat --demo`, or `npm start -- --demo` in a clone.',
  },
  {
    id: 'socket-permission',
    see: 'The dashboard may not open the Docker socket.',
    is: 'Your user is not in the group that owns the socket.',
    do: '`sudo usermod -aG docker "$USER"`, then log in again.',
  },
  {
    id: 'engine-stopped',
    see: 'The Docker engine is not running.',
    is: 'Nothing accepts connections where the engine should listen. Containers may still run; the page keeps the last view.',
    do: '`sudo systemctl start docker`. The page reconnects by itself.',
  },
  {
    id: 'engine-timeout',
    see: 'The Docker engine does not answer.',
    is: 'The engine is busy or stuck, or managers have lost each other.',
    do: 'Wait a minute; then `journalctl -u docker` on the controller.',
  },
  {
    id: 'not-an-engine',
    see: 'What answers is no Docker engine; Podman, balenaEngine or containerd “has no swarms”.',
    is: 'DOCKER_HOST, or the current docker context, points at another program. Podman’s socket answers as Docker’s, and knows nothing of swarms; nerdctl works with containerd, which has none either.',
    do: '`docker context show` names the context. Point DOCKER_HOST at the engine of the controller, as in `DOCKER_HOST=ssh://pi@ctrl`.',
  },
  {
    id: 'tls',
    see: 'A sentence about a TLS certificate; the engine requires TLS; what listens there does not speak TLS.',
    is: 'The two sides do not trust each other: a certificate has expired or was made for another name, the files do not belong together, a clock is wrong, or only one side uses TLS.',
    do: 'Compare `date` on both machines. DOCKER_CERT_PATH names the directory with ca.pem, cert.pem and key.pem; with TLS the port is usually 2376, without 2375. `docker --tlsverify version` has to work.',
  },
  {
    id: 'ssh',
    see: 'A sentence about ssh.',
    is: 'With `ssh://` in DOCKER_HOST the dashboard runs `ssh … docker system dial-stdio`, which cannot ask for a password or accept a host key.',
    do: '`ssh-copy-id USER@HOST`, then `ssh USER@HOST docker version` has to work without a question, as the user that runs the dashboard.',
  },
  {
    id: 'not-a-manager',
    see: 'This engine is a worker of the swarm.',
    is: 'Only managers know the whole swarm.',
    do: 'Start the dashboard on the controller, or point DOCKER_HOST at it.',
  },
  {
    id: 'no-swarm',
    see: 'This engine is in no swarm; this is Docker Desktop, or a rootless Docker engine, and it is in no swarm.',
    is: 'Swarm mode is off, or this node has left. Docker Desktop’s engine is in a virtual machine: a swarm of its own has one node, whose address is inside that machine. On a rootless engine Docker has no overlay networks, so no published ports of services.',
    do: 'On the controller `docker swarm init`; then on each Zero the command that it prints. From another machine point at the controller: `DOCKER_HOST=ssh://pi@ctrl`. In place of a rootless engine use the one that runs as root: `DOCKER_HOST=unix:///var/run/docker.sock`.',
  },
  {
    id: 'swarm-locked',
    see: 'The swarm is locked.',
    is: 'Autolock is on, and the manager has restarted.',
    do: '`docker swarm unlock` with the key that was shown when autolock was set; a manager that is not locked shows it: `docker swarm unlock-key`.',
  },
  {
    id: 'no-quorum',
    see: 'The swarm has no leader.',
    is: 'More than half of the managers have to reach each other. Tasks keep running, but nothing can be changed.',
    do: 'Bring the managers back. If they are gone for good: `docker swarm init --force-new-cluster` on one that is left.',
  },
  {
    id: 'swarm-error',
    see: 'This engine cannot take part in its swarm; it is still joining it.',
    is: 'The engine runs and its swarm does not: a disk that is full, an address that has changed, or a clock that is wrong.',
    do: 'The clock first: `timedatectl`. Then `journalctl -u docker`. Never `docker swarm init`, which ends the swarm.',
  },
  {
    id: 'swarm-certificate',
    see: 'A certificate of the swarm was valid until …, or is not valid before …; `Swarm certificates have expired`.',
    is: 'Each node has a certificate for the swarm, valid for 90 days, which it renews while Docker runs. A HAT that was in a drawer for longer finds it expired; and a Pi has no clock of its own, so until it has reached a time server its clock is wrong, which looks the same.',
    do: `1. The clock first: \`timedatectl\`, and \`sudo timedatectl set-ntp true\`. When it is right, \`sudo systemctl restart docker\`; where the certificate is valid by it, nothing was lost. 2. Really expired, on a worker or on a manager beside others that work: \`docker swarm leave\`, then join with the command that \`docker swarm join-token worker\` (or \`manager\`) prints on a manager; the swarm loses nothing, and \`docker node rm\` removes the old entry. 3. On the only manager never leave: that deletes all services, networks, secrets and configs, and does not ask. Copy its state: ${COPY_SWARM_STATE}. Set aside which swarm the engine was in: ${FORGET_SWARM}. Start the swarm from its state, with the address that is in that file: ${RESTORE_SWARM}. It renews its certificate and lists the nodes again. Workers whose certificates have expired too then leave and join.`,
  },
  {
    id: 'conflict',
    see: 'Somebody else changed the service at the same moment; `port … is already in use by service …`.',
    is: 'Two changes met, or two services want the same port or name.',
    do: 'Try again; or choose another port or name, or remove the other service.',
  },
  {
    id: 'not-found',
    see: '`service … not found`.',
    is: 'It was removed in the meantime.',
    do: '`docker service ls` shows what is there.',
  },
  {
    id: 'not-scalable',
    see: 'A service that has no number of replicas.',
    is: 'Global services and jobs run as many tasks as there are nodes, or once to their end.',
    do: 'For a number to scale, create it with `--replicas`.',
  },
  {
    id: 'no-previous-spec',
    see: 'This service was never changed, so there is no spec to roll back to.',
    is: 'Swarm keeps one spec of each service besides the present one: that before its last change. A new service has none, and neither has one that swarm itself rolled back.',
    do: 'Change the service instead: set what should be different.',
  },
  {
    id: 'changed-meanwhile',
    see: 'Nothing was changed: NAME is no longer as it was when you looked.',
    is: 'Somebody else changed the service or the node after the page, or the program, had read it. The change was made for how it was then.',
    do: 'Look at it as it is now, and send the change again.',
  },
  {
    id: 'engine-refused',
    see: '“A proxy in front of the engine refuses …”, or an error message of the engine that refuses a request.',
    is: 'A proxy for the Docker socket allows only some of the engine’s calls, and has a switch for each group of them; a plugin of the engine can refuse them too. What is allowed is shown. A change is known to be refused once it was tried; its button is then off for five minutes.',
    do: 'Set the switch that is named to 1. To show all, a proxy has to allow NODES, SERVICES, TASKS, INFO, EVENTS, VERSION and PING; for changes POST too, CONTAINERS for killing tasks and SWARM for the join command. With the proxy of deploy/ they are ALLOW_SCALE, ALLOW_SERVICES, ALLOW_DRILL, ALLOW_NODES and ALLOW_JOIN, and ALLOW_LOGS for logs.',
  },
  {
    id: 'left-out',
    see: '“Service NAME is shown without `Spec.…` (null)”, “A task is left out because of …” above the board.',
    is: 'The engine, or a program between it and the dashboard, reports a field that is missing or makes no sense. That field is left out, or the entry where it could not be shown; everything else is as it is. Nothing is written back that was not understood.',
    do: 'Look at the field: `docker service inspect NAME`, `docker node inspect NODE`, `docker inspect --type=task ID`. If it is as it should be there, look at what is between: DOCKER_HOST, a socket proxy. Otherwise compare `docker version` with the versions that the dashboard is made for.',
  },
  {
    id: 'engine-error',
    see: 'Another error message of the engine, or an unreadable answer.',
    is: 'The engine failed, or another program answers in its place.',
    do: '`journalctl -u docker` on the controller.',
  },
] as const satisfies readonly TroubleshootingEntry[];

const PAGE = [
  {
    id: 'absent',
    see: 'A dashed place: “Not in the swarm”, or “Not found”.',
    is: 'No node of the swarm is found for this place: the Zero is off, still booting (about a minute), or has not joined.',
    do: '`clusterctrl on p3` on the controller, then the join command that the page shows. If it is in the swarm under another name: `docker node update --label-add clusterhat.port=P3 NODE`, or CLUSTERHAT_NODES.',
  },
  {
    id: 'node-down',
    see: 'A node is “down” or “disconnected”, its tasks “unknown”.',
    is: 'The managers have missed three heartbeats: about 15 s, or a minute with the heartbeat of docs/install.md. Its tasks may still be running; swarm cannot tell.',
    do: 'Check its power (`clusterctrl status`) and network. When it returns, swarm leaves the tasks where they are: `docker service update --force NAME` spreads them again. One that does not come back is removed in its details, or with `docker node rm NODE`.',
  },
  {
    id: 'node-drained',
    see: 'A node is marked “drain” or “pause”.',
    is: 'Drained: it takes no tasks, and swarm moves those it had. Paused: it keeps its tasks and takes no new ones.',
    do: 'Activate in the details of the node, or `docker node update --availability active NODE`.',
  },
  {
    id: 'node-clock',
    see: '“At its last report its clock was 3 hours behind the manager’s”; “Its clock is 3 hours behind the dashboard’s”.',
    is: 'A Pi has no battery-backed clock: it goes on from the time that it last saved until it reaches a time server. Ages on the page are right all the same; times in logs are not, and a certificate can count as expired.',
    do: '`date` on the node shows its clock, `sudo timedatectl set-ntp true` sets it. The clocks are compared when a task starts there: the sentence goes with the next one, or after an hour.',
  },
  {
    id: 'update-failed',
    see: '“The update has been paused since 12:04”; “The update failed and was rolled back at 12:04”.',
    is: 'A task of the new version ended while it was watched (`--update-monitor`, 5 s by default). Swarm then pauses the update, or rolls it back (`--update-failure-action`). A paused update leaves the tasks that it has not replaced yet as they are.',
    do: 'The reason stands beside it, and the output of the task in `docker service logs NAME`. Then `docker service rollback NAME`, or `docker service update --image IMAGE NAME` with one that runs; `docker service update NAME` alone resumes a paused update.',
  },
  {
    id: 'stale',
    see: 'The view is not live: the board is grey and shows its age.',
    is: 'The server has no newer data from the engine. The page shows the last known state.',
    do: 'The sentence beside it has the reason. The page recovers by itself.',
  },
  {
    id: 'server-silent',
    see: 'The dashboard’s server does not answer.',
    is: 'The server has stopped, or the network between it and this browser has failed.',
    do: 'On its machine: `systemctl status clusterhat`, or start it again: `clusterhat`, or `npm start` in a clone.',
  },
  {
    id: 'scripts-missing',
    see: 'The page stays at “connecting…”, or has no colours.',
    is: 'The page’s scripts and styles did not load: a proxy serves the page below a path but not its files, or something blocks JavaScript.',
    do: 'Open the page with a slash at its end (`http://swarm.home/swarm/`). Start the dashboard with that address: `DASHBOARD_ORIGIN=http://swarm.home/swarm`. Proxy examples: docs/install.md.',
  },
  {
    id: 'restarting',
    see: 'The dashboard is being restarted.',
    is: 'The server closed the connection to restart, usually for an upgrade.',
    do: 'Wait: the page reconnects by itself.',
  },
  {
    id: 'page-outdated',
    see: 'This page is older than its server.',
    is: 'The dashboard was upgraded while the page was open.',
    do: 'Reload the page.',
  },
  {
    id: 'altered-answer',
    see: 'Another program answered in place of the dashboard; the dashboard’s answer is incomplete, or lacks a header.',
    is: 'A proxy between this browser and the dashboard answered itself (its sign-in page, for example), cut the answer off, or removed the header X-ClusterHat-Build, by which the page recognizes its server.',
    do: 'Sign in to the proxy again, or reload the page. If it returns, let the proxy pass on everything below `api/` with its headers: docs/install.md has examples.',
  },
  {
    id: 'read-only',
    see: '“Read-only”, and every button is off.',
    is: 'The server has no password, so it changes nothing: it can be reached over the network, or it was given a password’s file that is empty.',
    do: 'Set DASHBOARD_PASSWORD or DASHBOARD_PASSWORD_FILE, or let it listen on 127.0.0.1 only, with neither set.',
  },
  {
    id: 'sign-in-required',
    see: '“Sign in to change things.”',
    is: 'The server has a password, and this browser has not given it. A sign-in ends with a sign-out, after a day, after four hours without use, and when the server is restarted.',
    do: 'Sign in. A program sends the password with each request: `curl -u :PASSWORD`, or a token: `Authorization: Bearer TOKEN`.',
  },
  {
    id: 'operator-required',
    see: 'Guests may send requests to services, but not change the swarm.',
    is: 'This browser has signed in with the guests’ password, or a program has sent the token that only reads.',
    do: 'Sign out, and sign in with the password that DASHBOARD_PASSWORD gave to the server.',
  },
  {
    id: 'wrong-password',
    see: 'The password is wrong.',
    is: 'The server was started with another password. A wrong token of a program is rejected in the same way.',
    do: 'It is in DASHBOARD_PASSWORD, or in the file that DASHBOARD_PASSWORD_FILE names; guests have DASHBOARD_GUEST_PASSWORD.',
  },
  {
    id: 'too-many-tries',
    see: 'Too many wrong passwords.',
    is: 'An address has to wait after ten wrong passwords in a minute. While many addresses guess, it has to wait sooner and longer. A browser that has signed in before is counted by itself.',
    do: 'Wait for the time in the message, or use a browser that has signed in before. Behind a proxy all browsers share its address, unless TRUSTED_PROXY names it.',
  },
  {
    id: 'other-origin',
    see: 'The request comes from a page of another site, and those may not change this swarm (or load anything from here).',
    is: 'A page of another site or port sent it, or this dashboard’s own page through a proxy that passes on another Host than the browser sent.',
    do: 'Behind nginx: `proxy_set_header Host $http_host;`. Behind any proxy: start the dashboard with `DASHBOARD_ORIGIN=` and the address that people open, such as `https://swarm.home`.',
  },
  {
    id: 'unknown-host',
    see: 'The dashboard does not answer under the name ….',
    is: 'It answers under its addresses, localhost, the names of the swarm’s nodes, `.local` names and what DASHBOARD_ORIGIN names. Any other name may belong to a site that has pointed it at this machine to read the swarm. Without a password, on loopback, it answers under loopback’s names and addresses only.',
    do: 'Start it with the line that the answer shows, such as `DASHBOARD_ORIGIN=http://swarm.home`, if the name is yours; or open it by its address.',
  },
  {
    id: 'behind-proxy',
    see: 'Without a password the dashboard answers this machine only.',
    is: 'The request came through a proxy. Without a password the dashboard is open to this machine, and so to anyone who can reach the proxy.',
    do: 'Set a password (DASHBOARD_PASSWORD_FILE) and restart the dashboard. The dashboard cannot recognize a proxy that adds no header and speaks HTTP/1.1: behind a proxy always set a password.',
  },
  {
    id: 'too-many-streams',
    see: 'Too many pages are open.',
    is: 'The server keeps a limited number of live connections, 50 of them for one address, so that they do not overload a small machine.',
    do: 'Close some tabs, or sign in: each sign-in is counted by itself. Behind a proxy all share its address until TRUSTED_PROXY names the proxy.',
  },
  {
    id: 'busy',
    see: 'The dashboard has too many requests to answer.',
    is: 'More requests arrive than a small machine can answer. Open pages stay live, and changes go first.',
    do: 'Try again in a few seconds. The log has the addresses whose requests were refused.',
  },
  {
    id: 'method-not-allowed',
    see: 'This address does not support `PUT`.',
    is: 'A program used a method that the address does not have.',
    do: 'docs/api.md has every address with its methods.',
  },
  {
    id: 'too-large',
    see: 'The body is longer than …, or the request’s headers are.',
    is: 'The request is larger than any that the API accepts. Cookies of other services on the same host count as well.',
    do: 'Change a service in several steps. For headers, delete the cookies of this host.',
  },
  {
    id: 'bad-request',
    see: 'A sentence that names a field, such as `replicas: …`.',
    is: 'A program sent a value that the API does not accept.',
    do: 'docs/api.md has every field.',
  },
  {
    id: 'not-dialable',
    see: 'The curl panel will not send to this port.',
    is: 'It sends to the echo service, and to services that allow it by a label: a published port may be an admin page.',
    do: '`docker service update --label-add clusterhat.curl=true NAME`.',
  },
  {
    id: 'run-in-progress',
    see: 'A run is going on.',
    is: 'The dashboard has one run at a time, shared by all pages.',
    do: 'Wait for its end, or cancel it.',
  },
  {
    id: 'run-ended',
    see: 'The run is over.',
    is: 'A failure drill needs an active run.',
    do: 'Start another run.',
  },
  {
    id: 'drill-in-progress',
    see: 'A drill is going already.',
    is: 'Only one drill can be active at a time.',
    do: 'Wait, or bring the node back early.',
  },
  {
    id: 'not-drillable',
    see: 'This node or task cannot be taken out.',
    is: 'A drill never takes the last node that can run the service, and kills only tasks of the node whose engine the dashboard talks to.',
    do: 'Choose another node or task.',
  },
  {
    id: 'demo',
    see: '“Demo swarm”.',
    is: 'Five boards that exist only inside this program: the demo was requested, or no engine was found.',
    do: 'Start the dashboard on your swarm’s manager, or set DOCKER_HOST.',
  },
] as const satisfies readonly TroubleshootingEntry[];

/**
 * What you see, what it is, what to do: of every hint, every kind of problem and every state that
 * the page explains. The one source of the page /help and of the table in docs/install.md. The
 * browser's code uses its type only.
 */
export const TROUBLESHOOTING = [
  { id: 'waiting', title: 'A task waits, or stays off some nodes', entries: PLACEMENT },
  { id: 'failing', title: 'A task fails', entries: TASKS },
  { id: 'engine', title: 'The page cannot reach the swarm, or swarm refuses', entries: ENGINE },
  { id: 'page', title: 'Messages of the page', entries: PAGE },
] as const satisfies readonly TroubleshootingPart[];

/** A row's anchor. */
export type HelpId = (typeof TROUBLESHOOTING)[number]['entries'][number]['id'];
