/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  serverExternalPackages: ['dockerode'],
  images: { unoptimized: true },
  poweredByHeader: false,
};
