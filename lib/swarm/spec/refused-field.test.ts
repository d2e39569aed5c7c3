import { expect, test } from 'vitest';
import { refusedField, refusedNodeField } from './refused-field';

const rpc = (text: string) => `rpc error: code = InvalidArgument desc = ${text}`;
const PORTS = [
  { target: 80, published: 8080, protocol: 'tcp' as const, mode: 'ingress' as const },
  { target: 8080, published: 8888, protocol: 'tcp' as const, mode: 'ingress' as const },
];

/** Measured on engines 20.10 and 28. */
test.each([
  [rpc('name must be valid as a DNS name component'), 'name'],
  [rpc('name must be 63 characters or fewer'), 'name'],
  ['name conflicts with an existing object: service goweb already exists', 'name'],
  [
    "port '8888' is already in use by service 'goweb' (abc) as an ingress port",
    'ports.1.published',
  ],
  ["port '1' is already in use by service 'goweb' (abc) as an ingress port", 'ports'],
  [rpc('EndpointSpec: duplicate published ports provided'), 'ports'],
  [rpc('ContainerSpec: "UPPER CASE" is not a valid repository/tag'), 'image'],
  [rpc('ContainerSpec: image reference must be provided'), 'image'],
  ['rpc error: code = Unknown desc = constraint expected one operator from ==, !=', 'constraints'],
  ["rpc error: code = Unknown desc = key 'no de' is invalid", 'constraints'],
  ["rpc error: code = Unknown desc = value '' is invalid", 'constraints'],
  [rpc('invalid cpu value 0.0005: Must be at least 0.001'), 'limits.cpus'],
  [rpc('invalid cpu value 5e-09: Must be at least 0.001'), 'reservations.cpus'],
  [rpc('invalid memory value 1048576: Must be at least 4MiB'), 'limits.memory'],
  [rpc('invalid memory value -5: Must be at least 4MiB'), 'reservations.memory'],
  [rpc('TaskSpec: restart-delay cannot be negative'), 'restart.delay'],
  [
    rpc('TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1'),
    'update.maxFailureRatio',
  ],
  ['unrecognized update order x', 'update.order'],
  [rpc('expanding hostname failed: template: expansion:1:2: executing'), 'hostname'],
  [rpc('expanding env failed: expanding env "A={{.Node.Hostname": template: x'), 'env.A'],
  [rpc('expanding env failed: expanding env "B={{.Node.Hostname": template: x'), 'env'],
  [rpc('expanding env failed'), 'env'],
  [rpc('Number of replicas must be non-negative'), 'replicas'],
  ['network nosuch not found', null],
  ['The swarm has no leader: too few managers can reach each other.', null],
])('%s', (message, field) => {
  const limits = { cpus: 0.0005, memory: '1M' };
  const sent = { ports: PORTS, env: { A: '{{.Node.Hostname' }, limits };
  expect(refusedField(message, sent as { ports: typeof PORTS })).toBe(field);
});

test('a port of a patch is one that it adds', () => {
  const message = "port '8888' is already in use by service 'goweb' (abc) as an ingress port";
  expect(refusedField(message, { ports: { add: PORTS } })).toBe('ports.add.1.published');
});

test.each([
  ['attempting to demote the last manager of the swarm', 'role'],
  ['invalid Role: "king"', 'role'],
  ['invalid Availability: "sleepy"', 'availability'],
  ["node abc is not down and can't be removed", null],
])('of a node: %s', (message, field) => {
  expect(refusedNodeField(message)).toBe(field);
});
