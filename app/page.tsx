import { headers } from 'next/headers';
import { Dashboard } from '@/components/dashboard/Dashboard';
import { accessOf } from '@/lib/auth';
import { firstPicture, getFeed } from '@/lib/live';

/** The dashboard: its first HTML already shows the swarm as it is. */
export default async function Page() {
  const access = accessOf(await headers());
  const { view, status } = await firstPicture(getFeed());
  return <Dashboard initial={{ view, status, access }} />;
}
