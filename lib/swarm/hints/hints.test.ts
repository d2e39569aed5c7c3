import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HintInput } from './hint-input';
import { HINT_HELP, hintFor } from './hints';
import type { NodePlatform, Platform } from '../placement/platforms';

const linux = (arch: string): Platform => ({ os: 'linux', arch });
const node = (name: string, arch: string): NodePlatform => ({ name, ...linux(arch) });
const ZEROS = [1, 2, 3, 4].map((n) => node(`zero${n}`, 'armv6l'));
const HAT32 = [node('ctrl', 'armv7l'), ...ZEROS];
const HAT64 = [node('ctrl', 'aarch64'), ...ZEROS];

const hint = (over: Partial<HintInput>) =>
  hintFor({
    state: 'failed',
    error: '',
    exitCode: null,
    node: ZEROS[0] ?? null,
    platforms: { image: [], nodes: HAT32 },
    ...over,
  });
const text = (over: Partial<HintInput>) => hint(over)?.text;
const pending = (error: string) => text({ state: 'pending', error, node: null });
const failed = (exitCode: number, over: Partial<HintInput> = {}) =>
  hint({ exitCode, error: `task: non-zero exit (${exitCode})`, ...over });
const rejected = (error: string, over: Partial<HintInput> = {}) =>
  hint({ state: 'rejected', error, ...over });
/** A task that waits because of its image's platforms. */
const waiting = (image: Platform[], nodes: NodePlatform[], count = 4) =>
  hint({
    state: 'pending',
    error: `no suitable node (unsupported platform on ${count} node${count === 1 ? '' : 's'})`,
    node: null,
    platforms: { image, nodes },
  });

describe('an image that does not match the nodes', () => {
  test('names arm64 for an image that BuildKit built on a 64-bit controller, attestation ignored', () => {
    expect(waiting([linux('arm64'), { os: 'unknown', arch: 'unknown' }], HAT64)).toEqual({
      help: 'image-arm64-only',
      text: 'The image is for 64-bit ARM only (linux/arm64), and zero1, zero2, zero3 and zero4 (armv6l) cannot run it. Build it for linux/arm/v6 and linux/arm64 in one manifest: once `docker buildx create --use --driver-opt network=host`, then `docker buildx build --platform linux/arm/v6,linux/arm64 -t NAME --push .`.',
      actions: [{ kind: 'edit-service', label: 'Change image', field: 'image' }],
    });
  });

  test('names 32-bit ARM for an image that a 64-bit controller does not take', () => {
    const { help, text } = waiting([linux('armv6l')], HAT64, 1) ?? {};
    expect(help).toBe('image-arm32-only');
    expect(text).toMatch(
      /32-bit ARM only \(linux\/armv6l\), so swarm keeps it off ctrl \(aarch64\)/,
    );
    expect(text).toMatch(
      /--platform linux\/arm\/v6,linux\/arm64 -t NAME --push \.`; or, if ctrl \(aarch64\) runs 32-bit programs, create the service again with --no-resolve-image\.$/,
    );
  });

  test('recorded without an architecture, which matches every node, unlike the engine’s error', () => {
    const { help, text } = waiting([linux('')], HAT64, 1) ?? {};
    expect(help).toBe('image-arm32-only');
    expect(text).toMatch(
      /32-bit ARM only \(linux\/arm\), so swarm keeps it off ctrl \(aarch64\)\./,
    );
  });

  test('for PCs only, on a HAT of 32-bit nodes', () => {
    const { help, text } = waiting([linux('amd64')], HAT32, 5) ?? {};
    expect(help).toBe('image-other-processor');
    expect(text).toMatch(
      /for linux\/amd64 only, and ctrl \(armv7l\) and zero1, .* \(armv6l\) cannot/,
    );
    expect(text).toMatch(
      /Build it for linux\/arm\/v6: `docker build --platform linux\/arm\/v6 -t NAME \. && docker push NAME`\.$/,
    );
  });

  test('names no nodes when no platform is recorded or the nodes have changed since', () => {
    expect(waiting([], HAT64, 1)?.text).toMatch(
      /^1 node cannot run this image: it is built for another CPU\. Build it for linux\/arm\/v6 and linux\/arm64/,
    );
    expect(waiting([linux('amd64')], [], 5)?.text).toMatch(
      /^5 nodes cannot run this image: .* Build it for/,
    );
  });

  test('names the first of hundreds of nodes and counts the others', () => {
    const many = Array.from({ length: 200 }, (_, n) => node(`n${n}`, 'armv6l'));
    expect(waiting([linux('arm64')], many, 200)?.text).toMatch(
      /n0, n1, n2, n3, n4 and 195 more \(armv6l\)/,
    );
  });

  test('counts many architectures too and uses a placeholder in the command', () => {
    const many = Array.from({ length: 30 }, (_, n) => node(`n${n}`, `odd${n}`));
    const { text } = waiting([linux('arm64')], many, 30) ?? {};
    expect(text).toMatch(/and n0 \(odd0\), .*n3 \(odd3\) and 26 more cannot run it/);
    expect(text).toMatch(/linux\/odd0, .* and 25 more in one manifest: .*--platform PLATFORMS -t/);
  });
});

/** Swarm compares names: `arm` is neither `armv6l` nor `aarch64`. docker's own client blanks it. */
describe('a service recorded under a name that no node reports', () => {
  const ANEW = /\. Create it again with docker's own client, or with --no-resolve-image\.$/;
  const LAPTOP = node('laptop', 'x86_64');

  test.each([
    ['arm and arm64, 64-bit controller', ['arm', 'arm64'], HAT64],
    ['arm, every node 32-bit', ['arm'], HAT32],
    ['arm and amd64, with a laptop', ['arm', 'amd64'], [...HAT32, LAPTOP]],
  ])('does not suggest another build: %s', (_, archs, nodes) => {
    const { text, help } = waiting(archs.map(linux), nodes) ?? {};
    expect(help).toBe('image-other-name');
    expect(text).toMatch(/zero4 \(armv6l\) can run the image: swarm keeps it off only because/);
    expect(text).toMatch(ANEW);
    expect(text).not.toMatch(/cannot|Build|laptop/);
  });

  test('distinguishes nodes that cannot run it from those that can', () => {
    const { text, help } = waiting([linux('arm')], [...HAT32, LAPTOP], 6) ?? {};
    expect(help).toBe('image-arm32-only');
    expect(text).toMatch(/and laptop \(x86_64\) cannot run it\. ctrl \(armv7l\) and zero1/);
    expect(text).toMatch(
      /linux\/amd64,linux\/arm\/v6 .*, and create the service again with docker's own/,
    );
  });

  test('a 64-bit controller and Zeros', () => {
    const { text } = waiting([linux('arm')], HAT64, 5) ?? {};
    expect(text).toMatch(/keeps it off ctrl \(aarch64\)\. zero1, .* can run the image/);
    expect(text).toMatch(/again with docker's own client; or, if ctrl \(aarch64\) runs 32-bit/);
  });

  test('a name that is right for a newer ARM does not make a Zero run it', () => {
    expect(waiting([linux('armv7l')], ZEROS)?.text).toMatch(/zero4 \(armv6l\) cannot run it/);
  });

  test("does not suggest docker's client for a 32-bit PC, which it records as 386", () => {
    const { text } = waiting([linux('386')], [node('old', 'i686')], 1) ?? {};
    expect(text).toMatch(/old \(i686\) can run .* Create it again with --no-resolve-image\.$/);
  });
});

test.each([
  ['a laptop beside an ARM image', [linux('armv6l')], [...HAT64, node('laptop', 'x86_64')]],
  ['a 64-bit image and Zeros', [linux('arm64')], HAT64],
  ['a 32-bit image and a node that has not reported', [linux('armv6l')], [node('new', '')]],
])('--no-resolve-image is not offered where tasks would break: %s', (_, image, nodes) => {
  const { text } = waiting(image, nodes) ?? {};
  expect(text).toMatch(/cannot run it/);
  expect(text).not.toMatch(/--no-resolve-image/);
});

test.each([
  ['i686', 'linux/386'],
  ['i386', 'linux/386'],
  ['x86_64', 'linux/amd64'],
  ['aarch64', 'linux/arm64'],
  ['armv7l', 'linux/arm/v6'],
  ['ppc64le', 'linux/ppc64le'],
  ['s390x', 'linux/s390x'],
  ['riscv64', 'linux/riscv64'],
  ['mips64', 'linux/mips64le'],
  ['loongarch64', 'linux/loong64'],
])('a node that reports %s needs a build for %s', (arch, platform) => {
  const { text } = waiting([linux('sparc')], [node('n', arch)], 1) ?? {};
  expect(text).toContain(`Build it for ${platform}: \`docker build --platform ${platform} -t NAME`);
});

describe('a task that failed on a node with another processor', () => {
  const EXEC = 'standard_init_linux.go:228: exec user process caused: exec format error';

  test.each([
    ['what docker recorded', EXEC, [linux('amd64')], /seems to be for linux\/amd64/],
    ['nothing recorded', EXEC, [], /cannot run this image: it has no build for this processor/],
    [
      'the error of engine 20.10',
      'image with reference x was found but does not match the specified platform: wanted linux/arm/v6, actual: linux/arm64/v8',
      [],
      /seems to be for linux\/arm64\/v8/,
    ],
    [
      'the error of engine 28',
      'image with reference x was found but its platform (linux/amd64) does not match the specified platform (linux/arm/v6)',
      [],
      /seems to be for linux\/amd64/,
    ],
    [
      'a list without it',
      'no matching manifest for linux/arm/v6 in the manifest list entries',
      [linux('')],
      /it has no build for this processor/,
    ],
  ])('names the node and what the image is for: %s', (_, error, image, words) => {
    const { text, help } = rejected(error, { platforms: { image, nodes: HAT32 } }) ?? {};
    expect(help).toBe('wrong-processor');
    expect(text).toMatch(/^zero1 \(armv6l\) cannot run/);
    expect(text).toMatch(words);
    expect(text).toMatch(/--platform linux\/arm\/v6 /);
  });

  test('an ARM image, recorded without its architecture, on a 64-bit controller', () => {
    expect(
      rejected(EXEC, { node: HAT64[0] ?? null, platforms: { image: [linux('')], nodes: HAT64 } })
        ?.text,
    ).toMatch(
      /^ctrl \(aarch64\) did not run this image, which seems to be for linux\/arm\. Most 64-bit systems run 32-bit programs too; a Pi 5/,
    );
  });

  test.each([132, 139])('exit %d on ARMv6: the image is for a newer ARM', (code) => {
    expect(failed(code)?.text).toMatch(
      /zero1 is armv6l \(a Pi Zero is ARMv6\).*newer ARM.*linux\/arm\/v6/,
    );
  });

  test.each([
    [132, /Illegal instruction: ctrl \(armv7l\)/],
    [139, /crashed \(segmentation fault\): `docker service logs`/],
  ])('exit %d elsewhere is not blamed on a Zero', (code, words) => {
    const text = failed(code, { node: HAT32[0] ?? null })?.text;
    expect(text).toMatch(words);
    expect(text).not.toMatch(/Zero/);
  });
});

describe("swarmkit's reasons for waiting", () => {
  test.each([
    ['max replicas per node limit exceed', /limit/],
    ['host-mode port already in use on 1 node', /taken on 1 node:/],
    ['insufficient resources on 1 node', /^1 node has less/],
    ['insufficient resources on 2 nodes', /^2 nodes have less/],
    ['missing plugin on 1 node', /^1 node lacks/],
    ['missing plugin on 3 nodes', /^3 nodes lack /],
    ['1 node not available for new tasks', /^1 node takes no/],
    ['2 nodes not available for new tasks', /^2 nodes take no/],
    ['scheduling constraints not satisfied on 1 node', /rule out 1 node\./],
  ])('%s', (reason, words) => {
    expect(pending(`no suitable node (${reason})`)).toMatch(words);
  });

  test('lists all of several reasons and links the first', () => {
    const several = hint({
      state: 'pending',
      error:
        'no suitable node (scheduling constraints not satisfied on 2 nodes; 3 nodes not available for new tasks)',
    });
    expect(several?.text).toMatch(/constraints rule out 2 nodes.*3 nodes take no new tasks/);
    expect(several?.help).toBe('constraints');
  });
});

test.each([
  [
    'No such image: carmeloc/nosuch:1.0',
    'image-missing',
    /^zero1 \(armv6l\) could not get the image/,
  ],
  [
    'driver failed programming external connectivity: Bind for 0.0.0.0:8888 failed: port is already allocated',
    'port-taken',
    /already uses the port/,
  ],
  [
    'starting container failed: OCI runtime create failed: exec: "nope": executable file not found in $PATH',
    'command-missing',
    /no such command/,
  ],
  [
    'network sandbox join failed: subnet sandbox join failed for "10.0.0.0/24": error creating vxlan interface: operation not supported',
    'vxlan-missing',
    /kernel of zero1 has no vxlan module.*linux-modules-extra-raspi/,
  ],
  [
    'network sandbox join failed: subnet sandbox join failed for "10.0.1.0/24": error creating vxlan interface: file exists',
    'vxlan-leftover',
    /On zero1: `sudo systemctl restart docker`/,
  ],
  [
    'Get "https://ctrl:5000/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2024-01-01T00:00:00Z is before 2026-08-01T00:00:00Z',
    'certificate',
    /`date` on zero1/,
  ],
  [
    'Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.',
    'memory-limit',
    /cgroup_enable=memory/,
  ],
])('%s', (error, help, words) => {
  expect(rejected(error)?.help).toBe(help);
  expect(rejected(error)?.text).toMatch(words);
});

test.each([
  ['modprobe: FATAL: Module ip_vs not found in directory /lib/modules/6.1', 'ipvs-missing'],
  ['Running modprobe ip_vs failed with message: ``, error: exit status 1', 'ipvs-missing'],
  ['failed to create an ipvs handle: protocol not available', 'ipvs-missing'],
  ['Conflict. The container name "/ipvs" is already in use', undefined],
  ['Conflict. The container name "/ip_vs.1.x" is already in use', undefined],
  [
    'failed to create shim task: /usr/bin/runc did not terminate successfully: signal: illegal instruction',
    'docker-illegal-instruction',
  ],
])('%s', (error, help) => {
  expect(rejected(error)?.help).toBe(help);
});

test('hostile node and image names add no code to a hint and do not make it long', () => {
  const odd = fc.oneof(
    fc.constantFrom('armv6l', 'aarch64', 'x86_64', 'arm', ''),
    fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '/') }),
    fc.constantFrom('x'.repeat(10_000), '`x '.repeat(3000)),
  );
  const platform = fc.record({ os: odd, arch: odd });
  const member = fc.record({ name: odd, os: odd, arch: odd });
  const error = fc.oneof(
    fc.constantFrom(
      `unsupported platform on ${'9'.repeat(10_000)} nodes; missing plugin on 2 nodes`,
      `its platform (${'x'.repeat(10_000)}) does not match the specified platform`,
      'exec format error',
      'No such image: a',
      'error creating vxlan interface: file exists',
      'error creating vxlan interface: operation not supported',
      'kernel does not support memory limit',
      'x509: certificate has expired',
      'signal: illegal instruction',
      'modprobe ip_vs',
      'task: non-zero exit (132)',
    ),
  );
  const platforms = fc.record({ image: fc.array(platform), nodes: fc.array(member) });
  const ours = /^(docker|date$|free -m$|dmesg|journalctl|sudo |cgroup_)[ -~]*$/;
  fc.assert(
    fc.property(error, member, platforms, (text, on, known) => {
      const said = hint({ error: text, node: on, platforms: known, exitCode: 132 })?.text ?? '';
      const parts = said.split('`');
      expect(parts.length % 2).toBe(1);
      for (const code of parts.filter((_, at) => at % 2 === 1)) expect(code).toMatch(ours);
      expect(said.length).toBeLessThan(4000);
      expect(said).not.toContain('\n');
    }),
  );
});

test('an unhealthy container is not reported as killed by hand', () => {
  const error = 'task: non-zero exit (137): dockerexec: unhealthy container';
  expect(failed(137, { error })?.help).toBe('unhealthy');
  expect(failed(137)?.help).toBe('killed');
});

test('every exit code has a hint', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 255 }), (code) => {
      expect(failed(code)?.text).toMatch(/^[A-Z].*\.$/);
    }),
  );
  expect(failed(42)).toEqual({
    help: 'program-error',
    text: 'The program itself ended with exit code 42: its output is in `docker service logs`.',
  });
  expect(failed(255)).toEqual({ help: 'end-not-seen', text: expect.stringMatching(/power cut/) });
});

test('a program that ends without an error is explained where it had to keep running', () => {
  const ended = { state: 'complete', exitCode: 0 } as const;
  expect(hint({ ...ended, keepsRunning: true })?.help).toBe('program-ended');
  expect(hint({ ...ended, keepsRunning: false })).toBeNull();
  expect(hint({ state: 'shutdown', exitCode: 0, keepsRunning: true })).toBeNull();
});

test('has no hint where nothing is wrong', () => {
  expect(pending('')).toBeUndefined();
  expect(hint({ state: 'running', keepsRunning: true })).toBeNull();
});

test('every row that a hint links to is in HINT_HELP', () => {
  const seen = [
    waiting([linux('arm64')], HAT64),
    waiting([linux('arm')], HAT64),
    waiting([linux('s390x')], HAT64),
    waiting([linux('arm'), linux('arm64')], HAT64),
    failed(1),
    failed(132),
  ].map((one) => one?.help);
  expect(HINT_HELP).toEqual(expect.arrayContaining(seen));
});
