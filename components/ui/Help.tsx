/**
 * A link to the row of /help that has more on a hint or an error. In a tab of its own: a run ends
 * when its last viewer leaves. `about` completes the link's name for screen readers, which read links by themselves.
 */
export function Help({ id, about }: { id: string; about: string }) {
  return (
    <a className="underline" href={`help#${id}`} target="help" aria-label={`Help: ${about}`}>
      Help
    </a>
  );
}
