import { LabFailure } from './failure';

try {
  // Imported here because settings are read at load time, and a wrong one must end as a LabFailure too.
  const { main } = await import('./commands');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LabFailure)) throw error;
  console.error(`lab: ${error.message}`);
  // Not `exitCode`: pending work, such as waiting for other engines, must not delay the exit.
  process.exit(error.exitCode);
}
