/** Whether gateways answer at the URLs that a resolver is about to send every client to. */
import { refused } from "../chain/unsentTransaction.js";
import { parseAddress } from "../ens/address.js";
import { isSignpostError } from "../errors.js";
import type { Fetcher } from "../fetch/fetcher.js";
import { shortReason } from "../fetch/serversAsked.js";
import { gatewayMessage, gatewayRequest } from "../lookup/gatewayQuery.js";
import { type Change, differingFields } from "./change.js";

const TIMEOUT_MS = 5_000;
const NO_CALL = new Uint8Array(0);
const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

/** Those that the change brings to the chain, in their order; none where it is about something else. */
export function newGatewayUrls({ before, after }: Change): readonly string[] {
  if (!differingFields(after, before).includes("urls")) return [];
  return (after["urls"] ?? []).filter((url) => before["urls"]?.includes(url) !== true);
}

/**
 * Asks each URL once, for nothing: a gateway says in JSON what it misses. Whether it serves the resolver yet does not
 * matter, since that comes after the deployment.
 * @throws TRANSACTION_REFUSED with every URL that no gateway answers at
 */
export async function assertGatewaysAnswer(
  urls: readonly string[],
  fetcher: Fetcher,
): Promise<void> {
  const problems = await Promise.all(urls.map((url) => problemAt(url, fetcher)));
  const told = urls.flatMap((url, at) => (problems[at] ? [`${url} (${problems[at]})`] : []));
  if (told.length === 0) return;
  throw refused(
    `no gateway answers at ${told.join(", ")}, and clients would be sent there. Start it, correct the URL, or add --although-unreachable.`,
    { urls: told },
  );
}

/** Null where a gateway answers. */
async function problemAt(url: string, fetcher: Fetcher): Promise<string | null> {
  const query = { sender: parseAddress(ZERO_ADDRESS), callData: NO_CALL };
  try {
    const { status, body } = await fetcher(gatewayRequest(url, query, TIMEOUT_MS));
    const { data, message } = gatewayMessage(body);
    if (status >= 500) return `HTTP ${status}`;
    return data === undefined && message === undefined
      ? `HTTP ${status}, without the JSON of a gateway`
      : null;
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE", "FORBIDDEN_ADDRESS", "TOO_LARGE")) throw error;
    return shortReason(error);
  }
}
