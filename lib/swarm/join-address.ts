import type { EngineInfo, EngineNode } from './engine-json';

/** Where managers listen unless `--listen-addr` or `--advertise-addr` names another port. */
const DEFAULT_PORT = 2377;

/**
 * The address for `docker swarm join`, as `docker swarm join-token` prints it: what the manager that answered has
 * advertised, with its port. Else another manager's. Null if the engine reports none that others could reach.
 */
export function joinAddress(
  {
    NodeID,
    NodeAddr,
    RemoteManagers,
  }: Pick<EngineInfo['Swarm'], 'NodeID' | 'NodeAddr' | 'RemoteManagers'>,
  nodes: readonly Pick<EngineNode, 'ID' | 'ManagerStatus'>[],
): string | null {
  const listed = nodes.flatMap(({ ID, ManagerStatus }) =>
    ManagerStatus && ManagerStatus.Reachability !== 'unreachable'
      ? { id: ID, ...split(ManagerStatus.Addr) }
      : [],
  );
  const remote = RemoteManagers.map(({ NodeID: id, Addr }) => ({ id, ...split(Addr) }));
  const known = [...listed, ...remote];
  const own = known.filter(({ id }) => id === NodeID);
  // Advertised as 0.0.0.0, the host is useless and the port is not.
  const port = own.find((one) => one.port !== null)?.port ?? null;
  const candidates = [...own, { host: split(NodeAddr).host, port }, ...known];
  const found = candidates.find(({ host }) => !/^[0:.]*$/.test(host));
  if (!found) return null;
  const host = found.host.includes(':') ? `[${found.host}]` : found.host;
  return `${host}:${found.port ?? port ?? DEFAULT_PORT}`;
}

/** `[fd00::1]:2377`, `ctrl:2377`, `fd00::1`: splits it into the host without brackets and the port, or null. */
function split(address: string): { host: string; port: number | null } {
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(address) ?? [];
  const host = bracketed ?? plain ?? address;
  return { host, port: port === undefined ? null : Number(port) };
}
