import type { ProblemKind } from '@/lib/api';
import { SignInPage } from '../sign-in/SignInPage';

/** Shown instead of a page that this request may not see: the sign-in form, or the reason. */
export function Refused({
  kind,
  detail,
  next,
}: {
  kind: ProblemKind;
  detail: string;
  next?: string | undefined;
}) {
  if (kind === 'sign-in-required') return <SignInPage />;
  return (
    <main className="p-4">
      <h1>{detail}</h1>
      <p>{next}</p>
    </main>
  );
}
