import * as z from 'zod/mini';

const versionSchema = z.object({
  ApiVersion: z.string(),
  MinAPIVersion: z.string(),
  GoVersion: z.string(),
});

/**
 * What engines send differently from version to version, so that each is held to its own words.
 * Measured on Debian's engines: 20.10.5 and 20.10.24 (1.41), 26.1.5 (1.45), 28.5.2 (1.51). Versions in
 * between, and 19.03 (1.40) and 29, are by moby's sources and its API history.
 */
export class VersionRules {
  readonly api: string;
  readonly minApi: string;
  private readonly go: string;

  constructor(body: unknown) {
    const version = z.parse(versionSchema, body);
    this.api = version.ApiVersion;
    this.minApi = version.MinAPIVersion;
    this.go = version.GoVersion;
  }

  /** Whether the engine's API version is this one or newer. */
  atLeast(api: string): boolean {
    return minor(this.api) >= minor(api);
  }

  /** Whether the engine accepts requests of this API version. */
  accepts(api: string): boolean {
    return this.atLeast(api) && minor(api) >= minor(this.minApi);
  }

  /** Whether the error for an API version below 1.24 is JSON, which clients of such a version cannot read. */
  get sendsJsonToOldClients(): boolean {
    return this.atLeast('1.45') && !this.atLeast('1.49');
  }

  /** A message about a filter that the engine does not know. */
  unknownFilter(name: string): string {
    return `${this.atLeast('1.42') ? 'invalid' : 'Invalid'} filter '${name}'`;
  }

  /** The answer to filters that are not of their type. */
  malformedFilter(reason: string, status: number): { status: number; message: string } {
    return this.atLeast('1.42')
      ? { status: 400, message: 'invalid filter' }
      : { status, message: reason };
  }

  /** A message about a body that the engine cannot read. */
  invalidBody(reason: string): string {
    return this.atLeast('1.42') ? `invalid JSON: ${reason}` : reason;
  }

  /** A message about a field of the service's mode that has a value of another type. */
  wrongMode(value: string, field: { struct: string; path: string; type: string }): string {
    // Go 1.27 names the outermost struct, Go up to 1.24 the innermost.
    const struct = minor(this.go) >= 27 ? 'ServiceSpec' : field.struct;
    return this.invalidBody(
      `json: cannot unmarshal ${value} into Go struct field ${struct}.Mode.${field.path} of type ${field.type}`,
    );
  }

  /** The fields of `/info` that not all versions have, for a request of the engine's own version. */
  get infoFields(): string[] {
    const since = (api: string, ...fields: string[]) => (this.atLeast(api) ? fields : []);
    const before = (api: string, ...fields: string[]) => (this.atLeast(api) ? [] : fields);
    return [
      ...before('1.41', 'SystemStatus', 'ClusterStore', 'ClusterAdvertise'),
      ...since('1.41', 'CgroupVersion', 'OSVersion'),
      ...since('1.44', 'CDISpecDirs'),
      ...since('1.46', 'Containerd'),
      ...since('1.49', 'FirewallBackend'),
      ...before('1.50', 'BridgeNfIptables', 'BridgeNfIp6tables'),
    ];
  }
}

/** The second number of a version such as 1.41 or go1.19.8. */
function minor(version: string): number {
  return Number(version.split('.')[1]);
}
