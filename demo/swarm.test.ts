import { describe, expect, test } from 'vitest';
import { isWanted } from './orchestrator/tasks';
import { ScriptedSwarm } from './scripted';
import { UPDATE_DEFAULTS } from './spec/defaults';
import type { ServiceSpec } from './types';

const second = 1e9;
const restart = (policy: ServiceSpec['TaskTemplate']['RestartPolicy']) => (spec: ServiceSpec) =>
  void (spec.TaskTemplate.RestartPolicy = policy);
const image = (reference: string) => (spec: ServiceSpec) =>
  void (spec.TaskTemplate.ContainerSpec.Image = reference);

describe('scheduling', () => {
  test('places one task on every node before a second on any', () => {
    const { swarm, ...s } = use();
    const service = s.create(10);
    s.untilRunning(service, 10);
    const perNode = [...swarm.store.nodes.keys()].map((id) => swarm.store.tasksOnNode(id).length);
    expect(perNode).toEqual([2, 2, 2, 2, 2]);
  });

  test('prefers other nodes over one where the service failed five times, until its next update', () => {
    const s = new ScriptedSwarm();
    const { images } = s.swarm.faults;
    const others = ['ctrl', 'zero1', 'zero2', 'zero4'].map((name) => s.swarm.node(name));
    const set = (Availability: 'active' | 'drain') => {
      for (const { api } of others) {
        s.swarm.updateNode(s.swarm.node(api.ID), api.Version.Index, { ...api.Spec, Availability });
      }
    };
    set('drain');
    images.set('carmeloc/goweb:1.0', { exit: { code: 1, afterMs: 300 } });
    const service = s.create(3, restart({ Condition: 'any', Delay: 1, MaxAttempts: 0 }));
    s.clock.until(() => s.tasks(service, 'failed').length >= 12, 60_000);
    s.clock.advance(10_000);
    images.clear();
    s.untilRunning(service, 3);
    const nodes = () => s.tasks(service, 'running', 'running').map((task) => s.nodeOf(task));
    expect(nodes()).toEqual(['zero3', 'zero3', 'zero3']);
    set('active');
    for (const task of s.tasks(service, 'running')) {
      s.swarm.agentOf(s.swarm.node('zero3'))?.kill(task, 1);
    }
    s.clock.advance(1000);
    s.untilRunning(service, 3);
    expect(nodes()).not.toContain('zero3');

    // Failures are counted by version of the spec, and a scale makes a new one.
    s.update(service, (spec) => void (spec.Mode = { Replicated: { Replicas: 5 } }));
    s.untilRunning(service, 5);
    expect(nodes()).toContain('zero3');
  });

  test('spreads over the values of a label by placement preference', () => {
    const s = new ScriptedSwarm();
    for (const [name, shelf] of [
      ['ctrl', 'a'],
      ['zero1', 'b'],
      ['zero2', 'b'],
      ['zero3', 'b'],
      ['zero4', 'b'],
    ]) {
      const node = s.swarm.node(name ?? '');
      s.swarm.updateNode(node, node.api.Version.Index, {
        ...node.api.Spec,
        Labels: { shelf: shelf ?? '' },
      });
    }
    const service = s.create(4, (spec) => {
      const Spread = { SpreadDescriptor: 'node.labels.shelf' };
      spec.TaskTemplate.Placement = { Preferences: [{ Spread }] };
    });
    s.untilRunning(service, 4);
    const onCtrl = s.tasks(service, 'running').filter((task) => s.nodeOf(task) === 'ctrl');
    expect(onCtrl).toHaveLength(2);
  });

  test('does not schedule an image for a PC; one for ARMv7 fails on the Zeros', () => {
    const s = new ScriptedSwarm();
    const pc = s.create(1, (spec) => {
      spec.TaskTemplate.Placement = { Platforms: [{ Architecture: 'amd64', OS: 'linux' }] };
    });
    const service = s.swarm.createService({
      ...pc.api.Spec,
      Name: 'armv7',
      Mode: { Global: {} },
      EndpointSpec: { Mode: 'vip' },
      TaskTemplate: {
        ...pc.api.Spec.TaskTemplate,
        ContainerSpec: { Image: 'carmeloc/goweb:armv7' },
        Placement: {},
      },
    });
    s.clock.until(() => s.tasks(service, 'failed').length === 4);
    s.clock.until(() => s.tasks(service, 'running').length === 1);
    expect(s.tasks(pc)[0]?.api.Status.Err).toBe(
      'no suitable node (unsupported platform on 5 nodes)',
    );
    const failed = s.tasks(service, 'failed');
    expect(failed.map((task) => task.api.Status.Err)).toEqual(
      failed.map(() => 'task: non-zero exit (132)'),
    );
    expect(s.tasks(service, 'running').map((task) => s.nodeOf(task))).toEqual(['ctrl']);
  });
});

describe('timings', () => {
  test('a new task runs after about 1.2 s', () => {
    const s = new ScriptedSwarm();
    const took = s.untilRunning(s.create(1), 1);
    expect(took).toBeGreaterThan(700);
    expect(took).toBeLessThan(1700);
  });

  test('a killed task fails within half a second, its replacement waits 5 s', () => {
    const s = new ScriptedSwarm();
    const service = s.create(1);
    s.untilRunning(service, 1);
    const [task] = s.tasks(service);
    const node = task && s.swarm.store.nodes.get(task.api.NodeID ?? '');
    expect(task && node && s.swarm.agentOf(node)?.kill(task)).toBe(true);
    expect(s.clock.until(() => s.tasks(service, 'failed').length === 1)).toBeLessThan(500);
    expect(task?.api.Status).toMatchObject({
      Err: 'task: non-zero exit (137)',
      ContainerStatus: { ExitCode: 137, PID: 0 },
    });
    const back = s.untilRunning(service, 1);
    expect(back).toBeGreaterThan(5000);
    expect(back).toBeLessThan(6500);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'a node without power is down 13.5 to 16.5 s after its last heartbeat (%i)',
    (seed) => {
      const s = new ScriptedSwarm(seed);
      const zero2 = s.swarm.node('zero2');
      s.swarm.power(zero2, false);
      const took = s.clock.until(() => zero2.api.Status.State === 'down');
      // The last heartbeat was up to one period earlier.
      expect(took).toBeGreaterThan(13_500 - 5500);
      expect(took).toBeLessThan(16_510);
      expect(zero2.api.Status.Message).toBe('heartbeat failure');
    },
  );
});

describe('a node without power', () => {
  test('its tasks stay running, are replaced elsewhere after 5 s, and shut down when it returns', () => {
    const s = new ScriptedSwarm();
    const service = s.create(5);
    s.untilRunning(service, 5);
    const zero2 = s.swarm.node('zero2');
    const [lost] = s.swarm.store.tasksOnNode(zero2.api.ID);
    s.swarm.power(zero2, false);
    s.clock.until(() => zero2.api.Status.State === 'down');
    const took = s.untilRunning(service, 5);
    expect(took).toBeGreaterThan(5000);
    expect(lost?.api).toMatchObject({ DesiredState: 'shutdown', Status: { State: 'running' } });
    s.swarm.power(zero2, true);
    const boot = s.clock.until(() => zero2.api.Status.State === 'ready');
    expect(boot).toBeGreaterThan(4000);
    expect(boot).toBeLessThan(8020);
    expect(zero2.api.Status).toEqual({ State: 'ready', Addr: '127.0.77.3' });
    s.clock.advance(0);
    expect(lost?.api.Status.State).toBe('shutdown');
    s.clock.advance(20_000);
    expect(s.swarm.store.tasksOnNode(zero2.api.ID).filter(running)).toEqual([]);
  });

  test('is not down after a short power cut; its tasks fail and are replaced', () => {
    const s = new ScriptedSwarm();
    const service = s.create(5);
    s.untilRunning(service, 5);
    const zero2 = s.swarm.node('zero2');
    const [lost] = s.swarm.store.tasksOnNode(zero2.api.ID);
    const said = new Set<string>();
    s.swarm.store.onChange(() => said.add(zero2.api.Status.State));
    s.swarm.power(zero2, false);
    s.clock.advance(500);
    s.swarm.power(zero2, true);
    s.clock.until(() => lost?.api.Status.State !== 'running', 9000);
    expect(lost?.api.Status).toMatchObject({ State: 'failed', Err: 'task: non-zero exit (255)' });
    s.untilRunning(service, 5);
    expect([...said]).toEqual(['ready']);
  });

  test('does not return if it loses power again while it boots', () => {
    const s = new ScriptedSwarm();
    const zero2 = s.swarm.node('zero2');
    s.swarm.power(zero2, false);
    s.clock.until(() => zero2.api.Status.State === 'down');
    s.swarm.power(zero2, true);
    s.clock.advance(1000);
    s.swarm.power(zero2, false);
    s.clock.advance(60_000);
    expect(zero2.api.Status.State).toBe('down');
  });

  test('its tasks are orphaned after a day', () => {
    const s = new ScriptedSwarm();
    const service = s.create(5);
    s.untilRunning(service, 5);
    const zero2 = s.swarm.node('zero2');
    const [lost] = s.swarm.store.tasksOnNode(zero2.api.ID);
    s.swarm.power(zero2, false);
    s.clock.advance(25 * 3_600_000);
    expect(lost?.api.Status.State).toBe('orphaned');
  });
});

describe('a removed node', () => {
  test('its tasks are orphaned and replaced', () => {
    const s = new ScriptedSwarm();
    const service = s.create(5);
    s.untilRunning(service, 5);
    const zero2 = s.swarm.node('zero2');
    const [there] = s.swarm.store.tasksOnNode(zero2.api.ID);
    expect(() => s.swarm.removeNode(zero2, false)).toThrow("is not down and can't be removed");
    s.swarm.removeNode(zero2, true);
    s.untilRunning(service, 5);
    expect(there?.api.Status.State).toBe('orphaned');
    expect(s.tasks(service, 'running').map((task) => s.nodeOf(task))).not.toContain('');
  });
});

describe('a disconnected node', () => {
  test('keeps its tasks running and stops the replaced ones when it is connected again', () => {
    const s = new ScriptedSwarm();
    const service = s.create(5);
    s.untilRunning(service, 5);
    const zero4 = s.swarm.node('zero4');
    const [there] = s.swarm.store.tasksOnNode(zero4.api.ID);
    s.swarm.link(zero4, false);
    s.clock.until(() => zero4.api.Status.State === 'down');
    s.untilRunning(service, 5);
    s.swarm.link(zero4, true);
    const took = s.clock.until(() => zero4.api.Status.State === 'ready');
    expect(took).toBeGreaterThan(1000);
    expect(took).toBeLessThan(3020);
    s.clock.until(() => there?.api.Status.State === 'shutdown', 1000);
  });

  test('is ready at once after a restore, even while it is returning', () => {
    const s = new ScriptedSwarm();
    const service = s.create(5);
    s.untilRunning(service, 5);
    const zero4 = s.swarm.node('zero4');
    s.swarm.link(zero4, false);
    s.clock.until(() => zero4.api.Status.State === 'down');
    s.swarm.power(zero4, false);
    s.swarm.link(zero4, true);
    s.swarm.restore(zero4);
    expect(zero4.api.Status.State).toBe('ready');
    s.clock.advance(20_000);
    expect(zero4.api.Status.State).toBe('ready');
    expect(s.tasks(service, 'running', 'running')).toHaveLength(5);
  });

  test('without power and link, is ready after both return, in either order', () => {
    const s = new ScriptedSwarm();
    const zero4 = s.swarm.node('zero4');
    s.swarm.link(zero4, false);
    s.swarm.power(zero4, false);
    s.clock.until(() => zero4.api.Status.State === 'down');
    s.swarm.power(zero4, true);
    s.clock.advance(10_000);
    expect(zero4.api.Status.State).toBe('down');
    s.swarm.power(zero4, false);
    s.swarm.link(zero4, true);
    s.clock.advance(10_000);
    expect(zero4.api.Status.State).toBe('down');
    s.swarm.power(zero4, true);
    s.clock.until(() => zero4.api.Status.State === 'ready', 8000);
  });
});

describe('clock skew', () => {
  test("a task's status has its node's time, the object the manager's", () => {
    const s = new ScriptedSwarm();
    for (const node of s.swarm.store.nodes.values()) {
      const agent = s.swarm.agentOf(node);
      if (agent) agent.skewMs = 3_600_000;
    }
    const service = s.create(1);
    s.untilRunning(service, 1);
    const [task] = s.tasks(service);
    const ahead =
      Date.parse(task?.api.Status.Timestamp ?? '') - Date.parse(task?.api.UpdatedAt ?? '');
    expect(ahead).toBeCloseTo(3_600_000, -3);
  });
});

describe('restart policy', () => {
  test('condition none does not restart the task', () => {
    const s = new ScriptedSwarm();
    const service = s.create(1, (spec) => {
      restart({ Condition: 'none' })(spec);
      image('carmeloc/goweb:crash')(spec);
    });
    s.clock.until(() => s.tasks(service, 'failed').length === 1);
    s.clock.advance(30_000);
    expect(s.tasks(service)).toHaveLength(1);
  });

  test('condition on-failure restarts the task unless its exit code is 0', () => {
    const s = new ScriptedSwarm();
    const done = s.create(1, (spec) => {
      restart({ Condition: 'on-failure', Delay: second })(spec);
      image('carmeloc/goweb:done')(spec);
    });
    s.clock.advance(30_000);
    expect(s.tasks(done).map((task) => task.api.Status.State)).toEqual(['complete']);
    s.update(done, image('carmeloc/goweb:crash'));
    s.clock.advance(30_000);
    expect(s.tasks(done, 'failed').length).toBeGreaterThan(2);
  });

  test('attempts before the window do not count', () => {
    const s = new ScriptedSwarm();
    const service = s.create(1, (spec) => {
      restart({ Condition: 'any', Delay: 4 * second, MaxAttempts: 1, Window: 2 * second })(spec);
      image('carmeloc/goweb:crash')(spec);
    });
    s.clock.advance(60_000);
    // Each attempt is before the window of the next, so restarts never end.
    expect(s.tasks(service).some((task) => task.api.DesiredState !== 'shutdown')).toBe(true);
  });

  test('keeps MaxAttempts + 1 tasks of a slot', () => {
    const s = new ScriptedSwarm();
    const service = s.create(1, (spec) => {
      restart({ Condition: 'any', Delay: 1, MaxAttempts: 7 })(spec);
      image('nosuch:1')(spec);
    });
    s.clock.advance(60_000);
    expect(s.tasks(service)).toHaveLength(8);
  });
});

describe('rolling updates', () => {
  test('updates two tasks at a time with a delay of ten seconds', () => {
    const s = new ScriptedSwarm();
    const service = s.create(5, (spec) => {
      spec.UpdateConfig = {
        Parallelism: 2,
        Delay: 10 * second,
        FailureAction: 'pause',
        MaxFailureRatio: 0,
        Order: 'stop-first',
      };
    });
    s.untilRunning(service, 5);
    const start = s.clock.now();
    s.update(service, (spec) => void (spec.TaskTemplate.ForceUpdate = 1));
    const fresh = () =>
      s.tasks(service, 'running').filter((task) => task.api.Spec.ForceUpdate === 1).length;
    s.clock.advance(8000);
    expect(fresh()).toBe(2);
    s.clock.until(() => fresh() === 4);
    expect(s.clock.now() - start).toBeGreaterThan(10_000);
    s.clock.until(() => service.api.UpdateStatus?.State === 'completed');
    expect(fresh()).toBe(5);
    // After the last task come its delay and a monitor window of five seconds.
    expect(s.clock.now() - start).toBeGreaterThan(35_000);
  });

  test('a task that fails within the monitor window pauses the update', () => {
    const s = new ScriptedSwarm();
    const service = s.create(2, (spec) => {
      spec.UpdateConfig = {
        Parallelism: 1,
        Delay: 2 * second,
        FailureAction: 'pause',
        MaxFailureRatio: 0,
        Order: 'stop-first',
      };
    });
    s.untilRunning(service, 2);
    s.update(service, image('carmeloc/goweb:crash'));
    s.clock.until(() => service.api.UpdateStatus?.State === 'paused');
    expect(service.api.UpdateStatus?.Message).toMatch(/^update paused due to failure or early/);
    const untouched = s.tasks(service, 'running').filter((task) => !/crash/.test(imageOf(task)));
    expect(untouched).toHaveLength(1);
  });

  test('failures up to MaxFailureRatio do not pause the update', () => {
    const s = new ScriptedSwarm();
    const service = s.create(2, (spec) => {
      spec.UpdateConfig = {
        Parallelism: 1,
        FailureAction: 'pause',
        MaxFailureRatio: 1,
        Order: 'stop-first',
      };
    });
    s.untilRunning(service, 2);
    s.update(service, image('carmeloc/goweb:crash'));
    s.clock.until(() => service.api.UpdateStatus?.State === 'completed', 60_000);
    expect(s.tasks(service, 'failed').length).toBeGreaterThan(1);
  });

  test('an update during an update replaces it', () => {
    const s = new ScriptedSwarm();
    const service = s.create(3);
    s.untilRunning(service, 3);
    s.update(service, image('carmeloc/goweb:1.1'));
    s.clock.advance(2500);
    s.update(service, image('carmeloc/goweb:2.0'));
    s.clock.until(() => service.api.UpdateStatus?.State === 'completed', 60_000);
    expect(s.tasks(service, 'running').map(imageOf)).toEqual(
      Array.from({ length: 3 }, () => 'carmeloc/goweb:2.0'),
    );
  });

  test('a delay longer than the monitor window extends the window', () => {
    const s = new ScriptedSwarm();
    const service = s.create(1);
    s.untilRunning(service, 1);
    s.update(service, (spec) => {
      image('carmeloc/goweb:1.1')(spec);
      spec.UpdateConfig = {
        Parallelism: 1,
        Delay: 10 * second,
        Monitor: second,
        FailureAction: 'pause',
        MaxFailureRatio: 0,
        Order: 'stop-first',
      };
    });
    s.clock.until(() => s.tasks(service, 'running', 'running').some(isNew));
    const took = s.clock.until(() => service.api.UpdateStatus?.State === 'completed');
    expect(took).toBeGreaterThan(20_900);
  });

  test('a scale during an update does both', () => {
    const s = new ScriptedSwarm();
    const service = s.create(2);
    s.untilRunning(service, 2);
    s.update(service, (spec) => {
      image('carmeloc/goweb:1.1')(spec);
      spec.Mode = { Replicated: { Replicas: 4 } };
    });
    s.clock.until(() => service.api.UpdateStatus?.State === 'completed', 60_000);
    s.untilRunning(service, 4);
    expect(s.tasks(service, 'running').every((task) => imageOf(task).endsWith(':1.1'))).toBe(true);
  });

  test('updates a global service node by node', () => {
    const s = new ScriptedSwarm();
    const service = s.create(1, (spec) => void (spec.Mode = { Global: {} }));
    s.untilRunning(service, 5);
    s.update(service, image('carmeloc/goweb:1.1'));
    s.clock.until(() => service.api.UpdateStatus?.State === 'completed', 60_000);
    expect(new Set(s.tasks(service, 'running').map((task) => s.nodeOf(task))).size).toBe(5);
  });

  test('a rollback leaves a slot alone whose task failed and was replaced meanwhile', () => {
    const s = new ScriptedSwarm();
    const service = s.create(3);
    s.untilRunning(service, 3);
    s.update(service, (spec) => {
      image('carmeloc/goweb:crash')(spec);
      // All three fail at about the same time, and are rolled back one after the other.
      spec.UpdateConfig = { ...UPDATE_DEFAULTS, Parallelism: 0, FailureAction: 'rollback' };
    });
    s.clock.until(() => service.api.UpdateStatus?.State === 'rollback_started', 20_000);
    const most = { inSlot: 0 };
    s.clock.until(() => {
      const slots = s
        .tasks(service)
        .filter(isWanted)
        .map((task) => task.api.Slot);
      most.inSlot = Math.max(most.inSlot, slots.length - new Set(slots).size);
      return service.api.UpdateStatus?.State === 'rollback_completed';
    }, 60_000);
    expect(most.inSlot).toBe(0);
    s.clock.advance(60_000);
    expect(service.api.UpdateStatus?.State).toBe('rollback_completed');
    expect(s.tasks(service, 'running', 'running')).toHaveLength(3);
  });
});

describe('the same seed', () => {
  test('repeats the same swarm', () => {
    const play = () => {
      const s = new ScriptedSwarm(42);
      const service = s.create(4);
      s.clock.advance(10_000);
      s.swarm.power(s.swarm.node('zero1'), false);
      s.clock.advance(60_000);
      return s.tasks(service).map(({ api }) => JSON.stringify(api));
    };
    expect(play()).toEqual(play());
  });
});

function use() {
  const s = new ScriptedSwarm();
  return {
    swarm: s.swarm,
    create: s.create.bind(s),
    untilRunning: s.untilRunning.bind(s),
  };
}

function running(task: { api: { Status: { State: string } } }): boolean {
  return task.api.Status.State === 'running';
}

function isNew(task: Parameters<typeof imageOf>[0]): boolean {
  return imageOf(task).endsWith(':1.1');
}

function imageOf(task: { api: { Spec: { ContainerSpec: { Image: string } } } }): string {
  return task.api.Spec.ContainerSpec.Image;
}
