import type { AnswerLane } from './bar-layout';
import { ChartTable } from './ChartTable';

/** The accessible version of the bars: answers per second, newest first. */
export function SecondsTable({ lanes, first }: { lanes: readonly AnswerLane[]; first: number }) {
  const past = lanes[0]?.counts.length ?? 0;
  return (
    <ChartTable summary="Seconds as a table" label="Answers per second" className="mt-1">
      {() => (
        <>
          <thead>
            <tr>
              <th scope="col">SECOND</th>
              {lanes.map(({ key, name, gone }) => (
                <th key={key} scope="col">
                  {name}
                  {gone && ' (gone)'}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: past }, (_, at) => past - 1 - at).map((at) => (
              <tr key={first + at}>
                <th scope="row">{first + at}</th>
                {lanes.map(({ key, counts }) => (
                  <td key={key}>{counts[at] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </>
      )}
    </ChartTable>
  );
}
