/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  serverExternalPackages: ['dockerode'],
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  images: { unoptimized: true },
  poweredByHeader: false,
};
