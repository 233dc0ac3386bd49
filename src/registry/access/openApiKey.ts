/** Who sends a request: the API key that came with it, and what that key may do. */
import { SignpostError } from "../../errors.js";
import { type ApiKey, hashApiKey, isApiKey, type Scope } from "../domains/apiKey.js";
import type { DomainStore } from "../store.js";

/** The key's entry. Throws UNAUTHORIZED for a key that is unknown or revoked, or of a session that is over. */
export async function openApiKey(
  store: Pick<DomainStore, "apiKeyOf">,
  apiKey: string,
): Promise<ApiKey> {
  const found = isApiKey(apiKey) ? await store.apiKeyOf(hashApiKey(apiKey)) : null;
  if (!found) {
    throw new SignpostError(
      "UNAUTHORIZED",
      "The API key is unknown or revoked, or its session is over: sign in again, or send the key that was shown when it was made, as `Authorization: Bearer <key>`.",
    );
  }
  return found;
}

/** Throws FORBIDDEN unless the key has the scope. */
export function assertScope({ id, label, scopes }: ApiKey, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new SignpostError(
    "FORBIDDEN",
    `The API key ${JSON.stringify(label)} lacks the scope ${scope}; use one that has it, or make one with \`signpost key add\`.`,
    { key: id, scope },
  );
}
