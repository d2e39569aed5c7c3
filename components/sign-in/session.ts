import type { SignInResponse } from '@/lib/api';
import { callApi, setRole, type ShownProblem } from '@/lib/client/request';
import { keepToken, readToken } from '@/lib/client/csrf-token';

/** Signs this browser in; resolves to the problem, or null. */
export async function signIn(password: string): Promise<ShownProblem | null> {
  const result = await callApi<SignInResponse>('POST', 'api/session', { password });
  if (!result.ok) return result.problem;
  const { token, role } = result.data;
  setRole(role);
  keepToken(token);
  return null;
}

/** Signs this browser out; it stays signed in when the server cannot be reached. */
export async function signOut(): Promise<void> {
  const token = readToken();
  const answer = callApi('DELETE', 'api/session');
  // First, or other tabs would report an expired session.
  keepToken(null);
  if ((await answer).ok) setRole('reader');
  else keepToken(token);
}
