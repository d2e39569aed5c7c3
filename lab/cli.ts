import { LabFailure } from './failure';

try {
  // Imported here, as settings are read when modules load: a wrong one is told like any other mistake.
  const { main } = await import('./commands');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LabFailure)) throw error;
  console.error(`lab: ${error.message}`);
  // At once: what else was being waited for (the other engines, say) has lost its sense.
  process.exit(error.exitCode);
}
