import { rfc3339Nano } from './clock';
import type { Random } from './random';
import type { Network } from './types';

/** The ingress network of the routing mesh, created with the swarm. */
export function ingressNetwork(random: Random, createdAt: number): Network {
  const at = rfc3339Nano(createdAt);
  const Configs = [{ Subnet: '10.0.0.0/24', Gateway: '10.0.0.1' }];
  return {
    ID: random.id(),
    Version: { Index: 6 },
    CreatedAt: at,
    UpdatedAt: at,
    Spec: {
      Name: 'ingress',
      Labels: {},
      DriverConfiguration: {},
      Ingress: true,
      IPAMOptions: { Driver: {} },
      Scope: 'swarm',
    },
    DriverState: {
      Name: 'overlay',
      Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4096' },
    },
    IPAMOptions: { Driver: { Name: 'default' }, Configs },
  };
}

/** The addresses of the ingress network: .1 is its gateway, .2–.6 are the nodes' own. */
export class AddressPool {
  private readonly used = new Set<number>();
  private last = 6;

  /** The next free address with its prefix; undefined if all are taken. */
  take(): string | undefined {
    for (let tries = 0; tries < 254; tries += 1) {
      this.last = this.last >= 254 ? 7 : this.last + 1;
      if (this.used.has(this.last)) continue;
      this.used.add(this.last);
      return `10.0.0.${this.last}/24`;
    }
    return undefined;
  }

  release(address: string): void {
    this.used.delete(Number(/\.(\d+)\/24$/.exec(address)?.[1]));
  }
}
