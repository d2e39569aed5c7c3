import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnEnd } from './ends';

/** How long the server's event loop stood still, in processor time of its own. */
export interface LoopProbe {
  /** What the server has to be started with. */
  env: Record<string, string>;
  /** The longest stall since the last call (ms); 0: none that was worth a line. */
  longest(): number;
}

/** A probe for one server; its file is gone with the test. */
export function loopProbe(onEnd: OnEnd): LoopProbe {
  const directory = mkdtempSync(join(tmpdir(), 'clusterhat-loop-'));
  onEnd(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'stalls');
  writeFileSync(file, '');
  return {
    env: {
      LOOP_PROBE: file,
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'stall-writer.mjs')}`,
    },
    longest() {
      const stalls = readFileSync(file, 'utf8').split('\n').map(Number);
      writeFileSync(file, '');
      return Math.max(...stalls);
    },
  };
}
