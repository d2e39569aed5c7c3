'use client';

import { useMemo } from 'react';
import { ROTATE, type Run, type RunRequest } from '@/lib/curl/run';
import type { NodeView, ServiceView, SwarmView } from '@/lib/swarm/view';
import { curlCommand } from './curl-command';
import {
  hostsAt,
  hostsOf,
  chooseEntry,
  chooseTarget,
  dialTargets,
  entryNodes,
  fittingEntries,
  unavailableWords,
  type DialTarget,
} from './dial-targets';
import { runRequest, settingsOfRun } from './run-request';
import type { RunSettings } from './run-settings';
import { useStoredSettings } from './settings-store';
import { missingWords, pathProblem } from './settings-words';
import { useStableEntry } from './use-stable-entry';

/** What the controls show, and what a start would send. */
interface CurrentSettings {
  readonly settings: RunSettings;
  readonly targets: readonly DialTarget[];
  readonly target: DialTarget | null;
  readonly entries: readonly NodeView[];
  readonly entry: NodeView | null;
  readonly pathProblem: string | null;
  /** Null if the settings are invalid, or there is no target or entry node. */
  readonly request: RunRequest | null;
  /** Invalid values of the address, and selections that are not available. */
  readonly warnings: readonly string[];
  /** Why no run can start in this swarm; null if one can. */
  readonly missing: string | null;
  readonly port: number | undefined;
  /** The equivalent `curl` command. */
  readonly command: string;
}

const NO_SERVICES: readonly ServiceView[] = [];
const NO_NODES: readonly NodeView[] = [];

/** The settings of the active run, or those stored in this browser. */
export function useRunSettings(view: SwarmView | null, active: Run | null): CurrentSettings {
  const stored = useStoredSettings();
  const services = view?.services ?? NO_SERVICES;
  const nodes = view?.nodes ?? NO_NODES;
  const targets = useMemo(() => dialTargets(services), [services]);
  const entries = useMemo(() => entryNodes(nodes), [nodes]);
  const activeRequest = active?.request ?? null;
  const settings = useMemo(
    () => (activeRequest ? settingsOfRun(activeRequest, services, nodes) : stored.settings),
    [activeRequest, services, nodes, stored],
  );
  const target = chooseTarget(targets, settings.target);
  const entryNode = useStableEntry(nodes, settings.entryNode);
  const entry = chooseEntry(entries, entryNode, fittingEntries(target, entries));
  const problem = pathProblem(settings.path);
  const unavailable = active
    ? []
    : unavailableWords({ ...settings, entryNode }, targets, entries, nodes);
  const port = active ? active.request.publishedPort : target?.port;
  const hosts = active
    ? hostsOf(active)
    : (settings.entryNode === ROTATE ? entries : [entry]).flatMap((one) =>
        target && one ? hostsAt(target, one) : [],
      );
  return {
    settings,
    targets,
    target,
    entries,
    entry,
    pathProblem: problem,
    request: target && entry && !problem ? runRequest(settings, target, entry) : null,
    warnings: view ? [...stored.problems, ...unavailable] : [],
    missing: view ? missingWords(view, target, entry) : null,
    port,
    command:
      hosts.length > 0 ? curlCommand({ ...settings, hosts }) : "curl 'http://ADDRESS:PORT/Hello!'",
  };
}
