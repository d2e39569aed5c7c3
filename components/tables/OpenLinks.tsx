/** Links that open published ports in a new tab, after the text of docker's PORTS column. */
export function OpenLinks({ urls }: { urls: readonly string[] }) {
  return urls.map((url) => (
    <a
      key={url}
      className="ml-2 text-accent underline underline-offset-3"
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      title={url}
      aria-label={`Open ${url} in a new tab`}
    >
      Open
    </a>
  ));
}
