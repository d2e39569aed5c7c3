'use client';

import { Fragment, useEffect, useState } from 'react';
import { Button } from './Button';
import { copyText } from './copy';

/** A shell command with a button that copies it. `label`: what the command is, for the button's name. */
export function CopyCommand({
  command,
  label = 'command',
  className = '',
  lines = '',
}: {
  command: string;
  label?: string;
  className?: string;
  /** Class that limits the lines shown, such as `line-clamp-2`; the whole command is copied. */
  lines?: string;
}) {
  const [result, setResult] = useState<'copied' | 'select it' | null>(null);
  useEffect(() => {
    if (!result) return undefined;
    const timer = setTimeout(() => setResult(null), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => setResult((await copyText(command)) ? 'copied' : 'select it');
  return (
    <div
      className={`flex min-w-0 items-center gap-2.5 rounded-lg border border-line bg-well py-1.5 pr-1.5 pl-3 font-mono text-[13px]/normal ${className}`}
    >
      <code
        className={`min-w-0 flex-1 font-[inherit] wrap-anywhere before:text-ok before:content-['$_'] before:select-none ${lines}`}
        title={lines && command}
      >
        {command.split(' ').map((word, at) => (
          // Lines do not break after the dashes of an option.
          // oxlint-disable-next-line react/no-array-index-key -- A command has words twice.
          <Fragment key={at}>
            {at > 0 && ' '}
            <span className="inline-block max-w-full">{word}</span>
          </Fragment>
        ))}
      </code>
      <Button
        aria-label={`Copy ${label}`}
        className="w-17 font-sans text-xs"
        onClick={() => void copy()}
      >
        {result ?? 'copy'}
      </Button>
      <span role="status" className="sr-only">
        {result}
      </span>
    </div>
  );
}
