/** A domain and a resolver as the options of `signpost domain` name them. */
import { parseAddress } from "../ens/address.js";
import { normalizeName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import type { ServedResolver } from "../registry/store.js";

export interface ServedFlags {
  readonly chain: string;
  readonly resolver: string;
  readonly json?: true;
}

/** Throws INVALID_NAME, INVALID_REQUEST. */
export function servedResolver(name: string, flags: ServedFlags): ServedResolver {
  return {
    domain: normalizeName(name),
    chainId: parseChainId(flags.chain),
    resolver: parseAddress(flags.resolver),
  };
}

function parseChainId(text: string): bigint {
  if (/^[1-9][0-9]{0,18}$/.test(text)) return BigInt(text);
  throw new SignpostError(
    "INVALID_REQUEST",
    `--chain takes a decimal chain id, such as 1; got ${text}.`,
  );
}
