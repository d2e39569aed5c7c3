export const dynamic = 'force-dynamic';

/** 200 while the server runs, whatever the engine's state: a restart of the server would not change that. */
export function GET(): Response {
  return new Response('ok\n', { headers: { 'Cache-Control': 'no-store' } });
}
