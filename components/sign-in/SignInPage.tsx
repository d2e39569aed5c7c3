import { Box } from '../ui/Box';
import { SignInGate } from './SignInGate';

/** Shown instead of every page where reading needs a sign-in. It contains no data of the swarm. */
export function SignInPage() {
  return (
    <main className="grid min-h-dvh content-start justify-items-center px-4 pt-[12vh] pb-8">
      <Box className="w-full max-w-96">
        <h1 className="mb-1 text-lg">ClusterHAT swarm</h1>
        <noscript>
          <p className="mb-4 text-warn">
            This page needs JavaScript: the sign-in and the live board run in the browser. Enable it
            for this page, then reload.
          </p>
        </noscript>
        <SignInGate />
      </Box>
    </main>
  );
}
