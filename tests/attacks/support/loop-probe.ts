import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnEnd } from './ends';

/** Stalls of the server's event loop, in its own CPU time. */
export interface LoopProbe {
  /** Environment for the server. */
  env: Record<string, string>;
  /** The longest stall since the last call (ms); 0: none above the threshold. */
  longest(): number;
}

/** A probe for one server; its file is removed at the end of the test. */
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
