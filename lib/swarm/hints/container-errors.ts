import { MEMORY_ACCOUNTING } from './cures';
import { nodeName, subject, type Rule } from './hint-input';

/** Errors of a container that could not be created or started, the most specific first. */
export const CONTAINER_ERRORS: readonly Rule[] = [
  {
    pattern:
      /memory limit too low|OOM-killed|memory limit allowed is|memory\.(limit_in_bytes|max): device or resource busy/i,
    help: 'memory-limit-low',
    say: () =>
      'The memory limit is too low for the container to start: raise --limit-memory of the service.',
  },
  {
    pattern:
      /kernel does not support memory limit|memory cgroup[^:]{0,80}(not mounted|missing|disabled)|\/memory[\w/.-]{0,200}: no such file|"memory[\w.]{0,40}" can't be set|controller "memory" not/i,
    help: 'memory-limit',
    say: (input) =>
      `Memory accounting is off on ${nodeName(input)}, so it takes no memory limit. Add ${MEMORY_ACCOUNTING} to its kernel's command line.`,
  },
  {
    pattern:
      /kernel does not support (CPU|pids|block I\/O)|cgroup isn't mounted|\/sys\/fs\/cgroup\/\S{0,300}: (no such file|permission denied|invalid argument)|controller "?\w{1,20}"? (is )?not available/i,
    help: 'cgroup-missing',
    say: (input) =>
      `The kernel of ${nodeName(input)} lacks a control group that the container's limits need. Create the service without that limit, or restart the node if its system was upgraded.`,
  },
  {
    pattern: /cannot allocate memory|resource temporarily unavailable/i,
    help: 'node-memory',
    say: (input) =>
      `${subject(input)} has no memory left for another container. Run fewer tasks there: \`free -m\` on it shows what is used.`,
  },
  {
    pattern: /read-only file system/i,
    help: 'disk-read-only',
    say: (input) =>
      `The SD card of ${nodeName(input)} is read-only: the kernel does that when the card fails. \`dmesg | tail\` on it shows the reason.`,
  },
  {
    pattern: /no space left on device/i,
    help: 'disk-full',
    say: (input) =>
      `The disk or SD card of ${nodeName(input)} is full. \`docker system prune\` on it frees what is unused.`,
  },
  {
    pattern:
      /not authorized to access (secret|config)|(secret|config) \S+ not found|from (secret|config) store|(secret|config) reference/i,
    help: 'secret-missing',
    say: () =>
      'A secret or config of the service no longer exists, or has not reached the node. `docker secret ls` and `docker config ls` show what there is.',
  },
  {
    pattern:
      /failed to mount local volume|error while mounting volume|VolumeDriver\.|no such volume/i,
    help: 'volume-mount',
    say: (input) =>
      `${subject(input)} could not mount a volume of the service. Check that what it names can be reached from there.`,
  },
  {
    pattern: /invalid mount config|bind source path does not exist|creating mount source path/i,
    help: 'mount-missing',
    say: () => 'A path that the service mounts does not exist on that node.',
  },
  {
    pattern: /exec: .*permission denied|runc create failed: .*permission denied/i,
    help: 'command-not-executable',
    say: () => 'The command in the image cannot be executed.',
  },
  {
    pattern: /executable file not found|(exec|stat|process)\b.*no such file or directory: unknown/i,
    help: 'command-missing',
    say: () => 'The image has no such command. Check its ENTRYPOINT and CMD.',
  },
  {
    pattern: /unhealthy container/i,
    help: 'unhealthy',
    say: () => "The image's own health check failed, so swarm replaced the task.",
  },
  {
    pattern: /assigned node no longer meets constraints/i,
    help: 'node-changed',
    say: (input) =>
      `${subject(input)} no longer meets the service's constraints, or has less memory or CPU than is reserved, so swarm moved the task.`,
  },
  {
    pattern: /OCI runtime \w+ failed|failed to create (shim|task)|containerd|ttrpc: closed/i,
    help: 'docker-run-failed',
    say: (input) =>
      `Docker on ${nodeName(input)} could not start the container: \`journalctl -u docker -u containerd\` there has the reason.`,
  },
];
