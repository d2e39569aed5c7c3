import type { ServiceChanged } from '@/lib/swarm/spec/answers';

/** What there is to say after a change was accepted: on the image, and the engine's own warnings. */
export function remarksOf({
  image,
  warnings,
}: Pick<ServiceChanged, 'image' | 'warnings'>): string[] {
  return [
    ...(image === null || image.state === 'found'
      ? []
      : ['The registry did not resolve the image, so each node looks up the tag itself.']),
    ...warnings,
  ];
}
