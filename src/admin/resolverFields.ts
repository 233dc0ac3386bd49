import type { ResolverState } from "../chain/resolverState.js";
import type { Fields } from "./change.js";

export type ResolverField =
  | "owner"
  | "pendingOwner"
  | "signers"
  | "urls"
  | "maxValiditySec"
  | "metadataUrls"
  | "operationUrl";

/** A resolver's settings, field by field. */
export function resolverFields(state: ResolverState): Readonly<Record<ResolverField, string[]>> {
  return {
    owner: [state.owner],
    pendingOwner: listOf(state.pendingOwner),
    signers: [...state.signers],
    urls: [...state.urls],
    maxValiditySec: [state.maxValiditySec.toString()],
    metadataUrls: [...state.metadataUrls],
    operationUrl: listOf(state.operationUrl),
  };
}

/** Those of `fields` that `keys` names. */
export function pick(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.map((key) => [key, fields[key] ?? []]));
}

function listOf(value: string | null): string[] {
  return value === null ? [] : [value];
}
