/** `signpost node check <url>`: each line passed, warning or failed, and what to do. */
import type { Command } from "commander";
import { examineRelayNode, type Verdict, verdictOf } from "../../conformance/examineRelayNode.js";
import type { Account, Accounts } from "../../conformance/subject.js";
import { SignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { resolveProfile, resolveRelayNode } from "../../sdk/node.js";
import { jsonText } from "../../terminal/jsonText.js";
import { doctorText } from "../doctorText.js";
import { givenKeyPairs } from "../message/givenKeys.js";
import { type LookupFlags, lookupOptions } from "../message/lookupOptions.js";
import { progressLine } from "../progressLine.js";
import { timeoutOption } from "../timeoutOption.js";

interface CheckFlags extends LookupFlags {
  readonly name?: string;
  readonly sender?: string;
  readonly senderKeys?: string;
  readonly receiver?: string;
  readonly receiverKeys?: string;
  readonly timeout?: string;
}

/** As those of `signpost doctor`. */
export const VERDICT_EXIT_STATUS: Readonly<Record<Verdict, number>> = {
  passed: 0,
  unreachable: 4,
  warnings: 6,
  failed: 7,
};

/** Throws INVALID_REQUEST for flags that do not go together, NOT_FOUND and UNREACHABLE for accounts without a profile. */
export async function check(url: string, flags: CheckFlags, command: Command): Promise<void> {
  const { name, allowLoopback = false } = flags;
  const progress = progressLine();
  const accounts = await accountsOf(flags);
  const record = name === undefined ? null : await resolveRelayNode(name, lookupOptions(flags));
  const lines = await examineRelayNode(
    url,
    {
      ...{ allowLoopback, ...timeoutOption(flags.timeout) },
      ...(accounts !== null && { accounts }),
      ...(record !== null && { record }),
    },
    progress.show,
  ).finally(progress.clear);
  const verdict = verdictOf(lines);
  const text = flags.json
    ? jsonText({ url, verdict, lines: lines })
    : doctorText(foreignText(url), verdict, lines);
  command.configureOutput().writeOut?.(`${text}\n`);
  process.exitCode = VERDICT_EXIT_STATUS[verdict];
}

/** Null where none are given. */
async function accountsOf(flags: CheckFlags): Promise<Accounts | null> {
  const { name, sender, senderKeys, receiver, receiverKeys } = flags;
  const given = [sender, senderKeys, receiver, receiverKeys];
  if (given.every((flag) => flag === undefined)) return null;
  const isWhole = [name, ...given].every((flag) => flag !== undefined);
  if (!isWhole || sender === undefined || receiver === undefined) throw incomplete();
  return {
    sender: await accountOf(sender, senderKeys ?? "", flags),
    receiver: await accountOf(receiver, receiverKeys ?? "", flags),
  };
}

/** Its profile is the one in ENS, by which the relay node knows it. */
async function accountOf(name: string, keyFile: string, flags: CheckFlags): Promise<Account> {
  const { profileKeys: keys } = await givenKeyPairs(keyFile);
  const outcome = await resolveProfile(name, { ...lookupOptions(flags), relayNodes: "none" });
  if (outcome.status !== "found") {
    const code = outcome.status === "unreachable" ? "UNREACHABLE" : "NOT_FOUND";
    throw new SignpostError(code, outcome.sentence, { name });
  }
  const { profile, signature } = outcome;
  return { name: outcome.name, keys, signed: { profile, signature } };
}

function incomplete(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "Messages need two accounts and the relay node's name: give --sender, --sender-keys, --receiver, --receiver-keys and --name.",
  );
}
