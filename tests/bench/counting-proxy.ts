import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket in front of an engine's that counts calls. */
export interface CountingProxy {
  socketPath: string;
  /** Calls and bytes of responses since the last `take`. */
  take(): { calls: number; bytes: number };
  close(): void;
}

/** Starts a proxy to the engine at `target` that counts request lines, also on reused connections. */
export async function countingProxy(target: string): Promise<CountingProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-bench-'));
  const socketPath = join(folder, 'docker.sock');
  const open = new Set<Socket>();
  let calls = 0;
  let bytes = 0;
  const server = createServer((asked) => {
    const engine = connect(target);
    for (const socket of [asked, engine]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
    }
    asked.on('data', (chunk) => {
      calls += chunk.toString('latin1').match(/^[A-Z]+ \S+ HTTP\/1\.1\r$/gm)?.length ?? 0;
    });
    engine.on('data', (chunk) => (bytes += chunk.length));
    asked.pipe(engine).pipe(asked);
    asked.on('close', () => {
      engine.destroy();
      open.delete(asked);
    });
    engine.on('close', () => {
      asked.destroy();
      open.delete(engine);
    });
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    take() {
      const taken = { calls, bytes };
      calls = 0;
      bytes = 0;
      return taken;
    },
    close() {
      for (const socket of open) socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
