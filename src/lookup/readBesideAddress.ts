/** A record of a name, and beside it the name's Ethereum address: what is signed for a name counts for one owner. */
import type { Address } from "../ens/address.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import type { FoundResolver } from "./callResolver.js";
import { CheckLog } from "./checks.js";
import { findResolver } from "./findResolver.js";
import { differenceText, type Named, namedBy } from "./namedBy.js";
import type { AbsentOutcome } from "./outcome.js";
import type { SourceContext } from "./profileSource.js";
import { readAddress } from "./readRecord.js";
import { type ResolveSettings, startReading } from "./resolveOptions.js";
import { resolverInV1 } from "./resolverInV1.js";

export interface RecordRead<Value> {
  readonly status: "read";
  readonly value: Value;
  /** Null for a name that is its service's own. */
  readonly address: Address | null;
  /** With the checks of both. */
  readonly context: SourceContext;
  readonly resolver: FoundResolver;
  readonly named: Named;
}

/** What is told of a name that has no such record, without the full stop. */
export interface AbsentTexts {
  readonly noResolver: string;
  readonly noRecord: string;
}

/**
 * Both at once. What is wrong with the address matters only where there is a record.
 * @param read null where there is no record
 * @throws UNREACHABLE, or a failed check
 */
export async function readBesideAddress<Value>(
  asked: ResolvableName,
  settings: ResolveSettings,
  read: (context: SourceContext, resolver: FoundResolver) => Promise<Value | null>,
  { noResolver, noRecord }: AbsentTexts,
): Promise<RecordRead<Value> | AbsentOutcome> {
  const { name } = asked;
  const absent = (reason: AbsentOutcome["reason"], text: string, named: Named): AbsentOutcome => ({
    ...{ status: "absent", name, reason, ...named },
    sentence: `${name} ${text}.${differenceText(named)}`,
  });
  const context = startReading(settings);
  const finding = await findResolver(context, settings, asked);
  const { resolver } = finding;
  if (resolver === null) {
    const inV1 = await resolverInV1(context, asked, finding);
    return absent("no-resolver", noResolver, namedBy(finding, inV1));
  }
  // a log of its own, so that the order of the checks does not depend on the network
  const addressContext = { ...context, checks: new CheckLog() };
  const [recordRead, addressRead, inV1] = await Promise.allSettled([
    read(context, resolver),
    readAddress(addressContext, resolver, asked),
    resolverInV1(context, asked, finding),
  ]);
  const value = valueOf(recordRead);
  const named = namedBy(finding, valueOf(inV1));
  if (value === null) return absent("no-record", noRecord, named);
  const address = valueOf(addressRead);
  context.checks.passed.unshift(...addressContext.checks.passed);
  return { status: "read", value, address, context, resolver, named };
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}
