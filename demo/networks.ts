import { DemoEngineError } from './errors';
import type { Random } from './random';
import type { Network, ServiceSpec } from './types';

/** A network as `GET /networks` lists it. */
interface ListedNetwork {
  Name: string;
  Id: string;
  Created: string;
  Scope: string;
  Driver: string;
  EnableIPv6: boolean;
  IPAM: { Driver: string; Options: null; Config: { Subnet: string; Gateway: string }[] };
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  ConfigFrom: { Network: string };
  ConfigOnly: boolean;
  Containers: Record<string, never> | null;
  Options: Record<string, string>;
  Labels: Record<string, string>;
}

/**
 * The networks that can be listed: every engine's own, and those that a stack creates. Services can
 * be attached to them by name or id, but they carry no traffic.
 */
export class Networks {
  private readonly list: ListedNetwork[];

  constructor(
    private readonly random: Random,
    ingress: Network,
    private readonly now: () => string,
  ) {
    const { Subnet, Gateway } = ingress.IPAMOptions.Configs[0] ?? { Subnet: '', Gateway: '' };
    const at = ingress.CreatedAt;
    this.list = [
      {
        ...listed('ingress', ingress.ID, 'overlay', 'swarm', at),
        Ingress: true,
        IPAM: { Driver: 'default', Options: null, Config: [{ Subnet, Gateway }] },
        Options: ingress.DriverState.Options,
      },
      listed('bridge', random.hex(64), 'bridge', 'local', at),
      listed('docker_gwbridge', random.hex(64), 'bridge', 'local', at),
      listed('host', random.hex(64), 'host', 'local', at),
      listed('none', random.hex(64), 'null', 'local', at),
    ];
  }

  all(): readonly ListedNetwork[] {
    return this.list;
  }

  get(text: string): ListedNetwork {
    const found = this.list.find(({ Id, Name }) => Id === text || Name === text);
    if (!found) throw new DemoEngineError(404, `network ${text} not found`);
    return found;
  }

  create(name: string, driver: string, labels: Record<string, string>): ListedNetwork {
    if (this.list.some(({ Name }) => Name === name)) {
      throw new DemoEngineError(409, `network with name ${name} already exists`);
    }
    const scope = driver === 'overlay' ? 'swarm' : 'local';
    const network = {
      ...listed(name, this.random.id(), driver, scope, this.now()),
      Labels: labels,
    };
    this.list.push(network);
    return network;
  }

  remove(text: string): void {
    const network = this.get(text);
    if (['ingress', 'bridge', 'docker_gwbridge', 'host', 'none'].includes(network.Name)) {
      throw new DemoEngineError(
        403,
        `${network.Name} is a pre-defined network and cannot be removed`,
      );
    }
    this.list.splice(this.list.indexOf(network), 1);
  }

  /** Replaces the names of networks in a spec by ids, as the engine does before it calls swarm: an unknown one is 500 here. */
  resolve(spec: ServiceSpec): ServiceSpec {
    const { Networks: attached, ...template } = spec.TaskTemplate;
    if (!attached) return spec;
    const idOf = (text: string) => {
      const found = this.list.find(({ Id, Name }) => Id === text || Name === text);
      if (!found) throw new DemoEngineError(500, `network ${text} not found`);
      return found.Id;
    };
    const Networks = attached.map((one) => ({ ...one, Target: idOf(one.Target) }));
    return { ...spec, TaskTemplate: { ...template, Networks } };
  }
}

function listed(
  name: string,
  id: string,
  driver: string,
  scope: string,
  at: string,
): ListedNetwork {
  return {
    Name: name,
    Id: id,
    Created: at,
    Scope: scope,
    Driver: driver,
    EnableIPv6: false,
    IPAM: { Driver: 'default', Options: null, Config: [] },
    Internal: false,
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: null,
    Options: {},
    Labels: {},
  };
}
