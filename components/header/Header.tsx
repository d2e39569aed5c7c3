import { MiniBoardPlace } from '../board/MiniBoardPlace';
import { AccessButton } from './AccessButton';
import { Counts } from './Counts';
import { HeaderTools } from './HeaderTools';
import { LivePill } from './LivePill';
import { UpgradeButton } from './UpgradeButton';

/**
 * The page's title, freshness and counts: one line on wide pages, two on narrow ones, of which only
 * the first is sticky, with the mini board. `contents` makes that one stick to the page instead of to the header.
 */
export function Header() {
  return (
    <header className="contents wide:sticky wide:top-0 wide:z-5 wide:flex wide:items-center wide:gap-3 wide:border-b wide:border-line wide:bg-bg/88 wide:px-6 wide:py-2 wide:backdrop-blur-[10px]">
      <div className="sticky top-0 z-5 border-b border-line bg-bg/88 backdrop-blur-[10px] wide:contents">
        <div className="flex min-h-13 flex-wrap items-center gap-x-2.5 gap-y-0.5 px-2.5 py-1 sm:px-4 wide:contents">
          <h1 className="text-[15px] whitespace-nowrap">
            ClusterHAT<span className="max-xs:sr-only"> swarm</span>
          </h1>
          <LivePill />
          <span className="ml-auto flex gap-2 empty:hidden wide:order-2">
            <HeaderTools fallback={<span className="w-19 max-wide:hidden" />} />
            <UpgradeButton />
            <AccessButton />
          </span>
        </div>
        <MiniBoardPlace
          fallback={
            <div aria-hidden className="grid h-11 grid-cols-5 gap-1 sm:w-3/5 min-[60rem]:hidden">
              {[1, 2, 3, 4, 5].map((place) => (
                <span key={place} className="rounded-md border border-line bg-panel" />
              ))}
            </div>
          }
        />
      </div>
      <div className="flex min-h-6 flex-wrap gap-x-2 gap-y-1.5 px-2.5 pt-2.5 empty:hidden sm:px-4 wide:min-w-0 wide:flex-1 wide:flex-nowrap wide:p-0">
        <Counts />
      </div>
    </header>
  );
}
