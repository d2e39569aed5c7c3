import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import './globals.css';

export const metadata: Metadata = {
  title: 'ClusterHAT swarm',
  description:
    'Shows where each task of a small Docker swarm runs, which task answers a request, and what fails.',
  // In public/, because Next serves an icon of app/ from the host's root, which breaks below a prefix.
  icons: { icon: { url: 'icon.svg', type: 'image/svg+xml' } },
};

export const viewport: Viewport = {
  colorScheme: 'dark light',
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: '#0b0f14' },
    { media: '(prefers-color-scheme: light)', color: '#f6f8fa' },
  ],
};

/** The document around every page. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
