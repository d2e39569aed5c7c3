import type { IncomingMessage } from 'node:http';
import { isOpen, type Settings } from '@/lib/settings';
import type { TurnedAway } from '../answers/turn-away';
import { signOfProxy } from './forwarded';
import { createHostList, parseHost, requestedOrigin } from './host';
import { refuseOrigin } from './origin';
import { pathOf } from '../address/path';

/** Returns the refusal of a request by its headers, before sign-in; null when it passes. */
export type Admission = (request: IncomingMessage) => TurnedAway | null;

/** The rules for every request under these settings. `listens`: the host that the server listens on. */
export function createAdmission(settings: Settings, listens: string): Admission {
  const open = isOpen(settings);
  const isKnown = createHostList(settings, open, listens);
  return (request) => {
    const sign = open ? signOfProxy(request) : null;
    if (sign !== null) return behindProxy(sign);
    const [text = '', ...others] = request.headersDistinct['host'] ?? [];
    if (others.length > 0) return SEVERAL_HOSTS;
    const host = parseHost(text);
    if (host === null || !isKnown(host.name)) return unknownHost(request, text, open);
    return refuseOrigin(request, pathOf(request), settings.origin, open);
  };
}

const SEVERAL_HOSTS: TurnedAway = {
  status: 400,
  kind: 'bad-request',
  detail: 'The request has more than one Host header.',
};

function behindProxy(sign: string): TurnedAway {
  return {
    status: 403,
    kind: 'behind-proxy',
    detail: `Without a password the dashboard answers this machine only. This request seems to come through a proxy: it ${sign}.`,
    next: 'A proxy opens the dashboard to the network: set a password (DASHBOARD_PASSWORD_FILE) and restart the dashboard.',
  };
}

/** The longest name that an answer repeats (characters). */
const MAX_SHOWN = 100;

function unknownHost({ headers }: IncomingMessage, text: string, open: boolean): TurnedAway {
  const isName = parseHost(text) !== null && text.length <= MAX_SHOWN;
  const line = `DASHBOARD_ORIGIN=${requestedOrigin(headers)}`;
  const named = isName ? `, or start it with ${line}` : '';
  return {
    status: 403,
    kind: 'unknown-host',
    detail: `The dashboard does not answer under the name ${shown(text)}: a name that it does not know may belong to another site.`,
    next: open
      ? `Open it as http://127.0.0.1 or http://localhost. For others set a password${isName ? ` and ${line}` : ''}`
      : `Open it by its address or the name of a node${named}`,
  };
}

/** A client's text with everything replaced that a terminal or HTML could interpret. */
function shown(text: string): string {
  const plain = text.slice(0, MAX_SHOWN).replaceAll(/[^\w.:[\]-]/g, '?');
  return plain === '' ? '(none)' : plain + (text.length > MAX_SHOWN ? '…' : '');
}
