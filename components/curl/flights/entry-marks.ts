import type { Run } from '@/lib/curl/run';
import { isBoardLive, nodeCard } from './board-positions';
import './entry-marks.css';

const MARK =
  "absolute -top-2.5 right-3.5 rounded-full bg-accent px-2 text-[length:max(11px,calc(var(--u,0px)*20))]/4.5 font-semibold whitespace-nowrap text-panel before:content-['▾_']";

/**
 * Adds a label to the card of each entry node. Not part of the board, whose code is in the page's first load and
 * has a budget. React does not touch children that it did not create.
 */
export function markEntryNodes(entries: Run['entries']) {
  if (!isBoardLive()) return unmarkEntryNodes();
  for (const { nodeId } of entries) {
    const card = document.querySelector(nodeCard(nodeId));
    if (!card || card.querySelector('[data-entry-mark]')) continue;
    const mark = card.appendChild(document.createElement('span'));
    mark.className = MARK;
    mark.dataset['entryMark'] = '';
    mark.textContent = entries.length > 1 ? 'in turn' : 'entry node';
    mark.title =
      entries.length > 1
        ? 'Requests enter the routing mesh at all nodes in turn.'
        : 'Requests enter the routing mesh here.';
  }
}

export function unmarkEntryNodes() {
  for (const mark of document.querySelectorAll('[data-entry-mark]')) mark.remove();
}
