/** The users whose names are asked for: published over HTTP, as a service does it. */
import { decodeResult, recordCall, resolveRequest } from "../../test/gateway/ensRequest.js";
import { DOMAIN, type ServiceUnderLoad } from "./serviceUnderLoad.js";

/** Few enough to be asked through within the first half of a run, so that caches are as full as they will be. */
export const USER_COUNT = 2_000;
const PUBLISHED_AT_ONCE = 8;

const KEY = "description";

export function nameOf(user: number): string {
  return `user-${user}.${DOMAIN}`;
}

export function valueOf(user: number): string {
  return `The user ${user}, who stays the same whatever else changes.`;
}

export async function publishUsers(service: ServiceUnderLoad): Promise<void> {
  let next = 0;
  const publishNext = async () => {
    while (next < USER_COUNT) {
      const user = next++;
      const status = await putRecords(service, user, "published");
      if (status !== 200) throw new Error(`${nameOf(user)} was answered ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: PUBLISHED_AT_ONCE }, publishNext));
}

/** Returns the status. */
export async function putRecords(
  { url, apiKey }: ServiceUnderLoad,
  user: number,
  location: string,
): Promise<number> {
  const response = await fetch(`${url}/v1/names/${nameOf(user)}/records`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ texts: { [KEY]: valueOf(user), location } }),
  });
  await response.arrayBuffer();
  return response.status;
}

export function textLookup(name: string): string {
  return resolveRequest(name, recordCall(name, "text", KEY), 1n);
}

/** Of a user, who is asked for again and again: normalizing and encoding take longer than the answer. */
export function userLookup(user: number): string {
  const known = userLookups.get(user) ?? textLookup(nameOf(user));
  userLookups.set(user, known);
  return known;
}

const userLookups = new Map<number, string>();

export function severalLookup(name: string, count: number): string {
  return sameCalls(name, count, recordCall(name, "text", KEY));
}

/** Without content: as many as the body of a request holds are more than a multicall may have. */
export function emptyCalls(name: string, count: number): string {
  return sameCalls(name, count, "0x");
}

function sameCalls(name: string, count: number, call: string): string {
  const calls = Array<string>(count).fill(call);
  return resolveRequest(name, recordCall(name, "multicall", calls), 1n);
}

export function textIn(result: string): string {
  return String(decodeResult("text", result));
}

export function textsIn(result: string): string[] {
  const items = decodeResult("multicall", result) as string[];
  return items.map((item) => textIn(item));
}
