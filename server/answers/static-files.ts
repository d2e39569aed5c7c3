import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { setWorkerPolicy } from './headers';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'application/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Prefix of the build's files. */
const BUILT = '/_next/static/';

/** The file's name changes with its content. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'public, max-age=0, must-revalidate';

/** Smaller files are not compressed (bytes). */
const WORTH_GZIP = 1000;

interface File {
  type: string;
  cache: string;
  plain: Buffer;
  gzip: Buffer | null;
}

/** Answers a request for a file; false when there is none of this path. */
export type AnswerFile = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => boolean;

/**
 * Serves the build's files from memory: about a megabyte, each read and compressed at its first request. Next
 * opens, reads and compresses a file for each request, which takes 300 kB and more each.
 * @param folder the server's folder, with `public` and Next's `.next/static`
 */
export function staticFiles(folder: string): AnswerFile {
  const paths = new Map([
    ...filesOf(join(folder, 'public'), '/'),
    ...filesOf(join(folder, '.next/static'), BUILT),
  ]);
  const read = new Map<string, File>();
  return (path, request, response) => {
    const source = paths.get(path);
    if (source === undefined) return false;
    const file = read.get(path) ?? readFile(path, source);
    read.set(path, file);
    setWorkerPolicy(path, response);
    send(file, request, response);
    return true;
  };
}

/** URL paths of the files below a folder, and where they are. */
function filesOf(folder: string, base: string): [path: string, file: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [base + relative(folder, file), file]);
}

function readFile(path: string, source: string): File {
  const plain = readFileSync(source);
  const gzip = plain.length < WORTH_GZIP ? null : gzipSync(plain, { level: 9 });
  const cache = path.startsWith(BUILT) ? IMMUTABLE : REVALIDATE;
  return { type: TYPES[extname(path)] ?? 'application/octet-stream', cache, plain, gzip };
}

function send(file: File, request: IncomingMessage, response: ServerResponse): void {
  const zipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(
    request.headers['accept-encoding'] ?? '',
  );
  const body = (zipped && file.gzip) || file.plain;
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Length': body.length,
    'Cache-Control': file.cache,
    Vary: 'Accept-Encoding',
    ...(body === file.gzip && { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
