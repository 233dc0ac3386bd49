/** What a storage refuses, and whether it always will. */
import { isSignpostError, type SignpostErrorOf } from "../errors.js";
import type { StorageApi } from "./storageApi.js";

export type Refusal = SignpostErrorOf<"RELAY_NODE_REFUSED">;

/** A question to the storage with a token. */
export type Asking = (api: StorageApi, token: string) => Promise<unknown>;

interface Refused {
  readonly refusal: Refusal;
  /** Otherwise it is tried again. */
  readonly isForGood: boolean;
}

/** The row itself is wrong, or too large: it stays so. */
const FOR_GOOD: ReadonlySet<unknown> = new Set([400, 413, 422]);
/** dm3's own storage has no routes for deletions. What stands before a storage that is away says the same of all. */
const NO_ROUTE: ReadonlySet<unknown> = new Set([404, 405]);

export async function orRefusal<T>(asked: Promise<T>): Promise<T | Refusal> {
  try {
    return await asked;
  } catch (error) {
    if (isSignpostError(error, "RELAY_NODE_REFUSED")) return error;
    throw error;
  }
}

/** Asks, and says what was refused; null where nothing was. Throws what else the storage's API throws. */
export async function refusalOf(
  ask: Asking,
  isDeletion: boolean,
  ...way: Parameters<Asking>
): Promise<Refused | null> {
  const isUnknown = ({ refusal }: Refused) => isDeletion && NO_ROUTE.has(refusal.details.status);
  const refused = await refusedBy(ask, way);
  if (refused === null || !isUnknown(refused)) return refused;
  if ((await refusedBy(anyOther, way)) !== null) return refused;
  // it is there; but it may have come back just now
  const again = await refusedBy(ask, way);
  return again && { ...again, isForGood: again.isForGood || isUnknown(again) };
}

/** What every storage answers. */
const anyOther: Asking = (api, token) => api.conversations(token, { pageSize: 1, offset: 0 });

async function refusedBy(ask: Asking, way: Parameters<Asking>): Promise<Refused | null> {
  const refusal = await orRefusal(ask(...way).then(() => null));
  return refusal && { refusal, isForGood: FOR_GOOD.has(refusal.details.status) };
}
