import { callApi, setSignedIn } from '../live/request';

/** Ends this browser's session; it stays signed in when the server cannot be reached. */
export async function signOut(): Promise<void> {
  if ((await callApi('DELETE', '/api/session')).ok) setSignedIn(false);
}
