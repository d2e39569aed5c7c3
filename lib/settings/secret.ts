import { readFileSync } from 'node:fs';

/** Minimum length of a token (characters), so that it cannot be guessed. */
const TOKEN_LENGTH = 20;

/**
 * A secret from the variable `name`, or from the file that `name_FILE` names, without its last line
 * break; null when neither is set. Throws an `Error` that names the variable.
 */
export function readSecret(
  environment: Record<string, string | undefined>,
  name: string,
): string | null {
  const variable = `${name}_FILE`;
  const file = environment[variable];
  if (!file) return secretOf(environment[name] ?? '');
  try {
    return secretOf(readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
  } catch (error) {
    throw new Error(`${variable} ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Null for only spaces and line breaks, as in an emptied file. */
function secretOf(text: string): string | null {
  return text.trim() === '' ? null : text;
}

/** The variables of the secrets `names` that are set, but to spaces or a file without a secret. */
export function blankSecrets(
  environment: Record<string, string | undefined>,
  names: readonly string[],
): string[] {
  return names.flatMap((name) => {
    const variable = environment[`${name}_FILE`] ? `${name}_FILE` : name;
    return environment[variable] && readSecret(environment, name) === null ? [variable] : [];
  });
}

/** As `readSecret`, for a token that programs send as `Authorization: Bearer`. */
export function readApiToken(
  environment: Record<string, string | undefined>,
  name: string,
): string | null {
  const token = readSecret(environment, name);
  // The characters that RFC 6750 allows in a bearer token.
  if (token === null || (token.length >= TOKEN_LENGTH && /^[A-Za-z0-9._~+/-]+=*$/.test(token))) {
    return token;
  }
  throw new Error(
    `${name} has to be ${TOKEN_LENGTH} characters or more, of letters, digits and . _ ~ + / - only: openssl rand -hex 32 makes one`,
  );
}
