/** `signpost node check <url>`: each line passed, warning or failed, and what to do. */
import type { Command } from "commander";
import { examineRelayNode, type Verdict, verdictOf } from "../../conformance/examineRelayNode.js";
import type { Account, Accounts } from "../../conformance/subject.js";
import { SignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import {
  type RelayNodeOutcome,
  type ResolveOptions,
  resolveProfile,
  resolveRelayNode,
} from "../../sdk/node.js";
import { jsonText } from "../../terminal/jsonText.js";
import { doctorText } from "../doctorText.js";
import { givenKeyPairs } from "../message/givenKeys.js";
import { type LookupFlags, lookupOptions } from "../message/lookupOptions.js";
import { progressLine } from "../progressLine.js";
import { timeoutOption } from "../timeoutOption.js";
import { DEMO_FILE, openDemo } from "./demoAccounts.js";

interface CheckFlags extends LookupFlags {
  readonly name?: string;
  readonly sender?: string;
  readonly senderKeys?: string;
  readonly receiver?: string;
  readonly receiverKeys?: string;
  readonly demo?: string | true;
  readonly timeout?: string;
}

/** As those of `signpost doctor`. */
export const VERDICT_EXIT_STATUS: Readonly<Record<Verdict, number>> = {
  passed: 0,
  unreachable: 4,
  warnings: 6,
  failed: 7,
};

const WITHOUT_ACCOUNTS =
  "No message was sent: that takes two accounts, by --sender, --receiver and their keys, or by --demo.\n";

/** What is examined, with whom, and where ENS is. */
interface Task {
  /** Null: the record's. */
  readonly url: string | null;
  readonly name: string | null;
  readonly lookup: ResolveOptions | null;
  readonly accounts: Accounts | null;
}

/** Throws INVALID_REQUEST for flags that do not go together, NOT_FOUND and UNREACHABLE for names without a profile. */
export async function check(
  url: string | undefined,
  flags: CheckFlags,
  command: Command,
): Promise<void> {
  const timeout = timeoutOption(flags.timeout);
  if (url !== undefined) assertNoName(url);
  const task = await taskOf(url ?? null, flags);
  const { name, lookup, accounts } = task;
  const record = name === null || lookup === null ? null : await resolveRelayNode(name, lookup);
  const given = task.url ?? urlOf(record);
  const progress = progressLine();
  const lines = await examineRelayNode(
    given,
    {
      ...{ allowLoopback: lookup?.allowLoopback ?? flags.allowLoopback ?? false, ...timeout },
      ...(accounts !== null && { accounts }),
      ...(record !== null && { record }),
    },
    progress.show,
  ).finally(progress.clear);
  const verdict = verdictOf(lines);
  const text = flags.json
    ? jsonText({ url: given, verdict, lines })
    : doctorText(foreignText(given), verdict, lines);
  const rest = accounts === null && !flags.json ? WITHOUT_ACCOUNTS : "";
  command.configureOutput().writeOut?.(`${text}\n${rest}`);
  process.exitCode = VERDICT_EXIT_STATUS[verdict];
}

async function taskOf(url: string | null, flags: CheckFlags): Promise<Task> {
  const name = flags.name ?? null;
  if (flags.demo !== undefined) {
    const demo = await openDemo(flags.demo === true ? DEMO_FILE : flags.demo);
    return { url, name: name ?? demo.relayNode, lookup: demo.lookup, accounts: demo.accounts };
  }
  const accounts = await accountsOf(flags);
  return { url, name, lookup: name === null ? null : lookupOptions(flags), accounts };
}

/** Throws INVALID_REQUEST: of a name, each line would say only that it is no URL. */
function assertNoName(url: string): void {
  if (!/^[^:/?#\s]+\.[^:/?#\s]+$/.test(url)) return;
  const name = foreignText(url);
  throw new SignpostError(
    "INVALID_REQUEST",
    `${name} is no URL. For the relay node of an ENS name, give --name ${name}.`,
  );
}

/** Where the record leads. Throws INVALID_REQUEST without one, NOT_FOUND and UNREACHABLE. */
function urlOf(record: RelayNodeOutcome | null): string {
  if (record === null) {
    throw new SignpostError("INVALID_REQUEST", "Give the relay node's URL, or its --name.");
  }
  if (record.status === "found") return record.profile.url;
  const code = record.status === "unreachable" ? "UNREACHABLE" : "NOT_FOUND";
  throw new SignpostError(code, record.sentence, { name: record.name });
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
