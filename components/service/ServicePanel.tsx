'use client';

import { useEffect, useId } from 'react';
import { replicasText } from '@/lib/swarm/replicas';
import { shell } from '@/lib/swarm/shell';
import { inSentence } from '@/lib/swarm/words';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { useView } from '@/lib/client/hooks';
import { readParameter } from '@/lib/client/page-address';
import { reportLinkProblem } from '../link/link-problems';
import { Card } from '../ui/Card';
import { CopyCommand } from '../ui/CopyCommand';
import { lazyPart } from '../ui/lazy-part';
import { chooseService } from './choose-service';
import { PublishedPorts } from './PublishedPorts';
import { Scaler } from './Scaler';
import { useScale } from './scale';
import { pausedWords } from './paused-words';
import { useShownService } from './shown-service';
import { Select } from '../ui/Field';

// Loaded after the first paint to keep the first load small; the board already shows the same state.
const Progress = lazyPart(() => import('./Progress').then((part) => part.Progress));
// With the progress, as each further file costs time.
const ServiceActions = lazyPart(() => import('./Progress').then((part) => part.ServiceActions));
const UpdateNote = lazyPart(() => import('./UpdateNote').then((part) => part.UpdateNote));
const NoService = lazyPart(() => import('./NoService').then((part) => part.NoService));

/** Kept free for the note on an update. */
const NOTE_ROOM = <div className="mt-2 h-9 touch:h-11" />;

/** Maximum of tasks with which the panel is short enough to stay in sight. */
const MOST_AT_HAND = 10;

const NONE: readonly ServiceView[] = [];

/** One service: desired and running replicas, and the buttons that scale it. */
export function ServicePanel() {
  const view = useView();
  const { service, chosen } = useShownService(view?.services ?? NONE);
  const isKnown = view !== null && !view.refused.reads.includes('SERVICES');
  const isGone = isKnown && chosen !== null && service?.name !== chosen;
  useEffect(() => {
    if (isGone && chosen === readParameter('service')) {
      reportLinkProblem(`Service ${chosen.slice(0, 80)} of the link is not in the swarm.`);
    }
    // Only for the first view: a service that is removed later is seen on the board.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [view === null]);
  if (view && service) {
    return <Chosen key={service.id} view={view} service={service} onChoose={chooseService} />;
  }
  const empty = (
    <Card title="Service">
      <div className="h-40" aria-busy="true" />
    </Card>
  );
  return view ? <NoService fallback={empty} /> : empty;
}

interface ChosenProps {
  view: SwarmView;
  service: ServiceView;
  onChoose: (name: string) => void;
}

function Chosen({ view, service, onChoose }: ChosenProps) {
  const scale = useScale(service);
  const { name, replicas } = service;
  return (
    <Card
      title={name}
      note={<Chooser view={view} service={service} onChoose={onChoose} />}
      // Stays beside the long curl panel: scale, and see on the charts what it does.
      className={
        (service.wanted ?? 0) <= MOST_AT_HAND ? 'min-[60rem]:sticky min-[60rem]:top-18' : ''
      }
    >
      <p className="-mt-2 font-mono text-xs text-dim">{service.summary}</p>
      <PublishedPorts service={service} view={view} />
      {replicas !== null && <Scaler service={service} scale={scale} />}
      {replicas !== null && (
        <CopyCommand
          className="mb-3"
          label="the scale command"
          command={shell`docker service scale ${name}=${scale.shown}`}
        />
      )}
      <div className="my-3 h-8.5 touch:h-12">
        <ServiceActions service={service} />
      </div>
      <Progress
        view={view}
        service={service}
        wanted={scale.wanted}
        fallback={<div style={{ height: room(service) }} aria-busy="true" />}
      />
      {service.update?.note ? (
        <UpdateNote
          update={service.update}
          service={name}
          serviceId={service.id}
          fallback={NOTE_ROOM}
        />
      ) : (
        NOTE_ROOM
      )}
    </Card>
  );
}

function Chooser({ view, service, onChoose }: ChosenProps) {
  const id = useId();
  if (view.services.length < 2) return null;
  return (
    <>
      <label htmlFor={id} className="sr-only">
        Service shown
      </label>
      <Select
        id={id}
        className="max-w-full text-xs"
        value={service.name}
        onChange={(event) => onChoose(event.target.value)}
      >
        {view.services.map((other) => (
          <option key={other.id} value={other.name}>
            {[`${inSentence(other.name)} ${replicasText(other)}`, pausedWords(other)?.toLowerCase()]
              .filter(Boolean)
              .join(', ')}
          </option>
        ))}
      </Select>
    </>
  );
}

/** The progress' height in px, kept free until its code is there. */
function room({ replicas }: ServiceView): number {
  return 230 + (replicas === null ? 112 : 0);
}
