import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Identifies this build: an open page notices by it that the server was upgraded (lib/build.ts). */
const build = randomBytes(6).toString('hex');

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  turbopack: {
    // dockerode loads these at its start, to build images and for ssh:// hosts; we do neither with it.
    resolveAlias: {
      '@balena/dockerignore': false,
      '@grpc/grpc-js': false,
      '@grpc/proto-loader': false,
      protobufjs: false,
      ssh2: false,
      'tar-fs': false,
      // What SWR brings for React before 18: React has it itself.
      'use-sync-external-store/shim': 'react',
    },
  },
  // Without the optimiser the image does without sharp's 19 MB; there are no pictures to optimise.
  images: { unoptimized: true },
  // Scripts and styles are loaded relative to the page, which then works below any path of a proxy. Both
  // pages are at the root (`/`, `/help`). The development server's own connection needs the default.
  assetPrefix: process.env.NODE_ENV === 'production' ? '.' : '',
  poweredByHeader: false,
  // Routes are loaded on their first request: the page is ready a sixth sooner.
  experimental: { preloadEntriesOnStart: false },
  // `npm run check` looks at types, tests included; a build need not do it again.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    { source: '/api/:path*', headers: [{ key: 'X-ClusterHat-Build', value: build }] },
  ],
  env: { CLUSTERHAT_BUILD: build, CLUSTERHAT_VERSION: version },
};
