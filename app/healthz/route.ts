export const dynamic = 'force-dynamic';

/** Says that the dashboard's server runs, whatever the engine does: restarting it would not help that. */
export function GET(): Response {
  return new Response('ok\n', { headers: { 'Cache-Control': 'no-store' } });
}
