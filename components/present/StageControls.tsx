'use client';

import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { useMaxReplicas } from '@/lib/client/hooks';
import { shell } from '@/lib/swarm/shell';
import type { ServiceView } from '@/lib/swarm/view';
import { isDark } from '../header/use-theme';
import { useScale, type Scale } from '../service/scale';
import { useBlock } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { isShortcut } from './keys';
import { setPresent, setStageTheme } from './present-mode';
import type { StageState } from './use-stage';

/** The docker and curl commands of what the keys do; in front of them, after a movement, the keys themselves. */
export function StageControls({ stage, awake }: { stage: StageState; awake: boolean }) {
  const { service } = stage;
  return service?.replicas != null ? (
    <Scalable key={service.id} stage={stage} service={service} awake={awake} />
  ) : (
    <Bar stage={stage} awake={awake} service={null} scale={null} />
  );
}

function Scalable({
  stage,
  service,
  awake,
}: {
  stage: StageState;
  service: ServiceView;
  awake: boolean;
}) {
  return <Bar stage={stage} awake={awake} service={service} scale={useScale(service)} />;
}

function Bar({
  stage,
  awake,
  service,
  scale,
}: {
  stage: StageState;
  awake: boolean;
  service: ServiceView | null;
  scale: Scale | null;
}) {
  const max = useMaxReplicas();
  const block = useBlock('change', 'scale');
  const shown = scale?.shown ?? 0;
  const canAdd = scale !== null && block === null && shown < max;
  const canRemove = scale !== null && block === null && shown > 0 && shown - 1 <= max;
  const leave = () => setPresent(false);
  const flipTheme = () => setStageTheme(isDark() ? 'light' : 'dark');

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isShortcut(event)) return;
    const key = event.key.toLowerCase();
    if (key === 'p' || key === 'escape') setPresent(false);
    else if (key === 'd') flipTheme();
    else if (key === ' ') stage.toggleRun();
    else if ((key === '+' || key === '=') && canAdd) scale?.request(shown + 1);
    else if (key === '-' && canRemove) scale?.request(shown - 1);
    else return;
    event.preventDefault();
  });
  // Added once: React renders between two listeners of one event, and one that is replaced then misses the event.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => onKey(event);
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);

  const refusal = stage.problem ?? scale?.refusal;
  return (
    <footer className="relative min-w-0 font-mono text-xs text-dim max-[60rem]:sticky max-[60rem]:-bottom-2 max-[60rem]:bg-bg">
      <p className="flex h-full min-w-0 items-center justify-between gap-6">
        {refusal ? (
          <span role="alert" className="truncate font-sans text-sm text-bad">
            {refusal.detail} {refusal.next}
          </span>
        ) : (
          <>
            <span className="truncate">$ {stage.command}</span>
            {service && (
              <span className="truncate">
                $ {shell`docker service scale ${service.name}=${shown}`}
              </span>
            )}
          </>
        )}
      </p>
      <div
        role="toolbar"
        aria-label="Present mode"
        className={`absolute inset-x-0 bottom-0 flex min-h-full items-center gap-2 bg-bg font-sans transition-opacity focus-within:pointer-events-auto focus-within:opacity-100 max-[60rem]:pointer-events-auto max-[60rem]:static max-[60rem]:flex-wrap max-[60rem]:py-2 max-[60rem]:opacity-100 max-[60rem]:[&_kbd]:hidden ${awake ? '' : 'pointer-events-none opacity-0'}`}
      >
        <Key name="Space" disabled={!stage.canToggle} onClick={stage.toggleRun}>
          {stage.isRunning ? 'Stop' : 'Start'}
        </Key>
        {scale && (
          <>
            <Key
              name="−"
              shortcut="-"
              disabled={!canRemove}
              onClick={() => scale.request(shown - 1)}
            >
              Remove a replica
            </Key>
            <Key name="+" disabled={!canAdd} onClick={() => scale.request(shown + 1)}>
              Add a replica
            </Key>
          </>
        )}
        <Key name="D" onClick={flipTheme}>
          Dark or light
        </Key>
        <span className="min-w-0 flex-1 truncate text-sm text-dim">
          {(block ?? stage.block)?.signIn ?? ''} {(block ?? stage.block)?.reason ?? ''}
        </span>
        <Key name="P" shortcut="P Escape" onClick={leave}>
          Leave present mode
        </Key>
      </div>
    </footer>
  );
}

function Key({
  name,
  shortcut = name,
  disabled = false,
  onClick,
  children,
}: {
  /** The key as the button shows it. */
  name: string;
  shortcut?: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Button
      className="px-2 text-xs"
      aria-keyshortcuts={shortcut}
      disabled={disabled}
      onClick={onClick}
    >
      <kbd
        aria-hidden
        className="rounded border border-line-strong px-1 font-sans text-xs font-semibold"
      >
        {name}
      </kbd>
      {children}
    </Button>
  );
}
