/** What somebody signed for a name, as the name publishes it: the text of a record, and who owns the name. */
import { checksumAddress } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { CheckLog } from "./checks.js";
import { findResolver } from "./findResolver.js";
import { differenceText, type Named, namedBy } from "./namedBy.js";
import type { AbsentOutcome, Verified } from "./outcome.js";
import type { ReadContext } from "./readContext.js";
import { readAddress, readText } from "./readRecord.js";
import { type ResolveSettings, startReading } from "./resolveOptions.js";
import { resolverInV1 } from "./resolverInV1.js";

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
  const { name } = asked;
  const context = startReading(settings);
  const finding = await findResolver(context, settings, asked);
  const { resolver } = finding;
  if (resolver === null) {
    const named = namedBy(finding, await resolverInV1(context, asked, finding));
    const sentence = `${name} has no resolver in ENS, so it ${whatItIsNot}.${differenceText(named)}`;
    return { status: "absent", name, sentence, reason: "no-resolver", ...named };
  }
  // a log of its own, so that the order of the checks does not depend on the network
  const addressContext = { ...context, checks: new CheckLog() };
  const [text, address, inV1] = await Promise.all([
    readText(context, resolver, asked, key),
    readAddress(addressContext, resolver, asked),
    resolverInV1(context, asked, finding),
  ]);
  const named = namedBy(finding, inV1);
  if (text === null) {
    const sentence = `${name} has no record ${key}: it ${whatItIsNot}.${differenceText(named)}`;
    return { status: "absent", name, sentence, reason: "no-record", ...named };
  }
  context.checks.passed.unshift(...addressContext.checks.passed);
  const owner = address && checksumAddress(address);
  return {
    ...{ status: "read", text, owner, context, named },
    resolver: checksumAddress(resolver.address),
  };
}
