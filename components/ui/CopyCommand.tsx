'use client';

import { useEffect, useState } from 'react';
import { Button } from './Button';
import { copyText } from './copy';

/** A command as one would type it, with a button that copies it. `label` says what it does. */
export function CopyCommand({
  command,
  label = 'command',
  className = '',
}: {
  command: string;
  label?: string;
  className?: string;
}) {
  const [result, setResult] = useState<'copied' | 'select it' | null>(null);
  useEffect(() => {
    if (!result) return undefined;
    const timer = setTimeout(() => setResult(null), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => setResult((await copyText(command)) ? 'copied' : 'select it');
  return (
    <div className={`cmd ${className}`}>
      <code>{command}</code>
      <Button
        aria-label={`Copy ${label}`}
        className="min-w-17 font-sans text-xs"
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
