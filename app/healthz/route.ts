export const dynamic = 'force-dynamic';

/** 200 while the server runs, regardless of the engine, which a restart of the server would not repair. */
export function GET(): Response {
  return new Response('ok\n', { headers: { 'Cache-Control': 'no-store' } });
}
