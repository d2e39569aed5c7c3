import { TROUBLESHOOTING, type TroubleshootingEntry } from '@/lib/swarm/troubleshooting';
import styles from './help.module.css';
import { Prose } from '../ui/Prose';

/** What you see, what it is, what to do: every row with its anchor. Renders on the server only. */
export function HelpTable() {
  return (
    <>
      <nav aria-label="Parts" className={`${styles.screen} my-4 flex flex-wrap gap-x-4 gap-y-2`}>
        {TROUBLESHOOTING.map(({ id, title }) => (
          <a key={id} className="underline" href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
      {TROUBLESHOOTING.map(({ id, title, entries }) => (
        <section key={id} aria-labelledby={id} className="card mt-4 print:border-0">
          <h2 id={id} className="mb-2 scroll-mt-4 text-base">
            {title}
          </h2>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">What you see</th>
                <th scope="col">What it is</th>
                <th scope="col">What to do</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Row key={entry.id} {...entry} />
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}

/** Takes the focus when a link leads to it, so that Tab goes on from there. */
function Row({ id, see, is, do: next }: TroubleshootingEntry) {
  return (
    <tr id={id} tabIndex={-1} className={styles.row}>
      <th scope="row">
        <span className={styles.label}>What you see</span>
        <Prose text={see} />
      </th>
      <td>
        <span className={styles.label}>What it is</span>
        <Prose text={is} />
      </td>
      <td>
        <span className={styles.label}>What to do</span>
        <Prose text={next} />
      </td>
    </tr>
  );
}
