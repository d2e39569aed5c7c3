import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Codec } from '../swarm/timeline-archive';

/** Views longer than this are damaged (bytes). */
const MAX_TEXT = 64_000_000;

/** Packs the JSON of views, which repeats its keys, into a tenth of its size. */
export const zlibCodec: Codec = {
  pack: (text) => deflateRawSync(text, { level: 4 }),
  unpack: (bytes) => inflateRawSync(bytes, { maxOutputLength: MAX_TEXT }).toString(),
  toText: (bytes) => Buffer.from(bytes).toString('base64'),
  fromText: (text) => Buffer.from(text, 'base64'),
};
