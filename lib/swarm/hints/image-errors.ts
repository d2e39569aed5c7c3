import { nodeName, nodeWords, subject, type HintInput, type Rule } from './hint-input';
import { buildAdvice, likelyPlatform } from '../placement/platforms';

/** Errors of images and registries; moby daemon/images, distribution. */
export const IMAGE_ERRORS: readonly Rule[] = [
  {
    // `wanted …, actual: …` and the newer `its platform (…) does not match`; moby daemon/images.
    pattern:
      /exec format error|no matching manifest|does not (match|provide) the specified platform/i,
    help: 'wrong-processor',
    say: wrongProcessor,
  },
  {
    pattern: /server gave HTTP response to HTTPS client|certificate signed by unknown authority/i,
    help: 'registry-untrusted',
    say: (input) =>
      `${subject(input)} does not trust the registry. Add its address to "insecure-registries" in /etc/docker/daemon.json there, then \`sudo systemctl restart docker\`.`,
  },
  {
    pattern: /x509: certificate has expired|certificate is not yet valid/i,
    help: 'certificate',
    say: (input) =>
      `A certificate has expired, or the clock is wrong: compare \`date\` on ${nodeName(input)} with a watch.`,
  },
  {
    pattern: /toomanyrequests|pull rate limit/i,
    help: 'registry-limit',
    say: () =>
      'The registry allows no more pulls for now. Sign in with `docker login` and create the service with --with-registry-auth, or use a registry of your own.',
  },
  {
    pattern: /unauthorized: |no basic auth credentials|denied: requested access/i,
    help: 'registry-sign-in',
    say: () =>
      'The registry requires a sign-in. `docker login` on the manager, then update the service with --with-registry-auth.',
  },
  {
    pattern:
      /(Get|Head) "?https?:\/\/\S+\/v2\/.*(no such host|connection refused|timeout|deadline exceeded|unreachable|no route to host|Temporary failure)/i,
    help: 'registry-unreachable',
    say: (input) =>
      `${subject(input)} cannot reach the registry. Check its network and name server: \`docker pull\` there has to work.`,
  },
  {
    pattern:
      /No such image|manifest unknown|repository does not exist|pull access denied|manifest for .* not found/i,
    help: 'image-missing',
    say: (input) =>
      `${nodeWords(input)} could not get the image. Check the name and tag, that it was pushed to a registry this node can reach, and that it has a build for this processor.`,
  },
];

function wrongProcessor(input: HintInput): string {
  const { node, platforms, error } = input;
  const made = node && likelyPlatform(platforms.image, node, error);
  const advice = `${buildAdvice(platforms.nodes)}.`;
  if (!made) {
    return `${nodeWords(input)} cannot run this image: it has no build for this processor. ${advice}`;
  }
  const seems = `this image, which seems to be for ${made.words}`;
  if (!made.usuallyRuns) return `${nodeWords(input)} cannot run ${seems}. ${advice}`;
  return `${nodeWords(input)} did not run ${seems}. Most 64-bit systems run 32-bit programs too; a Pi 5 with its default kernel does not. ${advice}`;
}
