import { expect, test } from 'vitest';
import { ownContainer } from './own-container';

const ID = '3f'.repeat(32);
const MOUNTS = `1049 1048 8:1 /var/lib/docker/containers/${ID}/hostname /etc/hostname rw - ext4 /dev/root rw`;

test.each([
  ['the folder of its mounted files', MOUNTS, 'dashboard', ID],
  ['its hostname', '', ID.slice(0, 12), ID.slice(0, 12)],
  ['nothing on a machine', '21 1 8:1 / / rw - ext4 /dev/root rw', 'ctrl', null],
])('a container is known by %s', (_, mounts, host, id) => {
  expect(ownContainer({ mounts: () => mounts, host: () => host })).toBe(id);
});

test('reads the own mounts by default', () => {
  expect(ownContainer({ host: () => 'ctrl' })).toSatisfy(
    (id) => id === null || /^[0-9a-f]{64}$/.test(String(id)),
  );
});
