import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How long a connection on loopback may take before it counts as unanswered, in ms. */
const UNANSWERED_MS = 300;
/** The kernel accepts one more than the backlog, and a little later another one. */
const MAX_WAITING = 8;

/** A port on loopback at which connections time out, as at a machine that does not exist. */
export interface SilentPort {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Makes a port silent: its process is stopped and its backlog full, so that the kernel drops every further SYN.
 * Nothing leaves this machine.
 */
export async function silentPort(address: string, port = 0): Promise<SilentPort> {
  const program = `const server = require('node:net').createServer();
    server.listen({ host: process.argv[1], port: Number(process.argv[2]), backlog: 1 }, () =>
      process.stdout.write(String(server.address().port)));`;
  const child = spawn(process.execPath, ['-e', program, address, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() =>
      Promise.reject(new Error(`cannot listen at ${address}:${port}`)),
    ),
  ])) as [Buffer];
  const silent = Number(line.toString());
  child.kill('SIGSTOP');
  const waiting: Socket[] = [];
  const close = async () => {
    for (const socket of waiting) socket.destroy();
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  for (let i = 0; i < MAX_WAITING; i++) {
    const socket = connect({ host: address, port: silent });
    socket.on('error', () => {});
    waiting.push(socket);
    const connected = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((done) => setTimeout(() => done(false), UNANSWERED_MS)),
    ]);
    if (!connected) return { port: silent, close };
  }
  await close();
  throw new Error(`${address}:${silent} still answers`);
}
