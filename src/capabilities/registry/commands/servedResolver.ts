/** A domain and a resolver as the options of `signpost domain` name them. */
import type { Command } from "commander";
import type { ResolverPlace } from "../../../db/signerStore.js";
import { parseAddress } from "../../../ens/address.js";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import type { ServedResolver } from "../../../registry/domains/domain.js";

export interface ServedFlags {
  readonly chain: string;
  readonly resolver: string;
  readonly json?: true;
}

/** What names a resolver, and --json. */
export function withResolverOptions(command: Command): Command {
  return command
    .requiredOption("--chain <id>", "chain id of the resolver, e.g. 1")
    .requiredOption("--resolver <address>", "address of the OffchainResolver")
    .option("--json", "print JSON");
}

/** Throws INVALID_NAME, INVALID_REQUEST. */
export function servedResolver(name: string, flags: ServedFlags): ServedResolver {
  return {
    domain: normalizeName(name),
    chainId: parseChainId(flags.chain),
    resolver: parseAddress(flags.resolver),
  };
}

export interface PlaceFlags {
  readonly chain?: string;
  readonly resolver?: string;
}

/** What may name one of the resolvers that are served. */
export function withPlaceOptions(command: Command): Command {
  return command
    .option("--chain <id>", "with --resolver: its chain id")
    .option("--resolver <address>", "at this resolver alone (default: each that is served)");
}

/** Null where none is named. Throws INVALID_REQUEST. */
export function placeOf({ chain, resolver }: PlaceFlags): ResolverPlace | null {
  if (chain === undefined && resolver === undefined) return null;
  if (chain !== undefined && resolver !== undefined) {
    return { chainId: parseChainId(chain), resolver: parseAddress(resolver) };
  }
  throw new SignpostError(
    "INVALID_REQUEST",
    "A resolver is named by --chain and --resolver together; give both, or none for all of them.",
  );
}

function parseChainId(text: string): bigint {
  if (/^[1-9][0-9]{0,18}$/.test(text)) return BigInt(text);
  throw new SignpostError(
    "INVALID_REQUEST",
    `--chain takes a decimal chain id, such as 1; got ${text}.`,
  );
}
