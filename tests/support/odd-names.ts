import { editEach } from './odd-cases';
import type { Oddity } from './odd-engine';

/** The demo's five nodes under other hostnames, in the order of the HAT, with labels and addresses. */
export function renamed(
  hostnames: readonly string[],
  {
    labels = {},
    addresses = {},
  }: { labels?: Record<string, string>; addresses?: Record<string, string> } = {},
): Oddity {
  const demo = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];
  return editEach('/nodes', (node) => {
    const { Description, Spec, Status } = node;
    const Hostname = hostnames[demo.indexOf(Description.Hostname)] ?? Description.Hostname;
    const port = labels[Hostname];
    const Addr = addresses[Hostname];
    return {
      ...node,
      Description: { ...Description, Hostname },
      ...(port !== undefined && { Spec: { ...Spec, Labels: { 'clusterhat.port': port } } }),
      ...(Addr !== undefined && { Status: { ...Status, Addr } }),
    };
  });
}
