import fc from 'fast-check';
import type { RawSpec } from '@/lib/swarm/spec/raw-spec';

/** A node with everything that `docker node inspect --pretty` shows. */
export const FULL_NODE: RawSpec = {
  ID: 'node1',
  Version: { Index: 9 },
  CreatedAt: '2026-11-28T12:30:31.123456789Z',
  Spec: {
    Name: 'nick',
    Labels: { b: '', a: 'x' },
    Role: 'manager',
    Availability: 'active',
  },
  Description: {
    Hostname: 'ctrl',
    Platform: { Architecture: 'armv7l', OS: 'linux' },
    Resources: { NanoCPUs: 4_500_000_000, MemoryBytes: 456_341_504 },
    Engine: {
      EngineVersion: '20.10.24',
      Labels: { e: '1', d: '' },
      Plugins: [
        { Type: 'Volume', Name: 'local' },
        { Type: 'Network', Name: 'overlay' },
        { Type: 'Network', Name: 'bridge' },
      ],
    },
    TLSInfo: {
      TrustRoot: '-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n',
      CertIssuerSubject: 'MBMx',
      CertIssuerPublicKey: 'MFkw',
    },
  },
  Status: { State: 'ready', Message: 'hello', Addr: '10.0.0.1' },
  ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '10.0.0.1:2377' },
};

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const labels = fc.dictionary(word, fc.oneof(fc.constant(''), word), { maxKeys: 3 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** A node of which any part is missing. */
export function aFullNode(): fc.Arbitrary<RawSpec> {
  const status = fc.record({
    State: fc.constantFrom('ready', 'down', 'unknown', 'disconnected'),
    Message: fc.constantFrom('', 'heartbeat failure', 'Node is NOT there'),
    Addr: fc.constantFrom('', '10.0.0.9', 'fe80::1'),
  });
  const plugins = fc.array(
    fc.record({ Type: fc.constantFrom('Volume', 'Network', 'Log'), Name: word }),
    { maxLength: 6 },
  );
  const node = fc.record({
    CreatedAt: fc.constantFrom(
      '2026-11-28T12:30:31.120000000Z',
      '2026-11-28T12:30:31Z',
      '0001-01-01T00:00:00Z',
    ),
    name: fc.oneof(fc.constant(''), word),
    labels: optional(labels),
    role: fc.constantFrom('manager', 'worker'),
    availability: fc.constantFrom('active', 'pause', 'drain'),
    cpus: fc.integer({ min: 0, max: 9_000_000_000 }),
    memory: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 40 })),
    engineLabels: optional(labels),
    plugins: optional(plugins),
    tls: optional(fc.constant(Object(FULL_NODE['Description'])['TLSInfo'] as RawSpec)),
    status,
    manager: optional(
      fc.record({
        Leader: fc.boolean(),
        Reachability: fc.constantFrom('reachable', 'unreachable', 'unknown'),
        Addr: fc.constant('10.0.0.1:2377'),
      }),
    ),
  });
  // As JSON, without what is undefined; the parts that are missing hide those of the node before.
  return node.map((of) => ({
    ...FULL_NODE,
    CreatedAt: of.CreatedAt,
    Spec: { Name: of.name, Labels: of.labels, Role: of.role, Availability: of.availability },
    Description: {
      Hostname: 'zero1',
      Platform: { Architecture: 'armv6l', OS: 'linux' },
      Resources: { NanoCPUs: of.cpus, MemoryBytes: of.memory },
      Engine: { EngineVersion: '20.10.24', Labels: of.engineLabels, Plugins: of.plugins },
      TLSInfo: of.tls ?? {},
    },
    Status: of.status,
    ManagerStatus: of.manager,
  }));
}
