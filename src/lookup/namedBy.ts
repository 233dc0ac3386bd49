/** What an outcome says of whose word it follows, and of clients that follow another one. */
import { type Address, checksumAddress } from "../ens/address.js";
import type { Finding } from "./findResolver.js";
import type { AbsentOutcome } from "./outcome.js";

export type Named = Pick<AbsentOutcome, "namedBy" | "resolverInV1">;

export function namedBy({ namedBy }: Finding, resolverInV1: Address | null | undefined): Named {
  if (resolverInV1 === undefined) return { namedBy };
  const address = resolverInV1 === null ? null : checksumAddress(resolverInV1);
  return { namedBy, resolverInV1: address };
}

/** Empty where ENSv1 and ENSv2 agree; otherwise it continues a sentence's text. */
export function differenceText({ resolverInV1 }: Named): string {
  if (resolverInV1 === undefined) return "";
  return resolverInV1 === null
    ? " Clients without ENSv2 find no resolver for it."
    : ` Clients without ENSv2 ask another resolver, ${resolverInV1}, and may see something else.`;
}
