/** Runs once when the server starts: settings that make no sense end it here, with a sentence. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') await import('./lib/start');
}
