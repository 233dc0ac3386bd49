/** A domain and a resolver as the options of `signpost domain` name them. */
import type { Command } from "commander";
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

function parseChainId(text: string): bigint {
  if (/^[1-9][0-9]{0,18}$/.test(text)) return BigInt(text);
  throw new SignpostError(
    "INVALID_REQUEST",
    `--chain takes a decimal chain id, such as 1; got ${text}.`,
  );
}
