import * as z from 'zod/mini';

/**
 * Like `z.array`, but stops at the first invalid item: zod collects an issue for each, which for a long invalid
 * list is a hundred times the response's size.
 */
export function listOf<T>(item: z.ZodMiniType<T>): z.ZodMiniType<T[]> {
  return z.pipe(
    z.array(z.unknown()),
    z.transform((values, context) => {
      const items: T[] = [];
      for (const [index, value] of values.entries()) {
        const parsed = item.safeParse(value);
        if (!parsed.success) {
          const path = [index, ...(parsed.error.issues[0]?.path ?? [])];
          context.issues.push({ code: 'custom', input: value, path });
          break;
        }
        items.push(parsed.data);
      }
      return items;
    }),
  );
}
