import { useState } from 'react';
import type { TaskView } from '@/lib/swarm/view';
import { Button } from '../ui/Button';
import { FaultChoice } from './FaultChoice';
import { FaultGroup, type FaultActions } from './FaultGroup';

/** Maximum of tasks offered. */
const MAX_TASKS = 60;

/** Kills one task. */
export function TaskFaults({ tasks, off, change }: FaultActions & { tasks: readonly TaskView[] }) {
  const running = tasks.filter(({ phase }) => phase === 'running').slice(0, MAX_TASKS);
  const [chosen, choose] = useState('');
  const task = running.find(({ id }) => id === chosen) ?? running[0];
  if (!task) {
    return (
      <FaultGroup title="Task failure" note="No task is running.">
        {null}
      </FaultGroup>
    );
  }
  return (
    <FaultGroup
      title="Task failure"
      note={`${task.name} fails with exit code 137; after a restart delay of 5 s another task replaces it.`}
    >
      <FaultChoice
        label="Task"
        value={task.id}
        options={running.map(({ id, name }) => ({ value: id, text: name }))}
        disabled={off}
        onChange={choose}
      />
      <Button
        look="danger"
        disabled={off}
        onClick={() => change({ path: '/task', body: { kill: task.id } })}
      >
        Kill {task.name}
      </Button>
    </FaultGroup>
  );
}
