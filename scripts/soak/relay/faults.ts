/** What happens to a relay node and its Postgres while people write, and when: by how much of it is done. */
import { setTimeout as delay } from "node:timers/promises";
import type { PostgresServer } from "../../../test/faults/postgresServer.js";
import type { CuttableProxy } from "./cuttableProxy.js";
import type { NodeProcess } from "./nodeProcess.js";

export interface FaultParts {
  readonly node: Pick<NodeProcess, "start" | "kill">;
  readonly postgres: Pick<PostgresServer, "start" | "stop" | "kill">;
  readonly proxy: Pick<CuttableProxy, "cut">;
}

export type FaultKind = "node killed" | "Postgres stopped" | "Postgres killed";

export interface Fault {
  readonly kind: FaultKind;
  /** From 0 to 1, of the messages that are decided. */
  readonly at: number;
}

/**
 * The relay node is killed early and, when all is sent, once more (`FINAL_FAULT`): in between it runs for as long as there is, so
 * that its memory can be compared.
 */
export const FAULTS: readonly Fault[] = [
  ...[0.03, 0.08, 0.13, 0.18].map((at): Fault => ({ kind: "node killed", at })),
  ...[0.05, 0.15, 0.35, 0.6, 0.8].map((at): Fault => ({ kind: "Postgres stopped", at })),
  ...[0.1, 0.5].map((at): Fault => ({ kind: "Postgres killed", at })),
];
export const FEW_FAULTS: readonly Fault[] = [
  { kind: "node killed", at: 0.3 },
  { kind: "Postgres stopped", at: 0.6 },
];
/** So long it is away. */
const AWAY_MS = 1_200;
const CUT_EACH_MS = 2_000;
/** A connection lives for some forty seconds: long enough for a full mailbox to come over it. */
const CUT_SHARE = 0.05;
const LOOK_EACH_MS = 10;

/** @param done the share that is done now; @returns what was done, in its order, once `signal` ends it */
export async function runFaults(
  parts: FaultParts,
  faults: readonly Fault[],
  done: () => number,
  signal: AbortSignal,
): Promise<readonly FaultKind[]> {
  const left = faults.toSorted((a, b) => a.at - b.at);
  const happened: FaultKind[] = [];
  let cutMs = Date.now();
  while (!signal.aborted) {
    const [next] = left;
    if (next !== undefined && done() >= next.at) {
      left.shift();
      await happen(parts, next.kind);
      happened.push(next.kind);
    }
    if (Date.now() - cutMs >= CUT_EACH_MS) {
      parts.proxy.cut(CUT_SHARE);
      cutMs = Date.now();
    }
    await delay(LOOK_EACH_MS);
  }
  return happened;
}

export async function happen({ node, postgres }: FaultParts, kind: FaultKind): Promise<void> {
  switch (kind) {
    case "node killed":
      await node.kill();
      await delay(AWAY_MS / 4);
      await node.start();
      return;
    case "Postgres stopped":
      await postgres.stop();
      await delay(AWAY_MS);
      await postgres.start();
      return;
    case "Postgres killed":
      await postgres.kill();
      await delay(AWAY_MS);
      await postgres.start();
      return;
  }
}
