import type { ServerResponse } from 'node:http';
import type { ContainerLine } from '../container-logs';
import { DemoEngineError } from '../errors';
import { isOnNode } from '../orchestrator/tasks';
import { atLeast } from '../release';
import type { TaskRecord } from '../store';
import type { Swarm } from '../swarm';
import { flag, route, type ApiRoute } from './http';

/** After this time without a sign of life an engine from 23 on notices that a node was cut off (ms); 20.10 never does. */
const NOTICED_MS = 20_500;
/** A cut of the network that is shorter ends no stream (ms): what the node has to send is sent again. */
const SHORT_CUT_MS = 5000;
/** Bytes that may wait for a client that does not read. */
const MAX_WAITING = 16_000_000;

/** Frame types. */
const TYPES = { stdout: 1, stderr: 2, error: 3 } as const;

interface LogRequest {
  /** Whose lines. */
  includes: (task: TaskRecord) => boolean;
  tasks: () => TaskRecord[];
  stdout: boolean;
  stderr: boolean;
  follow: boolean;
  timestamps: boolean;
  details: boolean;
  tail: number;
  /** As the times of lines. */
  since: string;
  /** A terminal: lines without frames. */
  tty: boolean;
}

interface Follower {
  request: LogRequest;
  response: ServerResponse;
  /** Tasks whose node was cut off: this stream gets nothing of them any more. */
  deaf: Set<TaskRecord>;
}

/** `/services/ID/logs` and `/tasks/ID/logs`, as the manager collects them from the nodes. */
export class LogStreams {
  private readonly followers = new Set<Follower>();
  /** Nodes that are cut off, and since when (ms). */
  private readonly lost = new Map<string, number>();

  constructor(private readonly swarm: Swarm) {
    swarm.logs.onLine((task, line) => {
      if (!this.lost.has(task.api.NodeID ?? '')) this.publish(task, line);
    });
    swarm.onReach((nodeId, reachable) => {
      if (!reachable) this.lost.set(nodeId, swarm.clock.now());
      else this.found(nodeId);
    });
  }

  routes(): ApiRoute[] {
    return [
      route('GET', '/services/:id/logs', true, ({ params, query }) => {
        const read = parse(query);
        const { api } = this.swarm.service(params[0] ?? '');
        const tty = api.Spec.TaskTemplate.ContainerSpec['TTY'] === true;
        const ofService = (task: TaskRecord) => task.api.ServiceID === api.ID;
        const tasks = () => this.swarm.store.tasksOfService(api.ID);
        return this.reply({ ...read, ...check(query), includes: ofService, tasks, tty });
      }),
      route('GET', '/tasks/:id/logs', true, ({ params, query }) => {
        const read = parse(query);
        const task = this.swarm.task(params[0] ?? '');
        const tty = task.api.Spec.ContainerSpec['TTY'] === true;
        const own = (other: TaskRecord) => other === task;
        return this.reply({ ...read, ...check(query), includes: own, tasks: () => [task], tty });
      }),
    ];
  }

  private reply(request: LogRequest) {
    const { api } = this.swarm.release;
    const stream = (response: ServerResponse) => {
      const kind = request.tty ? 'raw' : 'multiplexed';
      const type = { 'Content-Type': `application/vnd.docker.${kind}-stream` };
      response.writeHead(200, atLeast(api, '1.42') ? type : {});
      response.flushHeaders();
      if (request.follow) this.follow(request, response);
      else this.send(request, response);
    };
    return { stream };
  }

  private follow(request: LogRequest, response: ServerResponse): void {
    const tasks = request.tasks();
    const deaf = new Set(tasks.filter(({ api }) => this.lost.has(api.NodeID ?? '')));
    const follower = { request, response, deaf };
    for (const task of tasks) if (!deaf.has(task)) this.sendHistory(task, request, response);
    this.followers.add(follower);
    response.on('close', () => this.followers.delete(follower));
  }

  /** All that there is; then the reasons for what is missing. */
  private send(request: LogRequest, response: ServerResponse): void {
    const silent = new Set<string>();
    for (const task of request.tasks()) {
      const nodeId = task.api.NodeID ?? '';
      if (nodeId === '') continue;
      const isGone = !this.swarm.store.nodes.has(nodeId);
      if (isGone || this.lost.has(nodeId)) silent.add(nodeId);
      else this.sendHistory(task, request, response);
    }
    if (silent.size === 0) return void response.end();
    const unnoticed = [...silent].map((id) => {
      const lostAt = this.lost.get(id);
      return lostAt === undefined ? 0 : lostAt + NOTICED_MS - this.swarm.clock.now();
    });
    const waitMs = Math.max(0, ...unnoticed);
    if (waitMs > 0 && !atLeast(this.swarm.release.api, '1.42')) return;
    const reasons = [...silent].map((id) => `node ${id} is not available`).join(', ');
    const text = `Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream. some logs could not be retrieved for the following reasons: ${reasons}\n`;
    const timer = this.swarm.clock.after(waitMs, () => {
      response.end(request.tty ? text : frame('error', text));
    });
    response.on('close', () => this.swarm.clock.cancel(timer));
  }

  private sendHistory(task: TaskRecord, request: LogRequest, response: ServerResponse): void {
    const { tail, since } = request;
    const lines = this.swarm.logs.of(task);
    const last = tail === 0 ? [] : lines.slice(-tail);
    const wanted = last.filter(({ time }) => time >= since);
    const bytes = wanted.flatMap((line) => encode(task, line, request) ?? []);
    if (bytes.length > 0) response.write(Buffer.concat(bytes));
  }

  private publish(task: TaskRecord, line: ContainerLine): void {
    for (const { request, response, deaf } of this.followers) {
      if (!request.includes(task) || deaf.has(task)) continue;
      const bytes = encode(task, line, request);
      if (bytes) response.write(bytes);
      if (response.writableLength > MAX_WAITING) response.destroy();
    }
  }

  private found(nodeId: string): void {
    const lostAt = this.lost.get(nodeId) ?? 0;
    this.lost.delete(nodeId);
    const wasShort = this.swarm.clock.now() - lostAt < SHORT_CUT_MS;
    const tasks = this.swarm.store.tasksOnNode(nodeId);
    for (const { request, response, deaf } of this.followers) {
      for (const task of tasks) {
        if (!request.includes(task)) continue;
        if (!wasShort || !isOnNode(task)) deaf.add(task);
        else if (!deaf.has(task)) {
          for (const line of this.swarm.logs.of(task)) {
            const bytes = Date.parse(line.time) >= lostAt ? encode(task, line, request) : undefined;
            if (bytes) response.write(bytes);
          }
        }
      }
    }
  }
}

function parse(query: URLSearchParams) {
  const [stdout, stderr] = [flag(query, 'stdout'), flag(query, 'stderr')];
  if (!stdout && !stderr) {
    throw new DemoEngineError(500, 'Bad parameters: you must choose at least one stream');
  }
  return {
    stdout,
    stderr,
    follow: flag(query, 'follow'),
    timestamps: flag(query, 'timestamps'),
    details: flag(query, 'details'),
  };
}

/** What the engine checks after it has found the object. */
function check(query: URLSearchParams): { tail: number; since: string } {
  const tail = query.get('tail') ?? '';
  if (tail !== '' && tail !== 'all' && !/^[+-]?\d+$/.test(tail)) {
    throw new DemoEngineError(500, 'tail value must be a positive integer or "all"');
  }
  if (Number(tail) < 0) throw new DemoEngineError(500, 'negative tail values not supported');
  const since = query.get('since') ?? '';
  const [, seconds = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(since) ?? [];
  if (since !== '' && seconds === '') {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(since)}: invalid syntax`;
    throw new DemoEngineError(500, `could not parse since timestamp: ${why}`);
  }
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return {
    tail: tail === '' || tail === 'all' ? Infinity : Number(tail),
    since: seconds === '' ? '' : `${whole}.${fraction.padEnd(9, '0').slice(0, 9)}Z`,
  };
}

/** A line as it is sent; undefined if its stream is not wanted. */
function encode(task: TaskRecord, line: ContainerLine, request: LogRequest): Buffer | undefined {
  if (!request.tty && !request[line.stream]) return undefined;
  const { NodeID, ServiceID, ID } = task.api;
  const time = request.timestamps ? `${line.time} ` : '';
  const ids = `com.docker.swarm.node.id=${NodeID},com.docker.swarm.service.id=${ServiceID},com.docker.swarm.task.id=${ID} `;
  const text = `${time}${request.details ? ids : ''}${line.text}`;
  return request.tty ? Buffer.from(`${text}\r\n`) : frame(line.stream, `${text}\n`);
}

function frame(stream: keyof typeof TYPES, text: string): Buffer {
  const body = Buffer.from(text);
  const bytes = Buffer.alloc(8 + body.length);
  bytes[0] = TYPES[stream];
  bytes.writeUInt32BE(body.length, 4);
  body.copy(bytes, 8);
  return bytes;
}
