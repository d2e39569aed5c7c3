import { signedInSchema } from '@/lib/api';
import { post, type RawRequest } from './raw';

/** Long enough to be a token, and recognizable wherever it should not be. */
export const SECRETS = {
  DASHBOARD_PASSWORD: 'canary-operators-password',
  DASHBOARD_GUEST_PASSWORD: 'canary-guests-password',
  DASHBOARD_TOKEN: 'canary-operators-token-0123456789',
  DASHBOARD_READ_TOKEN: 'canary-readers-token-0123456789',
} as const;

/** What a signed-in browser sends with each request, and with a change. */
export interface TestSession {
  cookie: string;
  token: string;
  /** Both, as headers. */
  headers: Record<string, string>;
}

/** Signs in as the page does. */
export async function signIn(
  port: number,
  password: string,
  question: RawRequest = {},
): Promise<TestSession> {
  const { status, headers, body } = await post(port, '/api/session', { password }, question);
  if (status !== 200) throw new Error(`sign-in: ${status} ${body}`);
  const { token } = signedInSchema.parse(JSON.parse(body));
  const cookie = (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  return { cookie, token, headers: { cookie, 'x-csrf-token': token } };
}
