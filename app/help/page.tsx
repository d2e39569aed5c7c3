import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { HelpTable } from '@/components/help/HelpTable';
import { Refused } from '@/components/help/Refused';
import { VERSION } from '@/lib/build';
import { guardPage } from '@/lib/http';

export const metadata: Metadata = { title: 'Help – ClusterHAT swarm' };

// Rendered for each request: the scripts need the nonce of that answer (server/answers/headers.ts).
export const dynamic = 'force-dynamic';

/** The troubleshooting table. It needs no engine and no JavaScript, and is guarded like the dashboard. */
export default async function HelpPage() {
  const refusal = guardPage(await headers(), '/help');
  if (refusal) return <Refused {...refusal} />;
  return (
    <main className="mx-auto max-w-[1200px] px-4 py-6">
      <p className="text-xs text-dim">
        {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- next/link needs JavaScript, this page works without */}
        <a className="underline" href="./">
          ClusterHAT swarm
        </a>{' '}
        {VERSION}
      </p>
      <h1 className="mt-1 text-xl">What you see, what it is, what to do</h1>
      <HelpTable />
    </main>
  );
}
