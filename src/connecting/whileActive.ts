/**
 * Runs something while this process is the one that may: the active component. The others wait, and one of them goes on
 * within seconds when it ends or does not say that it lives.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ActiveComponent } from "../db/messaging/activeComponent.js";
import { startRounds } from "../health/rounds.js";

export interface WhileActiveParts {
  readonly lease: ActiveComponent;
  /** Random, of this process. */
  readonly holder: string;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  readonly reportFailure: (error: unknown) => void;
}

export interface WhileActive {
  readonly isActive: () => boolean;
  readonly end: () => Promise<void>;
}

const LEASE_MS = 8_000;
const PAUSE_MS = 2_000;
/** Whoever could not prolong it for so long stops before another one starts. */
const SURE_MS = 5_000;

const late = (ms: number) => delay(Math.max(0, ms), null, { ref: false });

export function whileActive(parts: WhileActiveParts): WhileActive {
  const { lease, holder, reportFailure } = parts;
  let isActive = false;
  let sinceMs = 0;

  async function round(): Promise<void> {
    const askedMs = performance.now();
    const taken = lease.take(holder, LEASE_MS).catch((error: unknown) => {
      reportFailure(error);
      return null;
    });
    const sureMs = isActive ? sinceMs + SURE_MS - askedMs : SURE_MS;
    // a database that hangs ends the certainty like one that refuses
    const isMine = await Promise.race([taken, late(sureMs)]);
    if (isMine === true) sinceMs = askedMs;
    if (isMine === null && isActive && performance.now() - sinceMs < SURE_MS) return;
    if ((isMine === true) === isActive) return;
    isActive = isMine === true;
    if (isActive) parts.start();
    else await parts.stop();
  }

  const rounds = startRounds(round, () => PAUSE_MS);
  return {
    isActive: () => isActive,
    end: async () => {
      await rounds.stop();
      if (!isActive) return;
      isActive = false;
      await parts.stop();
      await lease.leave(holder).catch(reportFailure);
    },
  };
}
