import { FooterTools } from '../header/HeaderTools';

/** The version, a link to the help page, and on narrow pages the theme. */
export function Footer({ version }: { version: string }) {
  return (
    <footer className="mx-auto flex max-w-[1680px] flex-wrap items-center gap-x-4 gap-y-1 px-4 pb-6 text-xs text-dim min-[60rem]:px-6">
      <span>ClusterHAT swarm {version}</span>
      {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- next/link would be JavaScript in the first load */}
      <a className="underline touch:py-3.5" href="help" target="help">
        Help: what you see, what it is, what to do
      </a>
      <FooterTools fallback={<span className="h-11 wide:hidden" />} />
    </footer>
  );
}
