/** Whether a name was typed as it is, and if not, what is wrong with it; null where there is nothing to say. */
export function checkTyped(
  typed: string,
  name: string,
): { isRight: boolean; wrong: string | null } {
  const given = typed.trim();
  if (given === name) return { isRight: true, wrong: null };
  const wrong = (text: string | null) => ({ isRight: false, wrong: text });
  // Still being typed: the label says what to type.
  if (given === '') return wrong(null);
  if (name.startsWith(given)) return wrong('The name is not complete yet.');
  return given.toLowerCase() === name.toLowerCase()
    ? wrong('Upper and lower case have to match the name.')
    : wrong('This is not the name of the service.');
}
