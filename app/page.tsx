import { headers } from 'next/headers';
import { Dashboard } from '@/components/dashboard/Dashboard';
import { accessOf, refuseRead } from '@/lib/auth';
import { firstPicture, getFeed } from '@/lib/live';

/** The dashboard: its first HTML already shows the swarm as it is, so it is guarded as the API is. */
export default async function Page() {
  const asked = { headers: await headers() };
  const refusal = refuseRead(asked);
  if (refusal) {
    return (
      <main className="p-4">
        <h1>{refusal.detail}</h1>
        <p>{refusal.next}</p>
      </main>
    );
  }
  const { view, status } = await firstPicture(getFeed());
  return <Dashboard initial={{ view, status, access: accessOf(asked.headers) }} />;
}
