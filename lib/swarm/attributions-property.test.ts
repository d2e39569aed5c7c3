import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anEvent } from '@/tests/factories/engine';
import { aService, aTask, aView } from '@/tests/factories/view';
import type { Attribution } from './attributions';
import type { EngineEvent, Inspected } from './engine-json';
import { EventTimes } from './event-times';
import { diffViews } from './patch';
import type { RawSpec } from './spec/raw-spec';
import { restartedEntry, rolledBackEntry, updatedEntry } from './spec/timeline-entries';
import { TimelineRecorder } from './timeline';
import type { SwarmView } from './view';

const WHATS = ['scale', 'image', 'variable', 'label', 'both', 'restart', 'rollback'] as const;
type What = (typeof WHATS)[number];

interface Step {
  /** Time since the step before (ms). */
  after: number;
  /**
   * `refused`: the dashboard's change; `conflict`: because somebody made the same one at that moment, and a view has
   * that before the engine's answer.
   */
  who: 'docker' | 'dashboard' | 'refused' | 'conflict' | 'look';
  what: What;
  value: number;
}

interface Template {
  image: string;
  variable: string;
  restarts: number;
}
interface State extends Template {
  replicas: number;
  label: string;
}

const specOf = ({ replicas, label, image, variable, restarts }: State): RawSpec => ({
  Name: 'goweb',
  Labels: { label },
  TaskTemplate: {
    ContainerSpec: { Image: image, Env: [`A=${variable}`] },
    ForceUpdate: restarts,
  },
  Mode: { Replicated: { Replicas: replicas } },
});

/** A change that was made through the dashboard. */
interface Made {
  at: number;
  /** Number of looks before it. */
  looks: number;
  /** What it can be called. */
  texts: ReadonlySet<string>;
}

/** One service of an engine, changed by several people, and the timeline of a dashboard that looks now and then. */
class Scene {
  readonly timeline = new TimelineRecorder();
  readonly made = new Map<string, Made>();
  readonly looks: number[] = [];
  rollbacks = 0;
  readonly #times = new EventTimes();
  #operators = 0;
  #now = 100_000;
  #version = 5;
  #updatedAt = 0;
  #state: State = { replicas: 3, label: '', image: 'goweb:1', variable: '', restarts: 0 };
  #previous: State | null = null;
  #rollbackAt: number | null = null;
  #template = '';
  #before: SwarmView | null = null;

  play(steps: readonly Step[]): void {
    this.#look();
    for (const step of steps) {
      this.#now += step.after;
      if (step.who === 'look') this.#look();
      else this.#change(step);
    }
    for (let turn = 0; turn < 2; turn++) {
      this.#now += 10_000;
      this.#look();
    }
  }

  #change({ who, what, value }: Step): void {
    const before = this.#state;
    const after = what === 'rollback' ? this.#previous : changed(before, what, value);
    const [from, to] = [before, after ?? before].map((state) => JSON.stringify(state));
    if (!after || (from === to && what !== 'rollback')) return;
    if (who === 'docker') return this.#write(after, what);
    const by = `operator ${++this.#operators}`;
    const about = this.#about(what, after);
    const announced = this.timeline.attributions.announce(
      { ...about, by, id: 'id-goweb', version: this.#version },
      this.#now,
    );
    if (who === 'conflict') {
      this.#write(after, what);
      this.#look();
    }
    if (who === 'refused' || who === 'conflict') return announced.failed();
    const scaled = `goweb was scaled from ${before.replicas} to ${after.replicas}`;
    const texts = new Set([
      about.entry.text,
      ...(before.replicas === after.replicas ? [] : [scaled]),
    ]);
    this.made.set(by, { at: this.#now, looks: this.looks.length, texts });
    this.#write(after, what);
    announced.accepted(this.#now);
  }

  #about(what: What, after: State): Omit<Attribution, 'by' | 'id' | 'version'> {
    const now: Inspected = {
      ID: 'id-goweb',
      Version: { Index: this.#version },
      Spec: specOf(this.#state),
      PreviousSpec: this.#previous && specOf(this.#previous),
      json: {},
    };
    if (what === 'rollback') return rolledBackEntry('goweb', now);
    return what === 'restart'
      ? restartedEntry('goweb', now)
      : updatedEntry('goweb', now, specOf(after));
  }

  #write(state: State, what: What): void {
    const isRollback = what === 'rollback';
    if (isRollback) this.rollbacks++;
    this.#previous = this.#state;
    this.#state = state;
    this.#version++;
    this.#updatedAt = this.#now;
    this.#rollbackAt = isRollback ? this.#now : null;
    const Attributes: EngineEvent['Actor']['Attributes'] = isRollback
      ? { 'updatestate.new': 'rollback_started' }
      : {};
    this.#times.add(anEvent({ Actor: { ID: 'id-goweb', Attributes }, timeNano: this.#now * 1e6 }));
  }

  #look(): void {
    const { replicas, image, variable, restarts } = this.#state;
    const template = JSON.stringify({ image, variable, restarts });
    const version = this.#version;
    const startedAt = this.#rollbackAt;
    const update =
      startedAt === null
        ? null
        : { state: 'rollback_completed', message: '', startedAt, note: null };
    const view = aView({
      services: [aService({ replicas, image, version, update })],
      tasks: [...new Set([this.#template || template, template])].map((id) => ({
        ...aTask({ upToDate: id === template }),
        id,
      })),
    });
    this.#template = template;
    const before = this.#before;
    const patch = before && diffViews(before, view);
    this.timeline.add(
      view,
      patch,
      before,
      this.#now,
      0,
      (change) => change.time ?? this.#times.timeOf(change),
      (id, shown) => this.#times.missedStates(id, this.#updatedAt, shown),
    );
    this.#before = view;
    this.looks.push(this.#now);
  }
}

function changed(state: State, what: What, value: number): State {
  const scaled = { ...state, replicas: value };
  if (what === 'scale') return scaled;
  if (what === 'image') return { ...state, image: `goweb:${value}` };
  if (what === 'variable') return { ...state, variable: String(value) };
  if (what === 'label') return { ...state, label: String(value) };
  if (what === 'both') return { ...scaled, variable: String(value) };
  return { ...state, restarts: state.restarts + 1 };
}

const steps = fc.array(
  fc.record<Step>({
    after: fc.constantFrom(2, 20, 500, 2000, 6000),
    who: fc.constantFrom(
      'docker',
      'docker',
      'dashboard',
      'dashboard',
      'refused',
      'conflict',
      'look',
      'look',
    ),
    what: fc.constantFrom(...WHATS, 'rollback'),
    value: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 14 },
);

test('property: everybody is named for their own changes, and for no other one', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const scene = new Scene();
      scene.play(steps);
      const { entries } = scene.timeline.since(0);
      const named = new Map<string, string[]>();
      for (const { by, at, viewAt, text } of entries) {
        if (by === undefined) continue;
        const made = scene.made.get(by);
        expect(made?.texts ?? []).toContain(text);
        // In the first view that has it, or by itself at its own time.
        expect(scene.looks[made?.looks ?? 0] === viewAt || at === made?.at).toBe(true);
        named.set(by, [...(named.get(by) ?? []), text]);
      }
      for (const texts of named.values()) expect(new Set(texts).size).toBe(texts.length);
      expect([...named.keys()].sort()).toEqual([...scene.made.keys()].sort());
      expect(entries.filter(({ kind }) => kind === 'rolled back')).toHaveLength(scene.rollbacks);
    }),
    { numRuns: 300 },
  );
});
