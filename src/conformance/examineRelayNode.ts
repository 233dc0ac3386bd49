/** THE MAIN FLOW of the conformance suite: group by group, facts are gathered, and then judged. */
import { type Line, notApplicable } from "../doctor/line.js";
import { foreignText } from "../fetch/foreignText.js";
import type { Check } from "./check.js";
import { ACKNOWLEDGEMENT_CHECKS } from "./checks/acknowledgementChecks.js";
import { CORS_CHECKS } from "./checks/corsChecks.js";
import { FETCH_CHECKS } from "./checks/fetchChecks.js";
import { LIVE_CHECKS } from "./checks/liveChecks.js";
import { PROPERTIES_CHECKS } from "./checks/propertiesChecks.js";
import { REACH_CHECKS } from "./checks/reachChecks.js";
import { RECORD_CHECKS } from "./checks/recordChecks.js";
import { ROUTE_CHECKS } from "./checks/routeChecks.js";
import { RPC_CHECKS } from "./checks/rpcChecks.js";
import { SIGN_IN_CHECKS } from "./checks/signInChecks.js";
import { SUBMIT_CHECKS } from "./checks/submitChecks.js";
import { isOk } from "./exchange.js";
import { acknowledgementFacts } from "./facts/acknowledgementFacts.js";
import { corsFacts } from "./facts/corsFacts.js";
import { deliveryFacts } from "./facts/deliveryFacts.js";
import { propertiesFacts } from "./facts/propertiesFacts.js";
import { reachFacts } from "./facts/reachFacts.js";
import { routeFacts } from "./facts/routeFacts.js";
import { rpcFacts } from "./facts/rpcFacts.js";
import { signInFacts } from "./facts/signInFacts.js";
import { admit, type ConformanceOptions, isOutOfTime, type Subject } from "./subject.js";

const MESSAGE_CHECKS = [...SUBMIT_CHECKS, ...FETCH_CHECKS, ...LIVE_CHECKS];

/**
 * Examines a relay node from outside. With accounts it sends messages from one to the other, and acknowledges them.
 * Throws INVALID_REQUEST for wrong options; whatever is wrong with the relay node is a line.
 * @param onGroup told of each group of checks before it begins
 */
export async function examineRelayNode(
  url: string,
  options: ConformanceOptions = {},
  onGroup: (title: string) => void = () => undefined,
): Promise<Line[]> {
  const subject = admit(url, options);
  const lines: Line[] = [];
  const reached = await reachFacts(subject);
  lines.push(...judge(REACH_CHECKS, reached));
  lines.push(...judge(RECORD_CHECKS, subject));

  const group = async <Facts>(
    title: string,
    checks: readonly Check<Facts>[],
    gather: () => Promise<Facts>,
  ): Promise<Facts | null> => {
    const ground = groundMissing(subject, isOk(reached.first));
    if (ground !== null) {
      lines.push(...skip(checks, ground));
      return null;
    }
    onGroup(title);
    const facts = await gather();
    const judged = judge(checks, facts);
    // what fails because no time was left says nothing about the relay node
    lines.push(...(isOutOfTime(subject) ? judged.map(outOfTime) : judged));
    return facts;
  };
  await group("properties", PROPERTIES_CHECKS, () => propertiesFacts(subject));
  await group("CORS", CORS_CHECKS, () => corsFacts(subject));
  await group("routes", ROUTE_CHECKS, () => routeFacts(subject));
  await accountGroups(subject, lines, group);
  // last, because one of these may end a relay node
  await group("malformed calls", RPC_CHECKS, () => rpcFacts(subject));
  return lines.map(printable);
}

type Group = <Facts>(
  title: string,
  checks: readonly Check<Facts>[],
  gather: () => Promise<Facts>,
) => Promise<Facts | null>;

async function accountGroups(subject: Subject, lines: Line[], group: Group): Promise<void> {
  const { accounts, profile } = subject;
  const skipAll = (ground: Ground, checks: readonly { readonly id: string }[]) => {
    lines.push(...skip(checks, ground));
  };
  if (accounts === null) {
    const ground = { reason: "no accounts were given (--sender, --receiver)", dependsOn: null };
    skipAll(ground, [...SIGN_IN_CHECKS, ...MESSAGE_CHECKS, ...ACKNOWLEDGEMENT_CHECKS]);
    return;
  }
  const signedIn = await group("signing in", SIGN_IN_CHECKS, () => signInFacts(subject, accounts));
  const token = signedIn?.token ?? null;
  if (token === null || profile === null) {
    const ground = dependingOn(
      profile === null ? "record" : signedIn?.signIn === null ? "challenge" : "sign-in",
    );
    skipAll(ground, [...MESSAGE_CHECKS, ...ACKNOWLEDGEMENT_CHECKS]);
    return;
  }
  const session = { name: accounts.receiver.name, token };
  const delivered = await group("messages", MESSAGE_CHECKS, () =>
    deliveryFacts(subject, { accounts, profile, session }),
  );
  const { accepted = null, rest = null } = delivered ?? {};
  if (accepted === null || rest === null || rest.copies.length === 0) {
    skipAll(dependingOn(accepted === null ? "submit" : "fetch"), ACKNOWLEDGEMENT_CHECKS);
    return;
  }
  await group("acknowledgements", ACKNOWLEDGEMENT_CHECKS, () =>
    acknowledgementFacts(subject, session, {
      ...{ senderName: accounts.sender.name, mailbox: rest.mailbox },
      envelope: accepted.envelope,
    }),
  );
}

interface Ground {
  readonly reason: string;
  readonly dependsOn: string | null;
}

const dependingOn = (id: string): Ground => ({ reason: `depends on ${id}`, dependsOn: id });

/** Names no check: a line that depends on `time` is made by a longer --timeout. */
const TIME = "time";
const OUT_OF_TIME: Ground = {
  reason: "the time was over; give more with --timeout",
  dependsOn: TIME,
};

function groundMissing(subject: Subject, isReachable: boolean): Ground | null {
  if (!isReachable) return dependingOn("reachable");
  return isOutOfTime(subject) ? OUT_OF_TIME : null;
}

function judge<Facts>(checks: readonly Check<Facts>[], facts: Facts): Line[] {
  return checks.map((check) => ({
    id: check.id,
    ...{ url: null, dependsOn: null },
    ...check.examine(facts),
  }));
}

function skip(checks: readonly { readonly id: string }[], { reason, dependsOn }: Ground): Line[] {
  return checks.map(({ id }) => ({ id, url: null, ...notApplicable(reason), dependsOn }));
}

function outOfTime(line: Line): Line {
  if (line.status === "passed") return line;
  const { reason, dependsOn } = OUT_OF_TIME;
  return { ...line, ...notApplicable(reason), dependsOn };
}

/** Much of a line was written by strangers. */
function printable(line: Line): Line {
  return { ...line, seen: foreignText(line.seen, 400) };
}

export const VERDICTS = ["passed", "unreachable", "warnings", "failed"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The worst of all lines. */
export function verdictOf(lines: readonly Line[]): Verdict {
  const isUnreachable = lines.some(({ id, status }) => id === "reachable" && status === "failed");
  if (isUnreachable) return "unreachable";
  if (lines.some(({ status }) => status === "failed")) return "failed";
  const isIncomplete = lines.some(({ dependsOn }) => dependsOn === TIME);
  return isIncomplete || lines.some(({ status }) => status === "warning") ? "warnings" : "passed";
}
