import { expect, test } from 'vitest';
import { patchSpec } from './patch-spec';
import { platformsOf } from './spec-of';

const digest = `sha256:${'a'.repeat(64)}`;

test('names no architecture for ARM, which nodes call armv7l or armv6l', () => {
  const platforms = ['arm', 'ARM', 'arm64', 'amd64'].map((architecture) => ({
    architecture,
    os: 'linux',
  }));
  expect(platformsOf({ digest, platforms })).toEqual({
    Platforms: [
      { OS: 'linux' },
      { OS: 'linux' },
      { Architecture: 'arm64', OS: 'linux' },
      { Architecture: 'amd64', OS: 'linux' },
    ],
  });
});

test('an image that could not be checked does not keep the platforms of the image before', () => {
  const spec = {
    TaskTemplate: {
      ContainerSpec: { Image: 'a:1' },
      Placement: { Constraints: ['node.role==worker'], Platforms: [{ Architecture: 'amd64' }] },
    },
  };
  expect(patchSpec(spec, { image: 'b:2' })['TaskTemplate']).toEqual({
    ContainerSpec: { Image: 'b:2' },
    Placement: { Constraints: ['node.role==worker'] },
  });
  const bare = { TaskTemplate: { ContainerSpec: { Image: 'a:1' } } };
  expect(patchSpec(bare, { image: 'b:2' })['TaskTemplate']).toEqual({
    ContainerSpec: { Image: 'b:2' },
  });
});
