import type { ServiceView } from '@/lib/swarm/view';
import { HintActions } from '../actions/HintActions';
import { pausedWords } from '../service/paused-words';
import { showService } from '../service/show-service';
import { useShownService } from '../service/shown-service';
import { buttonsOf, Failure, failureLine } from '../service/UpdateNote';
import { Button } from '../ui/Button';
import { Popover } from '../ui/Popover';

/**
 * The updates and rollbacks that swarm has paused, whichever service the panel shows: the first with its cause and, on
 * wide pages, with the ways out; all of them on a click.
 */
export function PausedUpdates({ services }: { services: readonly ServiceView[] }) {
  const { service: shown } = useShownService(services);
  const paused = services
    .filter((service) => pausedWords(service))
    .toSorted((a, b) => Number(b.id === shown?.id) - Number(a.id === shown?.id));
  const [first] = paused;
  const note = first?.update?.note;
  if (!first || !note) return null;
  return (
    <section
      aria-label="Paused updates"
      data-paused={paused.length}
      className="flex h-full max-w-full min-w-0 items-center gap-2 rounded-md bg-panel px-2 outline outline-bad -outline-offset-1 text-xs text-ink max-wide:max-w-[70%] max-sm:max-w-[60%] max-sm:only:max-w-full"
    >
      <span aria-hidden className="h-3 w-2.5 flex-none border-x-3 border-bad" />
      <Popover
        label="Why updates are paused"
        className="h-full min-w-0 truncate text-left text-bad touch:min-w-11"
        line={
          <>
            <b>
              {pausedWords(first)}: {first.name}
            </b>
            {paused.length > 1 && <span> +{paused.length - 1} more</span>}
            {note.failure && (
              <span className="text-ink max-wide:hidden"> {failureLine(note.failure)}</span>
            )}
          </>
        }
      >
        {paused.map((service) => (
          <Paused key={service.id} service={service} isShown={service.id === shown?.id} />
        ))}
      </Popover>
      <span className="flex flex-none items-center gap-1 max-wide:hidden">
        <HintActions bar actions={buttonsOf(note)} serviceId={first.id} />
        {first.id !== shown?.id && <Show name={first.name} />}
      </span>
    </section>
  );
}

function Paused({ service, isShown }: { service: ServiceView; isShown: boolean }) {
  const note = service.update?.note;
  return (
    <div className="space-y-1.5">
      <p className="font-semibold text-bad">
        {pausedWords(service)}: {service.name}
      </p>
      {note?.failure && <Failure failure={note.failure} />}
      {note && <HintActions actions={buttonsOf(note)} serviceId={service.id} />}
      {!isShown && <Show name={service.name} />}
    </div>
  );
}

/** Without the name in its text, which can be long. */
function Show({ name }: { name: string }) {
  return (
    <Button
      className="min-h-7 text-xs"
      aria-label={`Show service ${name}`}
      onClick={(event) => {
        event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
        showService(name);
      }}
    >
      Show service
    </Button>
  );
}
