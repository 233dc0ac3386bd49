/** `signpost message send <to>`: through the receiver's relay nodes, until one accepts it or the time is over. */
import type { Command } from "commander";
import { createMessenger, type OutgoingReport } from "../../sdk/messagesNode.js";
import { type ContentFlags, contentOf } from "./content.js";
import { givenKeys } from "./givenKeys.js";
import { type LookupFlags, lookupOptions } from "./lookupOptions.js";
import { secondsOf } from "./seconds.js";
import { tell } from "./tell.js";

interface SendFlags extends LookupFlags, ContentFlags {
  readonly from: string;
  readonly keys: string;
  readonly waitSec: string;
}

/** By what it came to: a script tells a refusal from an outage, and from a receiver without a profile. */
const SEND_EXIT_STATUS = { accepted: 0, refused: 1, noProfile: 3, notYet: 4 } as const;

/** Throws INVALID_REQUEST for flags that do not go together, and what sending throws. */
export async function send(to: string, flags: SendFlags, command: Command): Promise<void> {
  const content = contentOf(flags);
  const waitMs = secondsOf("--wait-sec", flags.waitSec) * 1000;
  const messenger = createMessenger({
    ...lookupOptions(flags),
    ...{ name: flags.from, keys: await givenKeys(flags.keys) },
    patience: { deadlineMs: waitMs, refusalMs: waitMs },
  });
  try {
    const { id } = await messenger.send(to, content);
    const report = await messenger.settled(id);
    tell(command, flags, report, linesOf(report));
    process.exitCode = exitStatusOf(report);
  } finally {
    await messenger.stop();
  }
}

function exitStatusOf({ state, mark }: OutgoingReport): number {
  if (mark === "held") return SEND_EXIT_STATUS.noProfile;
  if (state === "refused") return SEND_EXIT_STATUS.refused;
  return state === "expired" ? SEND_EXIT_STATUS.notYet : SEND_EXIT_STATUS.accepted;
}

function linesOf({ state, mark, why, acceptedBy, messageHash }: OutgoingReport): readonly string[] {
  const outcome =
    mark === "held"
      ? "not sent"
      : state === "expired"
        ? "not accepted in time"
        : `${state ?? ""}${acceptedBy === null ? "" : ` by ${acceptedBy}`}`;
  return [
    outcome,
    ...(why === null ? [] : [`${why.reason}: ${why.sentence}`]),
    ...(messageHash === null ? [] : [`messageHash  ${messageHash}`]),
  ];
}
