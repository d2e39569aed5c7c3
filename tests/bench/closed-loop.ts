import { execFile } from 'node:child_process';
import net from 'node:net';
import { promisify } from 'node:util';

/** Other clients that send one request after another, each on its own connection. */

const run = promisify(execFile);

/**
 * Latencies (ms) of `count` requests by `hey -disable-keepalive`, one in flight; null if it is not installed
 * (Debian's package `hey`). Its resolution is a tenth of a millisecond.
 */
export async function hey(url: string, count: number): Promise<number[] | null> {
  const args = ['-n', String(count), '-c', '1', '-disable-keepalive', '-o', 'csv', url];
  try {
    const { stdout } = await run('hey', args, { maxBuffer: 16 * 2 ** 20 });
    const [, ...lines] = stdout.trim().split('\n');
    return lines.map((line) => Number(line.split(',')[0]) * 1000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The same with bare sockets and no parser: the minimum on this machine. */
export async function bareSockets(host: string, port: number, count: number): Promise<number[]> {
  const request = `GET /Hello! HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await new Promise<void>((resolve, reject) => {
      const socket = net.connect({ host, port }, () => socket.write(request));
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.resume();
    });
    times.push(performance.now() - from);
  }
  return times;
}
