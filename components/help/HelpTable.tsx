import { TROUBLESHOOTING, type TroubleshootingEntry } from '@/lib/swarm/hints/troubleshooting';
import { Box } from '../ui/Box';
import { Prose } from '../ui/Prose';

/** The troubleshooting table, with an anchor for every row. Renders on the server only. */
export function HelpTable() {
  return (
    <>
      <nav aria-label="Parts" className="my-4 flex flex-wrap gap-x-4 gap-y-2 print:hidden">
        {TROUBLESHOOTING.map(({ id, title }) => (
          <a key={id} className="underline" href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
      {TROUBLESHOOTING.map(({ id, title, entries }) => (
        <Box key={id} aria-labelledby={id} className="mt-4 print:border-0">
          <h2 id={id} className="mb-2 scroll-mt-4 text-base">
            {title}
          </h2>
          <table className="w-full border-collapse text-left [&_code]:text-[0.93em] [&_code]:wrap-anywhere">
            <thead className="text-xs text-dim max-md:hidden cells:border-b cells:border-line cells:py-2.5 cells:pr-4 cells:font-medium">
              <tr>
                <th scope="col" className="pl-3">
                  What you see
                </th>
                <th scope="col">What it is</th>
                <th scope="col">What to do</th>
              </tr>
            </thead>
            <tbody className="max-md:block">
              {entries.map((entry) => (
                <Row key={entry.id} {...entry} />
              ))}
            </tbody>
          </table>
        </Box>
      ))}
    </>
  );
}

/**
 * A table row; on a phone a block whose cells carry their column's name. It receives the focus when a
 * link leads to it, so that Tab continues from there.
 */
function Row({ id, see, is, do: next }: TroubleshootingEntry) {
  return (
    <tr
      id={id}
      tabIndex={-1}
      className="scroll-mt-4 border-line target:bg-raise target:shadow-[inset_4px_0_0_var(--color-accent)] focus-visible:-outline-offset-2 max-md:block max-md:border-b max-md:px-3 max-md:py-2.5 print:break-inside-avoid print:target:bg-transparent print:target:shadow-none"
    >
      <th scope="row" className={`${CELL} font-semibold md:w-[30%] md:pl-3`}>
        <Label text="What you see" />
        <Prose text={see} />
      </th>
      <td className={`${CELL} md:w-[35%]`}>
        <Label text="What it is" />
        <Prose text={is} />
      </td>
      <td className={`${CELL} md:w-[35%]`}>
        <Label text="What to do" />
        <Prose text={next} />
      </td>
    </tr>
  );
}

const CELL = 'border-line py-0.5 align-top max-md:block md:border-b md:py-2.5 md:pr-4';

function Label({ text }: { text: string }) {
  return <span className="block text-xs font-medium text-dim md:hidden">{text}</span>;
}
