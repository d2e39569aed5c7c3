/** In place of a page that this request may not see: why, and what to do. */
export function Refused({ detail, next }: { detail: string; next?: string | undefined }) {
  return (
    <main className="p-4">
      <h1>{detail}</h1>
      <p>{next}</p>
    </main>
  );
}
