/** What a template of a service can name at its beginning (swarmkit template/context.go). */
const FIELDS = ['Service', 'Node', 'Task'];

/** Go's error for a template (`{{.Node.Hostname}}`) that swarm cannot expand; null for one that it can, and for other text. */
export function templateProblem(text: string): string | null {
  let at = text.indexOf('{{');
  while (at >= 0) {
    const end = text.indexOf('}}', at);
    if (end < 0) return 'template: expansion:1: unclosed action';
    const [, field] = /^-?\s*(\.\w+)/.exec(text.slice(at + 2, end)) ?? [];
    if (field !== undefined && !FIELDS.includes(field.slice(1))) {
      const column = text.indexOf(field, at);
      return `template: expansion:1:${column}: executing "expansion" at <${field}>: can't evaluate field ${field.slice(1)} in type *template.Context`;
    }
    at = text.indexOf('{{', end);
  }
  return null;
}
