import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { EntryPoint } from '@/lib/curl/dial';
import { anEntryPoint } from '@/tests/factories/curl';
import { FakeClock } from '@/tests/support/fake-clock';
import { EntryReach } from './entry-reach';

type Answer = 'accepts' | 'refuses' | 'has no route' | 'is silent';

/** A network in which `answers` says what each `ADDRESS:PORT` does; all others are silent. */
function setUp(entries: EntryPoint[], answers: Record<string, Answer>) {
  const clock = new FakeClock();
  const remembered = new Map<string, string>();
  const tried: string[] = [];
  let changes = 0;
  const errors = { refuses: 'ECONNREFUSED', 'has no route': 'EHOSTUNREACH' };
  const create = () =>
    new EntryReach(entries, {
      clock,
      remembered,
      portAt: () => 8888,
      onChange: () => (changes += 1),
      isOwn: (address) => address.startsWith('10.0.0.'),
      open(address, port) {
        const place = `${address}:${port}`;
        tried.push(place);
        const socket = Object.assign(new EventEmitter(), { destroy: () => {} });
        const answer = answers[place] ?? 'is silent';
        if (answer === 'accepts') clock.after(5, () => socket.emit('connect'));
        else if (answer !== 'is silent') {
          const error = Object.assign(new Error(answer), { code: errors[answer] });
          clock.after(5, () => socket.emit('error', error));
        }
        return socket as unknown as Socket;
      },
    });
  const reach = create();
  let ready = false;
  reach.prepare(() => (ready = true));
  return {
    clock,
    reach,
    answers,
    tried,
    remembered,
    create,
    changes: () => changes,
    isReady: () => ready,
    onPort: () => tried.filter((place) => place.endsWith(':8888')),
    lost: () => [...reach.unreachable().keys()],
  };
}

const vm = (over: Partial<EntryPoint> = {}): EntryPoint => ({
  ...anEntryPoint('ctrl', '192.168.65.3'),
  fallbackAddresses: ['127.0.0.1'],
  ...over,
});

describe('before a run', () => {
  test('nothing is tried of nodes with one address', () => {
    const { isReady, tried, reach } = setUp([anEntryPoint()], {});
    expect(isReady()).toBe(true);
    expect(tried).toEqual([]);
    expect(reach.addressOf('id-ctrl')).toBe('172.19.181.254');
  });

  test('nothing is tried of an address of this machine', () => {
    const { isReady, tried } = setUp([vm({ address: '10.0.0.5' })], {});
    expect([isReady(), tried]).toEqual([true, []]);
  });

  test('the first address is used when it accepts', () => {
    const { clock, isReady, reach, onPort } = setUp([vm()], {
      '192.168.65.3:8888': 'accepts',
      '127.0.0.1:8888': 'accepts',
    });
    expect(isReady()).toBe(false);
    clock.advance(5);
    expect(isReady()).toBe(true);
    expect(reach.addressOf('id-ctrl')).toBe('192.168.65.3');
    expect(onPort()).toEqual(['192.168.65.3:8888']);
    expect(clock.pending).toBe(0);
  });

  test('uses and remembers the next one that accepts when the first is silent', () => {
    const { clock, isReady, reach, remembered, create, tried, lost } = setUp([vm()], {
      '127.0.0.1:8888': 'accepts',
    });
    clock.advance(255);
    expect(isReady()).toBe(true);
    expect(reach.addressOf('id-ctrl')).toBe('127.0.0.1');
    expect(lost()).toEqual([]);
    expect(remembered.get('id-ctrl')).toBe('127.0.0.1');
    tried.length = 0;
    let again = false;
    const next = create();
    next.prepare(() => (again = true));
    expect([again, tried.length]).toEqual([true, 0]);
    expect(next.addressOf('id-ctrl')).toBe('127.0.0.1');
  });

  test('a remembered address that the engine no longer reports is not used', () => {
    const { remembered, create } = setUp([anEntryPoint()], {});
    remembered.set('id-ctrl', '10.9.9.9');
    expect(create().addressOf('id-ctrl')).toBe('172.19.181.254');
  });

  test('all nodes are tried at once, and it takes at most two seconds', () => {
    const entries = ['a', 'b', 'c'].map((name) => ({ ...vm(), nodeId: name }));
    const { clock, isReady, lost } = setUp(entries, {});
    clock.advance(1999);
    expect(isReady()).toBe(true);
    expect(lost()).toEqual(['a', 'b', 'c']);
  });

  test('is cancelled by the end of the run', () => {
    const { clock, isReady, reach } = setUp([vm()], { '127.0.0.1:8888': 'accepts' });
    reach.close();
    clock.advance(10_000);
    expect(isReady()).toBe(false);
    expect(clock.pending).toBe(0);
  });
});

describe('a node that does not answer', () => {
  test('cannot be reached when it does not answer at the nodes’ own port either', () => {
    const { clock, reach, lost, changes } = setUp([anEntryPoint()], {});
    reach.missed('id-ctrl');
    expect(reach.isSearching).toBe(true);
    expect(lost()).toEqual([]);
    clock.advance(1500);
    expect(reach.isSearching).toBe(false);
    expect(reach.unreachable()).toEqual(new Map([['id-ctrl', ['172.19.181.254']]]));
    expect(changes()).toBe(1);
  });

  test('cannot be reached without a route', () => {
    const { clock, reach, lost } = setUp([anEntryPoint()], {
      '172.19.181.254:8888': 'has no route',
      '172.19.181.254:7946': 'has no route',
    });
    reach.missed('id-ctrl');
    clock.advance(10);
    expect(lost()).toEqual(['id-ctrl']);
  });

  test.each(['accepts', 'refuses'] as const)(
    'is one of a broken mesh when its port for the other nodes %s',
    (answer) => {
      const { clock, reach, lost } = setUp([anEntryPoint()], {
        '172.19.181.254:7946': answer,
      });
      reach.missed('id-ctrl');
      clock.advance(1500);
      expect(lost()).toEqual([]);
    },
  );

  test('is not taken for reached because another machine refuses at DOCKER_HOST', () => {
    const { clock, reach, lost } = setUp([vm()], {
      '127.0.0.1:8888': 'refuses',
      '127.0.0.1:7946': 'refuses',
    });
    clock.advance(2000);
    expect(lost()).toEqual(['id-ctrl']);
    expect(reach.unreachable().get('id-ctrl')).toEqual(['192.168.65.3', '127.0.0.1']);
  });

  test('is tried again every five seconds, and reached when it answers', () => {
    const { clock, reach, answers, lost, onPort } = setUp([anEntryPoint()], {});
    reach.missed('id-ctrl');
    clock.advance(1500);
    for (let i = 0; i < 5; i++) reach.missed('id-ctrl');
    expect(onPort()).toHaveLength(1);
    answers['172.19.181.254:8888'] = 'accepts';
    clock.advance(5005);
    expect(onPort()).toHaveLength(2);
    expect(lost()).toEqual([]);
    reach.close();
    expect(clock.pending).toBe(0);
  });

  test('stays a loss once it was reached in this run', () => {
    const { clock, reach, lost, tried } = setUp([anEntryPoint()], {});
    reach.reached('id-ctrl', '172.19.181.254');
    for (let i = 0; i < 9; i++) {
      reach.missed('id-ctrl');
      clock.advance(2000);
    }
    expect(lost()).toEqual([]);
    expect(tried).toEqual([]);
  });

  test('is looked for at its other addresses after three failures in a row', () => {
    const entry = { ...anEntryPoint(), otherAddresses: ['172.19.181.253'] };
    const { clock, reach, answers, onPort } = setUp([entry], { '172.19.181.254:8888': 'accepts' });
    clock.advance(5);
    delete answers['172.19.181.254:8888'];
    answers['172.19.181.253:8888'] = 'accepts';
    clock.advance(10_000);
    reach.missed('id-ctrl');
    reach.missed('id-ctrl');
    reach.reached('id-ctrl', '172.19.181.254');
    reach.missed('id-ctrl');
    reach.missed('id-ctrl');
    expect(onPort()).toHaveLength(1);
    reach.missed('id-ctrl');
    clock.advance(300);
    expect(reach.addressOf('id-ctrl')).toBe('172.19.181.253');
  });
});
