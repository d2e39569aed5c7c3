/**
 * The meanings of the words that the page explains, as docs/glossary.md has them (terms.test.ts compares). Text between
 * backticks is code.
 */
export const TERMS = {
  node: 'One engine that has joined the swarm.',
  manager:
    "A node that holds the swarm's state and decides where tasks run. Managers run tasks too, unless drained.",
  leader: 'The one manager that makes the decisions; the others follow it.',
  availability:
    'Whether a node receives tasks: `active`, `pause` (keeps its tasks, receives no new ones) or `drain`.',
  drain:
    "To set a node's availability to `drain`: swarm stops its tasks and starts replacements on other nodes.",
  service:
    'What should run: an image, a number of replicas, ports and rules. Swarm starts tasks until that is so.',
  mode: 'How a service spreads: `replicated` (a number of replicas), `global` (one task on each node), `replicated-job` and `global-job`.',
  replica: 'One of the tasks that a replicated service should have at a time.',
  slot: 'The number of a replica, from 1 (of a replicated job from 0): `goweb.2` is slot 2. When its task ends, the replacement gets the same slot.',
  task: "One attempt to run a slot's container on one node, with an id of its own. A task never restarts: swarm creates another one.",
  'desired state':
    'What swarm wants of a task: `running`, `shutdown`, `remove`; `complete` for a job.',
  'current state':
    "What the task's node last reported: `new`, `pending`, `assigned`, `preparing`, `starting`, `running`, `complete`, `failed`, `rejected`, `shutdown`, `orphaned` …",
  converged:
    "A service's running, up-to-date tasks are as many as it should have, and have lasted for the monitor window.",
  update:
    "Replacing a service's tasks after its definition changed, some at a time (`--update-parallelism`).",
  rollback: 'An update back to the previous definition, requested or after failures.',
  placement:
    'On which node a task runs, and the rules for it: constraints, preferences, platforms, a maximum per node.',
  'monitor window':
    'How long new tasks are watched for failures after they started (`--update-monitor`, 5 s by default).',
  'restart delay': 'How long swarm waits before it replaces a task that ended (5 s by default).',
  'published port':
    'A port through which a service is reached from outside, `8888` in `8888->8080`.',
  ingress: 'The overlay network that connects published ports with tasks.',
  'routing mesh':
    'Every node accepts requests on a published port and forwards them to some task, whichever node that runs on.',
  'entry node': 'The node at whose address a request enters the routing mesh.',
  repeats:
    'Consecutive requests that the same task answered: 0% in a round robin, 100% if one task answered everything.',
  spread: "The largest difference between two replicas' numbers of answers.",
  drill:
    'A failure on purpose during a run: a node is drained for a while, or a task is killed; the run shows what it cost.',
} as const;

export type TermId = keyof typeof TERMS;
