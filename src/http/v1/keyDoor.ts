/** Whose request it is: the API key that came with it. */
import type { Request } from "express";
import { toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import { openApiKey } from "../../registry/access/openApiKey.js";
import { type ApiKey, hashApiKey } from "../../registry/domains/apiKey.js";
import type { ApiParts } from "./route.js";

/** Throws UNAUTHORIZED, and LIMIT_EXCEEDED for one who tries many. */
export type KeyDoor = (request: Request) => Promise<ApiKey>;

/** Keys that opened before need not fear those who guess beside them. */
const MOST_KNOWN = 10_000;

const USE_NOTED_AFTER_MS = 60_000;

export function keyDoor({ keys, strangers, nowMs }: ApiParts): KeyDoor {
  const known = new Set<string>();
  return async (request) => {
    const apiKey = bearerToken(request);
    const hash = toHex(hashApiKey(apiKey));
    if (!known.has(hash)) strangers.countKeyTry(request);
    const key = await openApiKey(keys, apiKey);
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(hash);
    if (nowMs() - (key.lastUsedMs ?? 0) >= USE_NOTED_AFTER_MS) await keys.noteUse(key.id);
    return key;
  };
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
