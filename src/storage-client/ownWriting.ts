/**
 * The messages that the user writes on this device, from the outbox into the storage: as soon as it is known that their receiver has a
 * profile, or as halted ones where that is known to be missing.
 */
import { type NewMessage, unsignedMessage } from "../dm3/message/messageContent.js";
import { signMessage } from "../dm3/message/messageSignature.js";
import { dm3Hash } from "../dm3/stringify.js";
import type { OutgoingReport } from "../messenger/outgoingReport.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { containerOfSent, inState, readContainer } from "./codec/container.js";
import type { Halted } from "./haltedMessages.js";
import type { Write } from "./pendingWrites.js";

export interface OwnWritingParts extends Pick<
  StorageParts,
  "keys" | "store" | "clock" | "outgoing"
> {
  readonly write: (write: Write) => Promise<void>;
  readonly onDefect: (thrown: unknown) => void;
}

export interface OwnWriting {
  /** Before the outbox has it. */
  written(id: string, given: NewMessage): Promise<void>;
  /** Never rejects. */
  became(report: OutgoingReport): void;
  withdrawn(id: string): Promise<void>;
  /** Sends what another device left there, as soon as its receiver has a profile. */
  takeOver(halted: readonly Halted[]): Promise<void>;
  /** Goes on with what the program stopped in. Called before anything else. */
  goOn(): Promise<void>;
}

/** What is kept of a message, by its id in the outbox, until nothing more can become of it here. */
interface Entry {
  readonly given: NewMessage;
  /** Whether the storage has it as a halted one. */
  readonly isHalted: boolean;
}

const PLACE = "storage/own/";
/** Nobody is shown them: they say of other messages that those arrived. */
const RECEIPTS = new Set(["READ_RECEIVED", "READ_OPENED"]);

export function createOwnWriting(parts: OwnWritingParts): OwnWriting {
  const { store, outgoing, write, clock } = parts;
  const [{ signingKey }] = parts.keys;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: each reads what is kept and then writes it. */
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const next = last.then(step);
    last = next.catch(() => undefined);
    return next;
  }

  const entryOf = async (id: string) => (await store.get(PLACE + id)) as Entry | null;

  async function signed(given: NewMessage) {
    const message = await signMessage(signingKey, unsignedMessage(given));
    return { message, messageHash: dm3Hash(message) };
  }

  async function add(given: NewMessage, isHalted: boolean): Promise<void> {
    const { message, messageHash } = await signed(given);
    const container = containerOfSent(message, isHalted);
    await write({
      ...{ kind: "add", contact: given.to, messageHash, container, isHalted },
      ...{ createdMs: clock.nowMs(), incomingId: null },
    });
  }

  /** It is no longer to be sent by any device. */
  async function clear(given: NewMessage, isSent: boolean): Promise<void> {
    const { message, messageHash } = await signed(given);
    await write({ kind: "clear", contact: given.to, messageHash });
    const container = readContainer(containerOfSent(message, false));
    if (isSent || container === null) return;
    await write({
      ...{ kind: "edit", contact: given.to, messageHash, createdMs: clock.nowMs() },
      container: inState(container.members, "failed"),
    });
  }

  async function step(report: OutgoingReport): Promise<void> {
    const { id, state, mark } = report;
    const entry = await entryOf(id);
    if (entry === null) return;
    const { given, isHalted } = entry;
    if (isHalted) {
      if (state === null) return;
      await clear(given, state === "accepted" || state === "delivered");
    } else if (mark === "held") {
      await add(given, true);
      await store.set(PLACE + id, { given, isHalted: true } satisfies Entry);
      return;
    } else {
      // it is on its way to somebody with a profile, or there is no way
      if (state === null && report.messageHash === null) return;
      await add(given, false);
    }
    await store.delete(PLACE + id);
  }

  async function forget(id: string): Promise<void> {
    const entry = await entryOf(id);
    if (entry?.isHalted === true) await clear(entry.given, false);
    await store.delete(PLACE + id);
  }

  return {
    async written(id, given) {
      if (RECEIPTS.has(given.type)) return;
      await inTurn(() => store.set(PLACE + id, { given, isHalted: false } satisfies Entry));
    },
    became: (report) => {
      inTurn(() => step(report)).catch(parts.onDefect);
    },
    withdrawn: (id) => inTurn(() => forget(id)),
    async takeOver(halted) {
      const kept = await store.entries(PLACE);
      const known = await Promise.all(
        kept.map(async ([, entry]) => (await signed((entry as Entry).given)).messageHash),
      );
      for (const { messageHash, given } of halted) {
        if (known.includes(messageHash)) continue;
        const id = `halted/${messageHash}`;
        if ((await outgoing.report(id)) !== null) continue;
        await inTurn(() => store.set(PLACE + id, { given, isHalted: true } satisfies Entry));
        await outgoing.sendWritten({ id, given });
      }
    },
    // in its turn, before what is written now: of that the outbox may not know yet
    goOn: () =>
      inTurn(async () => {
        for (const [key] of await store.entries(PLACE)) {
          const id = key.slice(PLACE.length);
          const report = await outgoing.report(id);
          // it was never sent, or taken back
          if (report === null) await forget(id);
          else await step(report);
        }
      }),
  };
}
