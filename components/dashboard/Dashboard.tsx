import type { ReactNode } from 'react';
import type { InitialData } from '@/lib/client/initial-data';
import { BoardSkeleton } from '../board/BoardSkeleton';
import { DemoPlace } from '../demo/DemoFrame';
import { Header } from '../header/Header';
import { PresentSwitch } from '../present/PresentSwitch';
import { Box } from '../ui/Box';
import { StatusArea } from '../ui/StatusArea';
import { LiveBoard } from './LiveBoard';
import { LiveProvider } from './LiveProvider';
import { CurlPanel, DemoPanel, Overlays, ServicePanel, Tables } from './parts';

/**
 * The whole page, live once its scripts run. `initial`: what the server already knew. The layout and
 * the placeholders render on the server only: they are HTML, and not JavaScript as well.
 */
export function Dashboard({
  initial,
  present,
  children,
}: {
  initial: InitialData;
  /** Whether it starts in present mode. */
  present: boolean;
  /** The footer. */
  children: ReactNode;
}) {
  return (
    <LiveProvider initial={initial}>
      <PresentSwitch initial={present}>
        <Header />
        <main className="mx-auto grid max-w-[1680px] grid-cols-1 gap-3 px-2.5 pt-3 pb-10 sm:px-4 min-[60rem]:px-6 min-[60rem]:pb-12">
          <Overlays />
          <LiveBoard
            demo={<DemoPanel fallback={<DemoPlace />} />}
            skeleton={initial.view ? null : <BoardSkeleton />}
          >
            <div className="grid grid-cols-1 items-start gap-3 min-[60rem]:grid-cols-[364px_minmax(0,1fr)] min-[90rem]:grid-cols-[380px_minmax(0,1fr)]">
              <StatusArea>
                <ServicePanel fallback={<Box className="min-h-110" aria-busy />} />
              </StatusArea>
              {/* The mini board leads to the result of a run, also while its code is loaded. */}
              <CurlPanel fallback={<Box className="min-h-150" aria-busy data-result />} />
            </div>
            <StatusArea>
              <Tables fallback={<Box className="min-h-80" aria-busy />} />
            </StatusArea>
          </LiveBoard>
        </main>
        {children}
      </PresentSwitch>
    </LiveProvider>
  );
}
