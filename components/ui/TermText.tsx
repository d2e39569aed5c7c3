import { Term } from './Term';
import type { TermId } from './terms';

/** A sentence in which the first of these words is explained. */
export function TermText({ text, words }: { text: string; words: readonly TermId[] }) {
  const { 0: word = '', index = 0 } =
    new RegExp(String.raw`\b(${words.join('|')})\b`, 'i').exec(text) ?? {};
  const id = word.toLowerCase();
  const known = words.find((one) => one === id);
  if (!known) return text;
  return (
    <>
      {text.slice(0, index)}
      <Term id={known}>{word}</Term>
      {text.slice(index + word.length)}
    </>
  );
}
