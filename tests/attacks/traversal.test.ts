import { expect, test } from 'vitest';
import { dial, requestText } from './support/raw';
import { sharedTarget } from './support/server';
import { SECRETS } from './support/sign-in';

/** No path returns a file that is not the page's. */

const target = sharedTarget({ env: SECRETS });

const STARTS = ['/', '/_next/static/', '/_next/static/chunks/', '/_next/', '/api/', '/help/'];
const UPS = [
  '../',
  '%2e%2e/',
  '.%2e/',
  '%2e%2e%2f',
  '..%2f',
  '%252e%252e%252f',
  '..\\',
  '..%5c',
  '%5c..%5c',
  '..;/',
  '....//',
  '.%00./',
  '%c0%ae%c0%ae/',
  '%u002e%u002e/',
];
const FILES = [
  'etc/passwd',
  'proc/self/environ',
  'server.cjs',
  'package.json',
  '.next/required-server-files.json',
  '.next/server/app/page.js',
];
const PATHS = [
  ...STARTS.flatMap((start) =>
    UPS.flatMap((up) => FILES.flatMap((file) => [1, 3, 9].map((n) => start + up.repeat(n) + file))),
  ),
  ...FILES.flatMap((file) => [
    `/${file}`,
    `//${file}`,
    `/%2f${file}`,
    `/_next/static/${file}%00.js`,
    `/_next/image?url=/${file}&w=64&q=75`,
    `/_next/image?url=file:///${file}&w=64&q=75`,
    `/_next/data/x/${file}.json`,
    `/__nextjs_original-stack-frame?file=/${file}`,
    `/__nextjs_source-map?filename=/${file}`,
    `/api/runs/..%2f..%2f${file}`,
    `http://127.0.0.1/../${file}`,
    `file:///${file}`,
  ]),
];

/** Contents of those files that no answer may have (a 404 itself mentions DASHBOARD_ORIGIN). */
const CONTENTS =
  /root:x:0|DASHBOARD_(?!ORIGIN=http)|canary-|"private"|"dependencies"|required-server|appDir|__non_webpack|module\.exports|PATH=/;

/** The answers to many paths, eight requests at a time. */
async function answersTo(port: number, paths: readonly string[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const rest = [...paths];
  const worker = async () => {
    for (let path = rest.pop(); path !== undefined; path = rest.pop()) {
      const socket = await dial(port);
      socket.write(requestText('GET', path, port, { Connection: 'close' }));
      let text = '';
      for await (const chunk of socket.setEncoding('latin1')) text += String(chunk);
      answers.set(path, text);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return answers;
}

test(`${PATHS.length} paths outside of the page's folder return no file`, async () => {
  const { port } = target();
  const answers = await answersTo(port, PATHS);
  const wrong: string[] = [];
  for (const [path, text] of answers) {
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
    if (!(status >= 300 && status < 500)) wrong.push(`${path}: ${text.slice(0, 40)}`);
    const location = /^location: *(\S+)/im.exec(text)?.[1] ?? '';
    // A redirect repeats the requested path and must not lead to another host.
    const rest = text.replace(location, '');
    if (CONTENTS.test(rest)) wrong.push(`${path}: ${CONTENTS.exec(rest)?.[0]}`);
    const asked = `http://127.0.0.1:${port}${path}`;
    if (location && URL.parse(location, asked)?.host !== `127.0.0.1:${port}`) {
      wrong.push(`${path} → ${location}`);
    }
  }
  expect(answers.size).toBe(PATHS.length);
  expect(wrong).toEqual([]);
});

test.each([
  '//evil.example',
  '//evil.example/',
  '/\\evil.example',
  '/%5cevil.example/',
  '//evil.example/..',
  '/.//evil.example/',
])('%s redirects to no other host', async (path) => {
  const { port } = target();
  for (const text of (await answersTo(port, [path, `${path}/`, `${path}?x`])).values()) {
    expect(text).toMatch(/^HTTP\/1\.1 [34]\d\d /);
    expect(text).not.toMatch(/^location: *(https?:)?[/\\]{2}/im);
    expect(text).not.toMatch(/^refresh:.*evil/im);
  }
});

test('returns no run, service or time for names of Object.prototype', async () => {
  const { port } = target();
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '..', '.'];
  const answers = await answersTo(
    port,
    names.flatMap((name) => [
      `/api/runs/${name}`,
      `/api/runs/${name}/answers`,
      `/api/timeline?at=${name}`,
      `/api/timeline?at[${name}]=1`,
      `/api/${name}`,
    ]),
  );
  for (const [path, text] of answers) expect(text, path).toMatch(/^HTTP\/1\.1 (200|3\d\d|4\d\d) /);
});
