/** The parts of an image's name, as docker normalises it. */
export interface ImageReference {
  /** `docker.io` where none is written. */
  domain: string;
  /** `library/nginx` for `nginx` */
  path: string;
  tag: string | null;
  digest: string | null;
}

/** An image's name that docker does not accept. */
export interface BadReference {
  error: string;
}

const FORMAT =
  'This is not the name of an image: write it as goweb:1.0, user/goweb:1.0 or registry.example:5000/goweb:1.0.';
const COMPONENT = /^[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d+)?$/i;
const IPV6_DOMAIN = /^\[[0-9a-f:]+\](:\d+)?$/i;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-z][a-z0-9]*([-_+.][a-z][a-z0-9]*)*:[0-9a-f]{32,}$/i;
/** Of the whole name without tag and digest (distribution/reference `NameTotalLengthMax`). */
const MAX_NAME = 255;

/**
 * Parses an image's name by the rules of distribution/reference `ParseNormalizedNamed`, which docker's client and
 * swarmkit both use.
 */
export function parseImage(text: string): ImageReference | BadReference {
  if (text === '') return { error: 'An image is required.' };
  if (text.length > 1000) return { error: 'The name of an image has at most 255 characters.' };
  if (/^[0-9a-f]{64}$/.test(text)) {
    return { error: 'This is the id of an image: swarm needs the name of one in a registry.' };
  }
  const [rest = '', digest = null, ...more] = text.split('@');
  if (more.length > 0 || (digest !== null && !isDigest(digest))) {
    return { error: 'The digest after @ has to be sha256: and 64 hexadecimal digits.' };
  }
  const colon = rest.lastIndexOf(':');
  const tagged = colon > rest.lastIndexOf('/') && colon > 0;
  const name = tagged ? rest.slice(0, colon) : rest;
  const tag = tagged ? rest.slice(colon + 1) : null;
  if (tag !== null && !TAG.test(tag)) {
    return {
      error:
        'A tag has 1 to 128 letters, digits, dots, - and _, and starts with a letter, a digit or _.',
    };
  }
  const { domain, path } = splitDomain(name);
  if (`${domain}/${path}`.length > MAX_NAME) {
    return { error: `The name of an image has at most ${MAX_NAME} characters.` };
  }
  if (!DOMAIN.test(domain) && !IPV6_DOMAIN.test(domain)) return { error: FORMAT };
  if (!path.split('/').every((part) => COMPONENT.test(part))) {
    const lower = path.toLowerCase();
    const onlyCase = lower !== path && lower.split('/').every((part) => COMPONENT.test(part));
    return { error: onlyCase ? 'The name of an image has to be in lower case.' : FORMAT };
  }
  return { domain, path, tag, digest };
}

function isDigest(text: string): boolean {
  return text.startsWith('sha256:') ? /^sha256:[0-9a-f]{64}$/.test(text) : DIGEST.test(text);
}

/** The first part is a registry only with a dot, a colon or an upper-case letter in it, or as `localhost`. */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const isRegistry =
    slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  const domain = isRegistry ? first : 'docker.io';
  const path = isRegistry ? name.slice(slash + 1) : name;
  if (domain !== 'docker.io' && domain !== 'index.docker.io') return { domain, path };
  return { domain: 'docker.io', path: path.includes('/') ? path : `library/${path}` };
}

/**
 * The name as docker's client sends it (distribution/reference `FamiliarString`): without Docker Hub's own parts, and with
 * `:latest` where neither tag nor digest is written.
 */
export function taggedImage(text: string): string {
  const parsed = parseImage(text);
  if ('error' in parsed) return text;
  const { domain, path, tag, digest } = parsed;
  const official = /^library\/([^/]+)$/.exec(path)?.[1];
  const name = domain === 'docker.io' ? (official ?? path) : `${domain}/${path}`;
  if (tag === null && digest === null) return `${name}:latest`;
  return `${name}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}
