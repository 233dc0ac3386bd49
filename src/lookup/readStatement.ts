/** What somebody signed for a name, as the name publishes it: the text of a record, and who owns the name. */
import { checksumAddress } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import type { Named } from "./namedBy.js";
import type { AbsentOutcome, Verified } from "./outcome.js";
import { readBesideAddress } from "./readBesideAddress.js";
import type { ReadContext } from "./readContext.js";
import { readText } from "./readRecord.js";
import type { ResolveSettings } from "./resolveOptions.js";

export interface StatementRead {
  readonly status: "read";
  readonly text: string;
  /** The name's Ethereum address (EIP-55); null for a name that is its service's own. */
  readonly owner: Verified["resolver"] | null;
  readonly context: ReadContext;
  readonly resolver: Verified["resolver"];
  readonly named: Named;
}

/**
 * @param key of the text record
 * @param whatItIsNot continues a sentence about a name without the record
 * @throws UNREACHABLE, or a failed check
 */
export async function readStatement(
  asked: ResolvableName,
  settings: ResolveSettings,
  key: string,
  whatItIsNot: string,
): Promise<StatementRead | AbsentOutcome> {
  const read = await readBesideAddress(
    asked,
    settings,
    (context, resolver) => readText(context, resolver, asked, key),
    {
      noResolver: `has no resolver in ENS, so it ${whatItIsNot}`,
      noRecord: `has no record ${key}: it ${whatItIsNot}`,
    },
  );
  if (read.status === "absent") return read;
  const { value: text, address, context, resolver, named } = read;
  return {
    ...{ status: "read", text, context, named },
    owner: address && checksumAddress(address),
    resolver: checksumAddress(resolver.address),
  };
}
