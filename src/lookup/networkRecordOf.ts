/** The network record of a name, with the signatures of its relay nodes compared; nobody is asked about the nodes. */
import {
  assertNetworkOf,
  NETWORK_KEY,
  type NetworkRecord,
  parseNetworkRecord,
} from "../dm3/statement/networkRecord.js";
import { parseStatementText } from "../dm3/statement/statementText.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { differenceText } from "./namedBy.js";
import type { VerifiedNetwork } from "./networkOutcome.js";
import { type FailedOutcome, outcomeOfError } from "./outcome.js";
import { readStatement } from "./readStatement.js";
import type { ResolveSettings } from "./resolveOptions.js";

/** Throws nothing but defects. */
export async function networkRecordOf(
  asked: ResolvableName,
  settings: ResolveSettings,
): Promise<VerifiedNetwork | FailedOutcome> {
  try {
    return await verifiedRecord(asked, settings);
  } catch (error) {
    return outcomeOfError(asked.name, error);
  }
}

async function verifiedRecord(
  asked: ResolvableName,
  settings: ResolveSettings,
): Promise<VerifiedNetwork | FailedOutcome> {
  const { name } = asked;
  const whatItIsNot = "is no messaging gateway and no bridge";
  const read = await readStatement(asked, settings, NETWORK_KEY, whatItIsNot);
  if (read.status === "absent") return read;
  const { text, owner, context, resolver, named } = read;
  const { checks } = context;
  const record = checks.run("network-record", "the network record is well-formed", () =>
    parseNetworkRecord(parseStatementText(NETWORK_KEY, text)),
  );
  const signers = record.relayNodes.map((node) => node.name).join(", ");
  checks.run("network-signature", `signed for ${name} by ${signers}`, () => {
    assertNetworkOf(name, owner, record);
  });
  return {
    ...{ status: "found", name, owner, record, resolver },
    sentence: `${name} is ${kindText(record)}.${differenceText(named)}`,
    ...named,
    checks: checks.passed,
    expiresAt: context.expiry.isoTime,
  };
}

function kindText({ kind, network, nativeDomain }: NetworkRecord): string {
  const joined = nativeDomain === null ? network : `${network} of ${nativeDomain}`;
  return kind === "gateway"
    ? `a messaging gateway to ${joined}: nobody but its users holds their keys`
    : `a bridge to ${joined}: it holds the DM3 keys of that network's people`;
}
