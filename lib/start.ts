import { closeStreams } from './live';
import { getRunner } from './runner/app';
import { getSettings } from './settings';

try {
  getSettings();
} catch (error) {
  process.stderr.write(`clusterhat: ${(error as Error).message}\n`);
  process.exit(1);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    getRunner().shutdown();
    closeStreams();
  });
}
