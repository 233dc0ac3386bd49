/** Whether the registry takes names, asked with the API key itself: otherwise the first user finds out. */
import { isWithin } from "../ens/hierarchy.js";
import type { NormalName } from "../ens/normalize.js";
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { type Client, createClient } from "../service-client/createClient.js";
import { failedAnswerOf } from "../service-client/failedAnswer.js";
import type { RegistryAccess } from "./namePublisher.js";

const TIMEOUT_MS = 10_000;

/**
 * Why nobody new gets a name, as a sentence; null where nothing speaks against it. Never throws. Whether the key may write is not
 * asked: nothing is written to find out.
 * @param names the domain below which they are
 */
export async function whyNoNames(
  { url, apiKey }: RegistryAccess,
  names: NormalName,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const client = createClient({ url, apiKey, timeoutMs: TIMEOUT_MS });
    const { domain, frozen } = await client.domain({ signal });
    if (!isWithin(names, domain) || (await isOfAnotherDomain(client, names, signal))) {
      return `Nobody new gets a name: the API key for ${url} is that of ${foreignText(domain)}, and the names are below ${names}. Look at the settings of the registry: its API key, and the domain of the names.`;
    }
    if (frozen === null || frozen === undefined) return null;
    return `Nobody new gets a name: the names of ${foreignText(domain)} are changed no more at ${url}${frozen.to === null ? "" : `, but at ${foreignText(frozen.to)}`}. Look at the settings of the registry: its URL and API key.`;
  } catch (error) {
    if (signal.aborted) return null;
    // a key that may write, and not read
    if (isSignpostError(error, "FORBIDDEN")) return null;
    const why = isSignpostError(error) ? error.message : String(error);
    return failedAnswerOf(error)?.status === 401
      ? `Nobody new gets a name: ${url} does not take the API key (${why}). Look at the settings of the registry: its URL and API key.`
      : `Nobody new gets a name now: the registry of the names at ${url} could not be asked (${why}).`;
  }
}

/** Whether they are below a domain of its own, whose names the key of the one above does not change. */
async function isOfAnotherDomain(
  client: Client,
  names: NormalName,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await client.names.get(`a.${names}`, { signal });
    return false;
  } catch (error) {
    if (isSignpostError(error, "FORBIDDEN")) return true;
    throw error;
  }
}
