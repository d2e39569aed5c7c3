/** The version and a link to the help page. Renders on the server only. */
export function Footer({ version }: { version: string }) {
  return (
    <footer className="mx-auto flex max-w-[1680px] flex-wrap gap-x-4 gap-y-1 px-4 pb-6 text-xs text-dim min-[60rem]:px-6">
      <span>ClusterHAT swarm {version}</span>
      {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- next/link would be JavaScript in the first load */}
      <a className="underline" href="help" target="help">
        Help: what you see, what it is, what to do
      </a>
    </footer>
  );
}
