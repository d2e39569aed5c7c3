import { expect, test } from 'vitest';
import { taggedImage } from './image-reference';

const DIGEST = `sha256:${'a'.repeat(64)}`;

// Compared with what docker's client posts.
test.each([
  ['nginx', 'nginx:latest'],
  ['docker.io/library/nginx', 'nginx:latest'],
  ['library/nginx:1', 'nginx:1'],
  ['index.docker.io/carmeloc/goweb:1.0', 'carmeloc/goweb:1.0'],
  ['docker.io/library/a/b', 'library/a/b:latest'],
  ['registry.example:5000/library/nginx', 'registry.example:5000/library/nginx:latest'],
  ['localhost/goweb:1.0', 'localhost/goweb:1.0'],
  [`docker.io/nginx@${DIGEST}`, `nginx@${DIGEST}`],
  [`nginx:1@${DIGEST}`, `nginx:1@${DIGEST}`],
  ['not an image', 'not an image'],
])('%s is sent as %s', (text, sent) => expect(taggedImage(text)).toBe(sent));
