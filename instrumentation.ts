/** Runs once when the server starts. Invalid settings end it here, with a sentence. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') await import('./lib/start');
}
