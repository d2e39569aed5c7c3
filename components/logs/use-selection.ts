import { useEffect, useState, type RefObject } from 'react';

/** The blocks that a selection of text reaches from and to, by their keys. */
export interface SelectedBlocks {
  readonly from: number;
  readonly to: number;
}

/**
 * The blocks in which text is selected, so that they stay rendered; null without a selection in the list. Calls `onSelect`
 * when text is selected.
 */
export function useSelection(
  list: RefObject<HTMLElement | null>,
  onSelect: () => void,
): SelectedBlocks | null {
  const [selected, setSelected] = useState<SelectedBlocks | null>(null);
  useEffect(() => {
    const look = () => {
      const next = selectedIn(list.current);
      if (next) onSelect();
      setSelected((before) =>
        before?.from === next?.from && before?.to === next?.to ? before : next,
      );
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [list, onSelect]);
  return selected;
}

function selectedIn(list: HTMLElement | null): SelectedBlocks | null {
  const selection = getSelection();
  if (!list || !selection || selection.isCollapsed) return null;
  const keyOf = (node: Node | null) => {
    const element = node instanceof Element ? node : node?.parentElement;
    const block = element && list.contains(element) ? element.closest('[data-block]') : null;
    return block instanceof HTMLElement ? Number(block.dataset.block) : null;
  };
  const ends = [keyOf(selection.anchorNode), keyOf(selection.focusNode)].filter(
    (key) => key !== null,
  );
  if (ends.length === 0) return null;
  return { from: Math.min(...ends), to: Math.max(...ends) };
}
