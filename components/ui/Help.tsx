/**
 * A link to the row of /help about a hint or an error. It opens another tab, because a run ends when
 * its last viewer leaves. `about` completes the link's accessible name.
 */
export function Help({ id, about }: { id: string; about: string }) {
  return (
    <a
      className="underline touch:py-1.5"
      href={`help#${id}`}
      target="help"
      aria-label={`Help: ${about}`}
    >
      Help
    </a>
  );
}
