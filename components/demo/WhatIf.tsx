'use client';

import { useId, useState, type ReactNode } from 'react';
import type { DemoState } from '@/lib/api';
import { useView } from '@/lib/client/hooks';
import { Button } from '../ui/Button';
import { Select } from '../ui/Field';
import { Skeleton } from '../ui/Skeleton';
import { FILL, imagesOf, SLOW_S } from './faults';
import type { DemoRequest, DemoControl } from './use-demo';

/** What can go wrong in a swarm, to be tried: each with what to look for afterwards. */
export function WhatIf({ demo, disabled }: { demo: DemoControl; disabled: boolean }) {
  const { state, change } = demo;
  if (!state) return <Skeleton className="mt-3 h-40" />;
  const off = disabled || demo.busy;
  return (
    <div className="mt-3.5 grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-x-6 gap-y-4.5 border-t border-line pt-3.5">
      <Nodes state={state} off={off} change={change} />
      <Task off={off} change={change} />
      <Image state={state} off={off} change={change} />
      <Engine state={state} off={off} change={change} />
      <What
        title="… the swarm were large?"
        watch={
          state.filled
            ? 'The HAT stays on top, the other nodes follow below it.'
            : 'The HAT stays on top, the other nodes follow below. A real controller would be slower.'
        }
      >
        <Button
          disabled={off || state.filled}
          onClick={() => change({ path: '/fill', body: FILL })}
        >
          {FILL.nodes} nodes and {FILL.tasks.toLocaleString('en')} tasks
        </Button>
      </What>
      <What
        title="… all were well again?"
        watch="Every fault above is taken back. Services that you made stay."
      >
        <Button
          look="primary"
          disabled={off || state.calm}
          onClick={() => change({ path: '/reset', body: {} })}
        >
          Put everything right
        </Button>
      </What>
    </div>
  );
}

interface Part {
  state: DemoState;
  /** Nothing may be asked for now. */
  off: boolean;
  change: (change: DemoRequest) => void;
}

function What({
  title,
  watch,
  children,
}: {
  title: string;
  /** What will be seen, and when. */
  watch: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="min-w-0">
      <h2 id={id} className="mb-1.5 text-sm">
        {title}
      </h2>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
      <p className="mt-1.5 text-xs text-dim">{watch}</p>
    </div>
  );
}

function Nodes({ state, off, change }: Part) {
  // The controller holds the swarm's only manager: see the engine for what happens without it.
  const zeros = state.nodes.slice(1);
  const [chosen, choose] = useState('');
  const zero = zeros.find(({ name }) => name === chosen) ?? zeros.at(-1);
  if (!zero) return null;
  const { name, power, link } = zero;
  const set = (body: Record<string, unknown>) =>
    change({ path: '/node', body: { node: name, ...body } });
  let watch = `${name} will be down in about 15 s; its tasks are then unknown and swarm replaces them. Cut off, they run on unseen.`;
  if (!power) {
    watch = `With power ${name} is ready in a few seconds (a real one boots for 50 s), and empty: swarm moves no tasks back.`;
  } else if (!link) {
    watch = `Mended, ${name} is ready again in a few seconds, and ends its tasks that were replaced.`;
  }
  return (
    <What title="… a Zero went away?" watch={watch}>
      <Choice
        label="Zero"
        value={name}
        values={zeros.map((one) => one.name)}
        onChoose={choose}
        disabled={off}
      />
      <Button disabled={off} onClick={() => set({ power: !power })}>
        Power {name} {power ? 'off' : 'on'}
      </Button>
      <Button disabled={off || !power} onClick={() => set({ link: !link })}>
        {link ? `Cut ${name} off` : `Mend ${name}'s link`}
      </Button>
    </What>
  );
}

function Task({ off, change }: Omit<Part, 'state'>) {
  const tasks = (useView()?.tasks ?? []).filter(({ phase }) => phase === 'running').slice(0, 60);
  const [chosen, choose] = useState('');
  const task = tasks.find(({ id }) => id === chosen) ?? tasks[0];
  return (
    <What
      title="… a task died?"
      watch={
        task
          ? `${task.name} fails with 137; after a restart delay of 5 s another task takes its slot.`
          : 'No task runs now.'
      }
    >
      {task && (
        <>
          <Choice
            label="Task"
            value={task.id}
            values={tasks.map(({ id }) => id)}
            words={tasks.map(({ name }) => name)}
            onChoose={choose}
            disabled={off}
          />
          <Button
            look="danger"
            disabled={off}
            onClick={() => change({ path: '/task', body: { kill: task.id } })}
          >
            Kill {task.name}
          </Button>
        </>
      )}
    </What>
  );
}

function Image({ state, off, change }: Part) {
  const images = imagesOf(useView()?.services ?? []);
  const [chosen, choose] = useState('');
  const image = images.includes(chosen) ? chosen : (images[0] ?? '');
  const fails = state.images.some((one) => one.image === image);
  const set = (body: Record<string, unknown>) =>
    change({ path: '/image', body: { image, ...body } });
  return (
    <What
      title="… an image failed?"
      watch={
        fails
          ? 'Tasks that start now fail: kill one, or scale up. What runs, runs on until it crashes.'
          : 'Nothing at once: the next task of it that starts is rejected, or crashes, again and again.'
      }
    >
      <Choice label="Image" value={image} values={images} onChoose={choose} disabled={off} />
      {fails ? (
        <Button disabled={off} onClick={() => set({ pull: false, exit: null })}>
          Mend the image
        </Button>
      ) : (
        <>
          <Button disabled={off} onClick={() => set({ pull: true })}>
            It cannot be pulled
          </Button>
          <Button disabled={off} onClick={() => set({ exit: { code: 1, afterMs: 500 } })}>
            It crashes
          </Button>
        </>
      )}
    </What>
  );
}

function Engine({ state, off, change }: Part) {
  const { running, latencyMs, role } = state.engine;
  const set = (body: Record<string, unknown>) => change({ path: '/engine', body });
  let watch = 'The board stays as it was, marked stale with the reason, and returns by itself.';
  if (!running) watch = 'Started, the board is live again within 2 s.';
  else if (role === 'no-quorum') watch = 'What runs, runs on, but nothing can be changed or seen.';
  else if (latencyMs > 0) watch = 'The board is stale between two answers; the page stays quick.';
  return (
    <What title="… the manager's engine failed?" watch={watch}>
      <Button disabled={off} onClick={() => set({ running: !running })}>
        {running ? 'Stop the engine' : 'Start the engine'}
      </Button>
      <Button disabled={off} onClick={() => set({ latencyMs: latencyMs > 0 ? 0 : SLOW_S * 1000 })}>
        {latencyMs > 0 ? 'Engine at full speed' : `Slow it to ${SLOW_S} s`}
      </Button>
      <Button
        disabled={off}
        onClick={() => set({ role: role === 'no-quorum' ? 'manager' : 'no-quorum' })}
      >
        {role === 'no-quorum' ? 'Regain quorum' : 'Lose quorum'}
      </Button>
    </What>
  );
}

function Choice({
  label,
  value,
  values,
  words = values,
  onChoose,
  disabled,
}: {
  label: string;
  value: string;
  values: readonly string[];
  /** What is shown for each value. */
  words?: readonly string[];
  onChoose: (value: string) => void;
  disabled: boolean;
}) {
  return (
    <Select
      aria-label={label}
      className="max-w-full"
      value={value}
      disabled={disabled}
      onChange={(event) => onChoose(event.target.value)}
    >
      {values.map((one, i) => (
        <option key={one} value={one}>
          {words[i]}
        </option>
      ))}
    </Select>
  );
}
