import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { barColor, parseTheme, THEME_COOKIE, type Theme } from '@/components/header/theme';
import { EARLY_INPUT_SCRIPT } from '@/lib/client/early-input';
import './globals.css';

export const metadata: Metadata = {
  title: 'ClusterHAT swarm',
  description:
    'Shows where each task of a small Docker swarm runs, which task answers a request, and what fails.',
  // In public/, because Next serves an icon of app/ from the host's root, which breaks below a prefix.
  icons: {
    icon: { url: 'icon.svg', type: 'image/svg+xml' },
    apple: { url: 'apple-touch-icon.png', sizes: '180x180' },
  },
};

/** The theme chosen in this browser: the first HTML has it, so nothing flashes. */
async function chosenTheme(): Promise<Theme> {
  return parseTheme((await cookies()).get(THEME_COOKIE)?.value);
}

export async function generateViewport(): Promise<Viewport> {
  const theme = await chosenTheme();
  return {
    colorScheme: theme === 'system' ? 'dark light' : theme,
    themeColor: (['dark', 'light'] as const).map((system) => ({
      media: `(prefers-color-scheme: ${system})`,
      color: barColor(theme, system),
    })),
  };
}

/** The document around every page. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = await chosenTheme();
  const policy = (await headers()).get('content-security-policy');
  const nonce = /'nonce-([^']+)'/.exec(policy ?? '')?.[1];
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body>
        <script nonce={nonce} dangerouslySetInnerHTML={{ __html: EARLY_INPUT_SCRIPT }} />
        {/* With credentials: a proxy in front may need its own sign-in for every file. */}
        <link rel="manifest" href="manifest.webmanifest" crossOrigin="use-credentials" />
        {children}
      </body>
    </html>
  );
}
