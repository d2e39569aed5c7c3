import { statSync } from 'node:fs';
import { z } from 'zod';
import { run, tryRun } from '../exec';
import { type NodeName } from '../layout';
import { overlaps } from '../network';
import { type Applied, nodeChanges, nodeTable, SANDBOX_TABLE, sandboxChanges } from './plan';

const SANDBOX = '/run/docker/netns/ingress_sbox';
const Links = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z
      .array(z.object({ local: z.string().optional(), prefixlen: z.number().optional() }))
      .optional(),
  }),
);

/**
 * A number that changes when the engine recreates its ingress sandbox; undefined while it has none.
 * Looked up through /proc/PID/root, because the sandbox is in the node's mount namespace.
 */
export function sandboxId(inner: number): bigint | undefined {
  try {
    return statSync(`/proc/${inner}/root${SANDBOX}`, { bigint: true }).ino;
  } catch {
    return undefined;
  }
}

/** The mesh of one node with a running engine: the rules in its two namespaces. */
export class NodeMesh {
  #applied: Applied = new Map();
  #attached = false;

  constructor(
    readonly node: NodeName,
    /** The pid, seen from the machine, that opens the node's namespaces. */
    readonly inner: number,
    readonly sandbox: bigint,
  ) {}

  /** Applies the wanted rules to both namespaces; throws if one of them is gone or not ready. */
  async apply(wanted: Applied): Promise<void> {
    if (!this.#attached) await this.#attach();
    const inSandbox = sandboxChanges(this.#applied, wanted);
    if (inSandbox !== '') await run('nsenter', [...this.#toSandbox(), 'nft', '-f', '-'], inSandbox);
    const inNode = nodeChanges(this.#applied, wanted);
    if (inNode !== '') await run('nsenter', [...this.#toNode(), 'nft', '-f', '-'], inNode);
    this.#applied = new Map(wanted);
  }

  #toNode(): string[] {
    return ['-t', String(this.inner), '-m', '-n', '--'];
  }

  #toSandbox(): string[] {
    return ['-t', String(this.inner), '-m', '--', 'nsenter', `--net=${SANDBOX}`, '--'];
  }

  async #attach(): Promise<void> {
    const gateway = (await this.#addresses(this.#toNode(), ['dev', 'docker_gwbridge']))[0];
    const inner = await this.#addresses(this.#toSandbox(), []);
    const sandbox = inner.find((range) => gateway !== undefined && overlaps(range, gateway));
    const address = sandbox?.split('/')[0];
    if (address === undefined) throw new Error('the ingress sandbox has no address yet');
    await run(
      'nsenter',
      [...this.#toSandbox(), 'sh', '-ec', 'echo 1 >/proc/sys/net/ipv4/ip_forward; exec nft -f -'],
      SANDBOX_TABLE,
    );
    // The engine evaluates DOCKER-USER first and leaves its rules to others.
    const forward = ['-i', '-o']
      .map((side) => `DOCKER-USER ${side} docker_gwbridge -j ACCEPT`)
      .map((rule) => `iptables -C ${rule} 2>/dev/null || iptables -I ${rule}`)
      .join('\n');
    // route_localnet lets `curl localhost:PORT` on the node itself through, as the engine does with IPVS.
    const localhost = 'echo 1 >/proc/sys/net/ipv4/conf/docker_gwbridge/route_localnet';
    await run(
      'nsenter',
      [...this.#toNode(), 'sh', '-ec', `${forward}\n${localhost}\nexec nft -f -`],
      nodeTable(address),
    );
    this.#attached = true;
  }

  async #addresses(inside: readonly string[], device: readonly string[]): Promise<string[]> {
    const shown = await tryRun('nsenter', [...inside, 'ip', '-j', '-4', 'addr', 'show', ...device]);
    if (shown.code !== 0) return [];
    return Links.parse(JSON.parse(shown.stdout))
      .flatMap((link) => link.addr_info ?? [])
      .flatMap(({ local, prefixlen }) =>
        local === undefined ? [] : `${local}/${prefixlen ?? 32}`,
      );
  }
}
