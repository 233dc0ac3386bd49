/** The mix of all kinds at a bounded rate, and the count of how each was answered. */
import { setTimeout as delay } from "node:timers/promises";
import { AbiCoder, dataLength } from "ethers";
import { verifyAnswer } from "../../test/gateway/ensRequest.js";
import type { Ending } from "./exchange.js";
import type { RequestKind, SentRequest } from "./requestKinds.js";
import { RESOLVER } from "./serviceUnderLoad.js";

/** A service that answers slowly is asked more slowly; what waits for its time-out must not hold up the rest. */
const MOST_AT_ONCE = 150;
const TICK_MS = 20;
/** What a busy machine missed is not made up for. */
const LONGEST_STEP_MS = 200;
/** Verifying takes longer than answering; the form of each answer, and what it says, are looked at in all. */
const ONE_VERIFIED_OF = 10;
const LONGEST_LIST = 20;

export interface LoadReport {
  /** By the kind's title: how many ended in which way. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<Ending, number>>;
  readonly sent: number;
  readonly verified: number;
  /** Every answer that was not as it should be, in words; the first 20 of them. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
}

/** @param onTick told of what was sent so far, and of how much of it was answered wrongly */
export async function runLoad(
  kinds: readonly RequestKind[],
  { durationMs, signer }: { durationMs: number; signer: string },
  onTick: (elapsedMs: number, sent: number, wrong: number) => void,
): Promise<LoadReport> {
  const counts = new Map(kinds.map(({ title }) => [title, new Map<Ending, number>()]));
  const turns = new Map<RequestKind, number>();
  const underWay = new Set<Promise<void>>();
  const wrong: string[] = [];
  let wrongCount = 0;
  let sent = 0;
  let verified = 0;
  let signedSeen = 0;

  const note = (what: string) => {
    wrongCount++;
    if (wrong.length < LONGEST_LIST) wrong.push(what);
  };
  const judge = (kind: RequestKind, { reply, lookup }: SentRequest) => {
    const ofKind = counts.get(kind.title);
    ofKind?.set(reply.ending, (ofKind.get(reply.ending) ?? 0) + 1);
    if (!kind.endings.includes(reply.ending)) {
      note(`${kind.title}: ended with ${reply.ending} (${reply.cause ?? "no further cause"})`);
    } else if (lookup) {
      const full = signedSeen++ % ONE_VERIFIED_OF === 0;
      if (full) verified++;
      const fault = faultOf(reply.data, lookup, full ? signer : null);
      if (fault !== null) note(`${kind.title}: ${fault}`);
    }
  };
  const send = async (kind: RequestKind, turn: number) => {
    try {
      judge(kind, await kind.send(turn));
    } catch (error) {
      note(`${kind.title}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const startedMs = Date.now();
  // runs as time does, but stands still while too much is under way: so that the mix stays what it is
  let paceMs = 0;
  for (let elapsedMs = 0; elapsedMs < durationMs;) {
    for (const kind of kinds) {
      const due = Math.floor((paceMs / 1000) * kind.perSecond);
      for (let turn = turns.get(kind) ?? 0; turn < due; turn++) {
        turns.set(kind, turn + 1);
        sent++;
        const request = send(kind, turn).finally(() => underWay.delete(request));
        underWay.add(request);
      }
    }
    onTick(elapsedMs, sent, wrongCount);
    await delay(TICK_MS);
    const nowMs = Date.now() - startedMs;
    if (underWay.size < MOST_AT_ONCE) paceMs += Math.min(nowMs - elapsedMs, LONGEST_STEP_MS);
    elapsedMs = nowMs;
  }
  await Promise.all(underWay);
  return { counts, sent, verified, wrong, wrongCount };
}

/** What is wrong with an answer that had to be signed, or null. @param signer null where the form is enough */
function faultOf(
  data: string | null,
  { request, isRight }: NonNullable<SentRequest["lookup"]>,
  signer: string | null,
): string | null {
  if (data === null) return "200 without data";
  const [result, , signature] = AbiCoder.defaultAbiCoder()
    .decode(["bytes", "uint64", "bytes"], data)
    .toArray() as [string, bigint, string];
  if (dataLength(signature) !== 65) return "200 without a signature";
  if (signer !== null) {
    const verified = verifyAnswer(data, { target: RESOLVER, request });
    if (verified.signer !== signer) return `signed by ${verified.signer}`;
  }
  return isRight(result) ? null : "the wrong record";
}
