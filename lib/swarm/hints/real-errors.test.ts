import { describe, expect, test } from 'vitest';
import { hintFor } from './hints';
import type { HelpId } from './troubleshooting';

/** A task on zero1 that was rejected with this error. */
function hint(error: string) {
  const node = { name: 'zero1', os: 'linux', arch: 'armv6l' };
  return hintFor({
    state: 'rejected',
    error,
    exitCode: null,
    node,
    platforms: { image: [], nodes: [node] },
  });
}

/**
 * What engines really wrote, ids shortened, each from the report or source named. The versions are those
 * of the reports.
 */
const REAL: readonly (readonly [source: string, help: HelpId, error: string])[] = [
  // Overlay networks.
  [
    'moby/libnetwork#1166 (20.10.3, Raspberry Pi)',
    'vxlan-missing',
    'network sandbox join failed: subnet sandbox join failed for "10.0.0.0/24": error creating vxlan interface: operation not supported',
  ],
  [
    'moby/moby#25892 (1.12, Raspberry Pi)',
    'vxlan-missing',
    'Failed to create testvxlan interface: error creating vxlan interface: operation not supported',
  ],
  [
    'moby/libnetwork#945',
    'vxlan-leftover',
    'Cannot start container 2f46: subnet sandbox join failed for "10.0.0.0/24": error creating vxlan interface: file exists',
  ],
  [
    'moby/moby#22424',
    'vxlan-leftover',
    'subnet sandbox join failed for "172.30.0.0/16": vxlan interface creation failed for subnet "172.30.0.0/16": failed to set link up: address already in use.',
  ],
  [
    'moby/moby#36876 (18.03)',
    'vxlan-leftover',
    'container ingress-sbox is already present in sandbox ingress_sbox',
  ],
  [
    'moby/moby#25528 (1.12)',
    'vxlan-leftover',
    'starting container failed: could not add veth pair inside the network sandbox: could not find an appropriate master "ov-000101-4l3lt" for "veth3d8c2c6"',
  ],
  [
    'moby/moby#35204 (17.09), #35834',
    'overlay-address',
    'failed to allocate gateway (10.0.24.1): Address already in use',
  ],
  [
    'moby/moby#34581 (17.06)',
    'overlay-address',
    'starting container failed: Address already in use',
  ],
  ['moby/moby#32634 (17.03)', 'overlay-address', 'Address already in use'],
  [
    'moby/moby#31377 (1.13)',
    'overlay-address',
    'failed to allocate network IP for task q2by4y7fi2lvsrog4oxwzasfr network zqquu8yjk0tzh1h1ninajhnm7: could not allocate IP from IPAM: Address already in use',
  ],
  [
    'moby/moby#48069 (27.0), #50011 (28.1)',
    'network-overlap',
    'invalid pool request: Pool overlaps with other one on this address space',
  ],
  [
    'bvis/docker-prometheus-swarm#7',
    'network-overlap',
    'starting container failed: subnet sandbox join failed for "10.0.2.0/24": overlay subnet 10.0.2.0/24 has conflicts in the host while running in host mode',
  ],
  [
    'moby/moby#49197 (26.1)',
    'network-overlap',
    'failed to add interface veth487637c to sandbox: error setting interface "veth487637c" IP to 172.18.0.2/16: cannot program address 172.18.0.2/16 in sandbox interface because it conflicts with existing route {Ifindex: 5 Dst: 0.0.0.0/0 Src: <nil> Gw: 172.17.0.1 Flags: [] Table: 254 Realm: 0}',
  ],
  [
    'moby/moby#38584 (17.09)',
    'address-pools-used',
    'could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network',
  ],
  [
    'concourse/concourse#2155',
    'address-pools-used',
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  ],
  ['moby/moby#35466 (17.10)', 'network-missing', 'No such network: "gwaas-qa"'],
  [
    'moby/libnetwork#2015 (17.10)',
    'network-missing',
    'starting container failed: No such network: kafka_default',
  ],
  [
    'moby/libnetwork#2341 (18.06), docker/for-linux#888 (19.03)',
    'network-missing',
    'starting container failed: failed to get network during CreateEndpoint: network sa8m3w8pqi0tqzro06naftwbu not found',
  ],
  [
    'moby/moby#25503 (1.12)',
    'network-missing',
    'starting container failed: network go-demo not found',
  ],
  [
    'moby/moby#35888, #41841 (20.10)',
    'network-timeout',
    'attaching to network failed, make sure your network options are correct and check manager logs: context deadline exceeded',
  ],
  [
    'moby/moby#38325',
    'network-timeout',
    'Could not attach to network byfn: context deadline exceeded',
  ],
  [
    'twtrubiks/docker-swarm-tutorial#5 (19.03)',
    'bridge-filter-missing',
    'error creating external connectivity network: cannot restrict inter-container communication: please ensure that br_netfilter kernel module is loaded',
  ],
  [
    'swarmpit/swarmpit#554',
    'bridge-filter-missing',
    'error creating external connectivity network: cannot restrict inter-container communication: open /proc/sys/net/bridge/bridge-nf-call-iptables: permission denied',
  ],
  [
    'moby/moby#19677',
    'container-network',
    'cannot create network 7d9b (docker_gwbridge): bridge name already assigned',
  ],
  [
    'moby/moby#35161 (17.06)',
    'iptables-chains',
    'driver failed programming external connectivity on endpoint adoring_ptolemy (0bb5fa80): (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\n (exit status 1))',
  ],
  [
    'telnetdoogie/synology-docker#43 (29), moby/moby#49557 (28.0.1, Raspberry Pi)',
    'iptables-module',
    "failed to set up container networking: failed to create endpoint spotweb on network docker_bridge: Unable to enable DIRECT ACCESS FILTERING - DROP rule: (iptables failed: iptables --wait -t raw -A PREROUTING -d 172.18.0.2 ! -i br-9a975926250f -j DROP: iptables v1.8.3 (legacy): can't initialize iptables table `raw': Table does not exist (do you need to insmod?) Perhaps iptables or your kernel needs to be upgraded. (exit status 3))",
  ],
  [
    'moby/moby#24005 (1.12)',
    'ipvs-missing',
    'Running modprobe ip_vs failed with message: `modprobe: WARNING: Module ip_vs not found in directory /lib/modules/4.4.1-vanilla-docker-1`, error: exit status 1',
  ],
  [
    'vmware/photon#543 (1.12)',
    'ipvs-missing',
    'Could not get ipvs family information from the kernel. It is possible that ipvs is not enabled in your kernel. Native loadbalancing will not work until this is fixed.',
  ],
  [
    'docker/compose#3277 (20.10.6)',
    'port-taken',
    'driver failed programming external connectivity on endpoint nginx (b05d13ec): Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use',
  ],
  [
    'winboat-org/winboat#29 (28)',
    'port-taken',
    'failed to set up container networking: driver failed programming external connectivity on endpoint WinBoat (d5bda004): failed to bind host port for 0.0.0.0:7148:172.18.0.2:7148/tcp: address already in use',
  ],
  [
    'docker-archive/classicswarm#2197',
    'container-network',
    'failed to create endpoint fervent_elion on network bridge: adding interface veth39cd78e to bridge docker0 failed: could not find bridge docker0: route ip+net: no such network interface.',
  ],
  // Containers.
  [
    'pyronear/pyro-engine#208 (Raspberry Pi)',
    'memory-limit',
    'Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.',
  ],
  [
    'canonical/microk8s#4439 (Raspberry Pi)',
    'memory-limit',
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: unified resource "memory.oom.group" can\'t be set: controller "memory" not available',
  ],
  [
    'FydeOS/chromium_os-raspberry_pi#76 (18.09)',
    'cgroup-missing',
    'OCI runtime create failed: container_linux.go:349: starting container process caused "process_linux.go:297: applying cgroup configuration for process caused \\"open /sys/fs/cgroup/cpuset/docker/cpuset.cpus: no such file or directory\\"": unknown',
  ],
  [
    'mbentley/docker-omada-controller#141 (20.10, Raspberry Pi)',
    'cgroup-missing',
    'OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: process_linux.go:508: setting cgroup config for procHooks process caused: open /sys/fs/cgroup/docker/2bb1b44e43bf/io.weight: no such file or directory: unknown',
  ],
  [
    'treehouses/builder#334 (Raspberry Pi)',
    'cgroup-missing',
    'NanoCPUs can not be set, as your kernel does not support CPU cfs period/quota or the cgroup is not mounted',
  ],
  [
    'moby/moby#41167 (19.03)',
    'memory-limit-low',
    'OCI runtime create failed: container_linux.go:349: starting container process caused "process_linux.go:449: container init caused \\"process_linux.go:415: setting cgroup config for procHooks process caused \\\\\\"failed to write \\\\\\\\\\\\\\"4194304\\\\\\\\\\\\\\" to \\\\\\\\\\\\\\"/sys/fs/cgroup/memory/docker/acdd3264/memory.limit_in_bytes\\\\\\\\\\\\\\": write /sys/fs/cgroup/memory/docker/acdd3264/memory.limit_in_bytes: device or resource busy\\\\\\"\\"": unknown',
  ],
  [
    'aws/amazon-ecs-agent#3021 (20.10)',
    'memory-limit-low',
    'OCI runtime create failed: container_linux.go:380: starting container process caused: container init was OOM-killed (memory limit too low?): unknown',
  ],
  [
    'docker/compose#12351 (27, Raspberry Pi)',
    'docker-run-failed',
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: unable to apply cgroup configuration: unable to start unit "docker-59dd885d.scope" (properties [{Name:Description Value:"libcontainer container 59dd885d"} {Name:Slice Value:"system.slice"} {Name:MemoryAccounting Value:true}]): Launch helper exited with unknown return code 1: unknown',
  ],
  [
    'moby/moby#42953 (20.10)',
    'docker-run-failed',
    'OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:722: waiting for init preliminary setup caused: read init-p: connection reset by peer: unknown',
  ],
  [
    'kata-containers/kata-containers#2367',
    'docker-run-failed',
    'failed to create containerd task: failed to create shim: ttrpc: closed: unknown',
  ],
  [
    'the lab (20.10.24)',
    'command-missing',
    'starting container failed: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "nope": executable file not found in $PATH: unknown',
  ],
  [
    'runc, libcontainer/factory_linux.go (28)',
    'command-missing',
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app": stat /app: no such file or directory: unknown',
  ],
  [
    'runc, libcontainer/factory_linux.go (28)',
    'command-not-executable',
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app": permission denied: unknown',
  ],
  [
    'moby volume/mounts (20.10 to 29)',
    'mount-missing',
    'invalid mount config for type "bind": bind source path does not exist: /srv/data',
  ],
  [
    'moby volume/local',
    'volume-mount',
    "error while mounting volume '/var/lib/docker/volumes/nfs/_data': failed to mount local volume: mount :/export:/var/lib/docker/volumes/nfs/_data, data: addr=10.0.0.9: no route to host",
  ],
  [
    'moby/swarmkit agent/secrets',
    'secret-missing',
    'task not authorized to access secret gbry69xf5eu90h8asbcrp3gsz',
  ],
  [
    'moby daemon/cluster',
    'secret-missing',
    'unable to get config from config store: config x not found',
  ],
  // Images.
  [
    'docker/docs#10582',
    'registry-untrusted',
    'Get "https://ctrl:5000/v2/": http: server gave HTTP response to HTTPS client',
  ],
  [
    'moby/moby#34351, #52570',
    'image-missing',
    'No such image: registry.example/private/app:1@sha256:2f46',
  ],
  [
    'moby/moby#32655 (17.03)',
    'registry-sign-in',
    'denied: requested access to the resource is denied',
  ],
  [
    'Docker Hub',
    'registry-limit',
    'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading',
  ],
  [
    'moby distribution',
    'registry-unreachable',
    'Get "https://ctrl:5000/v2/": dial tcp: lookup ctrl on 127.0.0.53:53: no such host',
  ],
  // Nodes.
  [
    'moby/swarmkit manager/orchestrator/constraintenforcer; tests/fixtures/engine',
    'node-changed',
    'assigned node no longer meets constraints',
  ],
];

describe('maps a recorded engine error to its row of /help', () => {
  test.each(REAL)('%s: %s', (_, help, error) => {
    const found = hint(error);
    expect(found?.help).toBe(help);
    expect(found?.text).toMatch(/^[A-Zz].*\.$/);
  });
});

test('names the node on which something is to be done', () => {
  const onNode = /^(vxlan|ipvs|iptables|bridge|overlay|network|container|cgroup)/;
  for (const [, , error] of REAL.filter(([, help]) => onNode.test(help))) {
    expect(hint(error)?.text).toMatch(/zero1/);
  }
});

test('an unknown error has no hint', () => {
  for (const error of ['', 'something else', 'file exists', 'address', 'network', 'memory']) {
    expect(hint(error)).toBeNull();
  }
});

test('an error of any length is compared only in part', () => {
  // Without a limit on what is compared each takes minutes, so that the test times out.
  for (const part of ['cgroup memory ', 'Get "https://x/v2/ ', 'exec: ', 'network x ', 'bind ']) {
    expect(() => hint(part.repeat(200_000))).not.toThrow();
  }
});

test('compares the end of a long error too', () => {
  expect(hint(`${'x'.repeat(10_000)}: no space left on device`)?.help).toBe('disk-full');
});
