'use client';

import { memo } from 'react';
import { lazyPart } from '../../ui/lazy-part';
import type { RunLines } from '../log-line';
import { ChartTable } from './ChartTable';
import type { AnswerChartProps } from './answering-tasks';

const AnswerRows = lazyPart(() => import('./AnswerRows').then((part) => part.AnswerRows));

/** The last 200 answers as a table, newest first: the accessible version of the charts. */
export const AnswerTable = memo(function AnswerTable(
  props: Omit<AnswerChartProps, 'run'> & { lines: RunLines },
) {
  return (
    <ChartTable summary="Answers as a table" label="Latest answers" className="mt-4">
      {() => <AnswerRows {...props} />}
    </ChartTable>
  );
});
