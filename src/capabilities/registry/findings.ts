/** What the operator reads of the domains that are served. */
import { toHex } from "../../abi/hex.js";
import type { ServedResolver } from "../../registry/domains/domain.js";

/** @param url where the service listens */
export function servedDomainLines(
  resolvers: readonly ServedResolver[],
  url: string,
): readonly string[] {
  if (resolvers.length === 0) {
    return [
      "  no domain yet: add one with `signpost domain add <name> --chain <id> --resolver <address>`",
    ];
  }
  return resolvers.map(
    ({ domain, chainId, resolver }) =>
      `  ${domain}  ${url}/ccip/${chainId.toString()}/${toHex(resolver)}`,
  );
}
