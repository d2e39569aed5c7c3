import { DemoEngineError, rpcProblem } from './errors';
import type { Store } from './store';
import type { ServiceSpec } from './types';

/** A secret or a config. The data of a secret is never shown. */
interface NamedDatum {
  ID: string;
  Version: { Index: number };
  CreatedAt: string;
  UpdatedAt: string;
  Spec: { Name: string; Labels: Record<string, string>; Data?: string };
}

/** A service's reference to one. */
interface Reference {
  id: string;
  name: string;
  /** The file that it becomes in the container; undefined if there is none. */
  target: string | undefined;
}

/** swarmkit manager/controlapi/secret.go and config.go. */
const MAX_BYTES = { secret: 512_000, config: 1_024_000 };
const NAME = /^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/;

/** The secrets or the configs of the swarm. Nothing of them reaches a container. */
export class NamedData {
  readonly #list = new Map<string, NamedDatum>();

  constructor(
    readonly kind: 'secret' | 'config',
    private readonly store: Store,
  ) {}

  all(): NamedDatum[] {
    return [...this.#list.values()].sort((a, b) => (a.ID < b.ID ? -1 : 1));
  }

  get(text: string): NamedDatum {
    const all = this.all();
    const found =
      this.#list.get(text) ??
      all.find(({ Spec }) => Spec.Name === text) ??
      all.find(({ ID }) => ID.startsWith(text));
    if (!found) throw new DemoEngineError(404, `${this.kind} ${text} not found`);
    return found;
  }

  create(Name: string, Labels: Record<string, string>, data: string): NamedDatum {
    const invalid = (text: string) => rpcProblem('InvalidArgument', text);
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) {
      const at = data.search(/[^A-Za-z0-9+/=]/);
      throw new DemoEngineError(400, `illegal base64 data at input byte ${Math.max(0, at)}`);
    }
    if (Name === '') throw invalid('name must be provided');
    if (Name.length > 64 || !NAME.test(Name)) {
      throw invalid(
        'invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]',
      );
    }
    const bytes = Buffer.from(data, 'base64').length;
    const most = MAX_BYTES[this.kind];
    if (bytes === 0 || bytes >= most) {
      throw invalid(`${this.kind} data must be larger than 0 and less than ${most} bytes`);
    }
    if (this.all().some(({ Spec }) => Spec.Name.toLowerCase() === Name.toLowerCase())) {
      throw rpcProblem('AlreadyExists', `${this.kind} ${Name} already exists`);
    }
    const now = this.store.stamp();
    const created: NamedDatum = {
      ID: this.store.random.id(),
      Version: { Index: this.store.nextIndex() },
      CreatedAt: now,
      UpdatedAt: now,
      Spec: { Name, Labels, ...(this.kind === 'config' ? { Data: data } : {}) },
    };
    this.#list.set(created.ID, created);
    return created;
  }

  /** Only labels can change. */
  update(text: string, version: number, Labels: Record<string, string>): void {
    const datum = this.get(text);
    if (version !== datum.Version.Index) throw rpcProblem('Unknown', 'update out of sequence');
    datum.Spec.Labels = Labels;
    datum.Version = { Index: this.store.nextIndex() };
    datum.UpdatedAt = this.store.stamp();
  }

  remove(text: string): void {
    const { ID, Spec } = this.get(text);
    const users = [...this.store.services.values()].filter(({ api }) =>
      this.#references(api.Spec).some(({ id }) => id === ID),
    );
    if (users.length > 0) {
      const names = users.map(({ api }) => api.Spec.Name).join(', ');
      const services = users.length === 1 ? 'service' : 'services';
      const why = `${this.kind} '${Spec.Name}' is in use by the following ${services}: ${names}`;
      throw rpcProblem('InvalidArgument', why);
    }
    this.#list.delete(ID);
  }

  /** Rejects a service whose references are malformed, or name what is not there. */
  check(spec: ServiceSpec): void {
    const invalid = (text: string) => rpcProblem('InvalidArgument', text);
    const references = this.#references(spec);
    const targets = new Map<string, string>();
    for (const { id, name, target } of references) {
      if (id === '' || name === '') throw invalid(`malformed ${this.kind} reference`);
      if (target === undefined || target === '') {
        if (this.kind === 'config') {
          throw new DemoEngineError(400, 'invalid Config: either File or Runtime should be set');
        }
        throw invalid(`malformed ${this.kind} reference, no target provided`);
      }
      const other = targets.get(target);
      if (other !== undefined) {
        throw invalid(
          `${this.kind} references '${other}' and '${name}' have a conflicting target: '${target}'`,
        );
      }
      targets.set(target, name);
    }
    const missing = references.filter(({ id, name }) => this.#list.get(id)?.Spec.Name !== name);
    if (missing.length === 0) return;
    const names = missing.map(({ name }) => name).join(', ');
    throw invalid(`${this.kind}${missing.length === 1 ? '' : 's'} not found: ${names}`);
  }

  #references({ TaskTemplate }: ServiceSpec): Reference[] {
    const [list, id, name] =
      this.kind === 'secret'
        ? ['Secrets', 'SecretID', 'SecretName']
        : ['Configs', 'ConfigID', 'ConfigName'];
    const references = TaskTemplate.ContainerSpec[list ?? ''];
    if (!Array.isArray(references)) return [];
    return references.map(
      (one: Record<string, unknown> & { File?: { Name?: unknown } | null }) => ({
        id: textOf(one[id ?? '']),
        name: textOf(one[name ?? '']),
        target: typeof one.File?.Name === 'string' ? one.File.Name : undefined,
      }),
    );
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
