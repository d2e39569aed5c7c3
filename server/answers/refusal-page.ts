import type { IncomingMessage } from 'node:http';

/** Whether a browser will show the answer as a page. */
export function wantsPage({ headers }: IncomingMessage): boolean {
  return (
    headers['sec-fetch-dest'] === 'document' || headers.accept?.startsWith('text/html') === true
  );
}

/** A refusal as a page, without styles and scripts, which its policy forbids. */
export function refusalPage({ detail, next = '' }: { detail: string; next?: string }): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark light">
<title>ClusterHAT swarm</title>
<h1>ClusterHAT swarm</h1>
<p>${escaped(detail)}</p>
<p>${escaped(next)}</p>
`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
