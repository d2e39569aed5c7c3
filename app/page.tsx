import { headers } from 'next/headers';
import { Dashboard } from '@/components/dashboard/Dashboard';
import { Footer } from '@/components/help/Footer';
import { Refused } from '@/components/help/Refused';
import { WithoutScripts } from '@/components/help/WithoutScripts';
import { accessOf } from '@/lib/auth';
import { VERSION } from '@/lib/build';
import { audienceOf, guardPage } from '@/lib/http';
import { firstView, getFeed } from '@/lib/live';
import { getSettings } from '@/lib/settings';

// Rendered for each request: the scripts need the nonce of that answer (server/answers/headers.ts).
export const dynamic = 'force-dynamic';

/** The dashboard. Its first HTML already shows the swarm, so it is guarded like the API. */
export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, unknown>>;
}) {
  const sent = await headers();
  const refusal = guardPage(sent, '/');
  if (refusal) return <Refused {...refusal} />;
  const { view, status } = await firstView(getFeed(), audienceOf(sent));
  const { command, maxReplicas } = getSettings();
  return (
    <>
      <WithoutScripts at={view && status.at} />
      <Dashboard
        initial={{ view, status, access: accessOf(sent), command, maxReplicas }}
        present={'present' in (await searchParams)}
      >
        <Footer version={VERSION} />
      </Dashboard>
    </>
  );
}
