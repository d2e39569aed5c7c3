import { randomBytes } from 'node:crypto';

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  // ssh2, which dockerode brings, has a native add-on that a bundler cannot follow.
  serverExternalPackages: ['dockerode'],
  // Without the optimiser the image does without sharp's 19 MB; there are no pictures to optimise.
  images: { unoptimized: true },
  poweredByHeader: false,
  // Never inside another site's page, where a click could be stolen: without a password, being
  // this page is all that it takes to scale.
  headers: () => [
    {
      source: '/:path*',
      headers: [
        {
          key: 'Content-Security-Policy',
          value: "frame-ancestors 'none'; base-uri 'self'; object-src 'none'",
        },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Referrer-Policy', value: 'same-origin' },
      ],
    },
  ],
  // `npm run check` looks at types, tests included; a build need not do it again.
  typescript: { ignoreBuildErrors: true },
  env: { CLUSTERHAT_BUILD: randomBytes(6).toString('hex') },
};
