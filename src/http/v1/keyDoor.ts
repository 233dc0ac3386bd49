/** Whose request it is: the API key that came with it. */
import type { Request } from "express";
import { toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import { openApiKey } from "../../registry/access/openApiKey.js";
import { type ApiKey, hashApiKey } from "../../registry/domains/apiKey.js";
import type { Tenant } from "../fairness/shares.js";
import type { ApiParts } from "./route.js";

/**
 * The key, counted by `count`, which may throw. Throws UNAUTHORIZED, and LIMIT_EXCEEDED for one who tries many, or comes
 * with many requests at once.
 */
export type KeyDoor = (request: Request, count: (key: ApiKey) => Promise<void>) => Promise<ApiKey>;

/** Keys that opened before need not fear those who guess beside them. */
const MOST_KNOWN = 10_000;

const USE_NOTED_AFTER_MS = 60_000;

export function keyDoor({
  keys,
  strangers,
  shares,
  nowMs,
}: Pick<ApiParts, "keys" | "strangers" | "shares" | "nowMs">): KeyDoor {
  const known = new Map<string, Tenant>();
  return async (request, count) => {
    const apiKey = bearerToken(request);
    const hash = toHex(hashApiKey(apiKey));
    const tenant = known.get(hash);
    if (tenant === undefined) strangers.countKeyTry(request);
    return shares.atDoor(tenant ?? strangers.tenantOf(request), async () => {
      const key = await openApiKey(keys, apiKey);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(hash, tenantOf(key));
      if (nowMs() - (key.lastUsedMs ?? 0) >= USE_NOTED_AFTER_MS) await keys.noteUse(key.id);
      await count(key);
      return key;
    });
  };
}

export function tenantOf({ domain, id }: ApiKey): Tenant {
  return { group: domain, member: id };
}

/** RFC 6750, section 2.1: the key travels in a header, never in a URL that logs keep. */
function bearerToken(request: Request): string {
  const token = /^Bearer +(\S+) *$/i.exec(request.get("authorization") ?? "")?.[1];
  if (token) return token;
  throw new SignpostError(
    "UNAUTHORIZED",
    "This needs the API key of a domain; send it as `Authorization: Bearer <key>`.",
  );
}
