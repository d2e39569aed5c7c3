import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findRoute } from './routes';

const APP = join(import.meta.dirname, '../../app');

/** Paths of the app with the methods that they export; a name is put for each parameter. */
function appRoutes(): [path: string, methods: string[]][] {
  return readdirSync(APP, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const page = entry.name === 'page.tsx';
    if (entry.parentPath.includes('[...')) return [];
    if (!page && entry.name !== 'route.ts') return [];
    const path = `/${relative(APP, entry.parentPath)}`.replaceAll(/\[\w+\]/g, 'a%20name');
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    const exported = [
      ...text.matchAll(/export (?:async )?(?:function|const) (GET|HEAD|POST|PUT|PATCH|DELETE)\b/g),
    ];
    const methods = page ? ['GET'] : exported.flatMap(([, method]) => method ?? []);
    // Next answers HEAD by GET.
    return [[path, [...new Set(methods.flatMap((m) => (m === 'GET' ? [m, 'HEAD'] : [m])))]]];
  });
}

test.each(appRoutes())(
  '%s supports the methods that it exports, and no others',
  (path, methods) => {
    expect(methods.length).toBeGreaterThan(0);
    expect(findRoute(path, 'GET')?.methods.toSorted()).toEqual(methods.toSorted());
  },
);

test.each(readdirSync(join(APP, '../public')))('serves the file %s of public/', (file) => {
  expect(findRoute(`/${file}`, 'GET')).toMatchObject({ kind: 'file', methods: ['GET', 'HEAD'] });
  expect(findRoute(`/${file.replace('.', 'x')}`, 'GET')).toBeNull();
});

test.each([
  ['/', 'GET', 'page'],
  ['/', 'HEAD', 'page'],
  ['/', 'POST', 'change'],
  ['/api/live', 'GET', 'stream'],
  ['/api/runs', 'GET', 'read'],
  ['/api/runs', 'POST', 'change'],
  ['/_next/static/chunks/a.js', 'GET', 'file'],
])('%s by %2$s is a %s', (path, method, kind) => {
  expect(findRoute(path, method)?.kind).toBe(kind);
});

test.each([
  ['/api/image-lookup', 'POST', '', 'lookup'],
  ['/api/services', 'POST', 'dry-run', 'lookup'],
  ['/api/services/goweb', 'PATCH', 'a=b&dry-run=1', 'lookup'],
  ['/api/services/goweb', 'PATCH', 'dry-run=0', 'change'],
  ['/api/services/goweb', 'PATCH', 'dry-runs', 'change'],
  ['/api/services/goweb', 'GET', 'dry-run', 'read'],
])('%s by %s with the query "%s" is a %s', (path, method, query, kind) => {
  expect(findRoute(path, method, query)?.kind).toBe(kind);
});

test.each([
  '//evil',
  '/api',
  '/_next/image',
  '/iconxsvg',
  '/api/runs/a/b/c',
  '/api/runs/..',
  '/api/runs/%2e%2e',
  '/api/runs/%2E',
  '/api/services/%2e%2e/scale',
  '/%',
  '/_next/%00',
  '/_next/static/%00',
  '/api/runs/%',
  '/%ff',
  String.raw`/\evil`,
])('rejects the path %s', (path) => {
  expect(findRoute(path, 'GET')).toBeNull();
});
