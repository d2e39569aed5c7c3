import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signOfProxy } from './forwarded';

const sign = (headers: Record<string, string>, httpVersion = '1.1') =>
  signOfProxy({ headers: { host: '127.0.0.1:3000', ...headers }, httpVersion });

test.each([
  ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'],
  [
    'client-ip',
    'true-client-ip',
    'x-client-ip',
    'x-cluster-client-ip',
    'cf-connecting-ip',
    'cf-ray',
  ],
  ['x-original-url', 'x-original-forwarded-for', 'x-rewrite-url', 'x-envoy-external-address'],
  ['x-amzn-trace-id', 'fly-client-ip', 'fastly-client-ip', 'x-azure-clientip', 'cdn-loop'],
  [
    'remote-user',
    'x-remote-user',
    'x-auth-request-user',
    'tailscale-user-login',
    'ssl-client-verify',
  ],
  ['max-forwards', 'proxy-authorization', 'proxy-connection', 'front-end-https', 'x-url-scheme'],
  ['x-request-id', 'traceparent', 'x-an-invention-of-a-proxy'],
])('treats %s as signs of a proxy', (...names) => {
  for (const name of names) expect(sign({ [name]: 'x' }), name).toBe(`has the header ${name}`);
});

test('treats HTTP/1.0 as a sign of a proxy (nginx’s default)', () => {
  expect(sign({ connection: 'close' }, '1.0')).toBe('speaks HTTP/1.0');
  expect(sign({ connection: 'close' })).toBeNull();
});

test('treats headers of browsers and programs as no sign of a proxy', () => {
  const names = [
    'accept',
    'accept-encoding',
    'accept-language',
    'cache-control',
    'pragma',
    'connection',

    'content-length',
    'content-type',
    'cookie',
    'dnt',
    'origin',
    'priority',
    'purpose',
    'range',

    'referer',
    'sec-ch-ua',
    'sec-ch-ua-platform',
    'sec-fetch-dest',
    'sec-fetch-mode',
    'sec-gpc',

    'sec-fetch-site',
    'sec-fetch-user',
    'sec-purpose',
    'upgrade-insecure-requests',
    'user-agent',
    'authorization',
    'expect',
    'if-none-match',
    'if-modified-since',
    'last-event-id',
    'te',
    'transfer-encoding',
    'x-requested-with',
    'x-csrf-token',
    'x-clusterhat-client',
    'x-prometheus-scrape-timeout-seconds',
    'access-control-request-method',
    'save-data',
  ];
  expect(sign(Object.fromEntries(names.map((name) => [name, 'x'])))).toBeNull();
});

test('property: a header with an unknown name is a sign of a proxy', () => {
  const name = fc.stringMatching(/^x-[a-z]{1,20}-(for|ip|host|proto|by|port|from|via)$/);
  fc.assert(
    fc.property(name, (header) => {
      fc.pre(!/^x-(clusterhat|prometheus)-/.test(header));
      return sign({ [header]: 'x' }) !== null;
    }),
  );
});
