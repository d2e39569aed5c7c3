import { signedInSchema, type Problem } from '@/lib/api';
import { callApi, setRole } from '../live/request';
import { keepToken } from '../live/token';

/** Signs this browser in; resolves to what is wrong, or null. */
export async function signIn(password: string): Promise<Problem | null> {
  const result = await callApi('POST', 'api/session', { password });
  if (!result.ok) return result.problem;
  const { token, role } = signedInSchema.parse(result.data);
  setRole(role);
  keepToken(token);
  return null;
}

/** Ends this browser's session; it stays signed in when the server cannot be reached. */
export async function signOut(): Promise<void> {
  if (!(await callApi('DELETE', 'api/session')).ok) return;
  setRole('reader');
  keepToken(null);
}
