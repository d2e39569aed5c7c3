/** The problem of a page whose server is of another build. */
export const PAGE_OUTDATED = {
  kind: 'page-outdated',
  detail: 'The dashboard was upgraded; this page is of the version before.',
  next: 'Reload the page.',
} as const;
