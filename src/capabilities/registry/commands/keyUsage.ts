/** `signpost key usage`: who uses most of the service API now. */
import type { Command } from "commander";
import type { UsedLimit } from "../../../db/usedLimits.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation } from "./installation.js";

const MOST = 20;
const HEAD = ["USED", "OF WHAT", "BY WHOM", "UNTIL"];

const KINDS: Readonly<Record<string, string>> = {
  reads: "reads this minute",
  KiB: "KiB of bodies this minute",
  strangers: "writing requests this minute",
  "strangers reading": "reading requests this minute",
};

export function usageCommand(key: Command): void {
  key
    .command("usage")
    .description(`the ${MOST} API keys and networks that have used most of their limits, now`)
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const used = await lookIntoInstallation(({ usedLimits }) => usedLimits(MOST));
      const facts = used.map(({ endsMs, ...one }) => ({
        ...one,
        endsAt: new Date(endsMs).toISOString(),
      }));
      const none = ["Nobody asked the service API for anything within this minute or day."];
      print(flags, facts, used.length > 0 ? table(used.map(rowOf), HEAD) : none);
    });
}

function rowOf(one: UsedLimit): readonly string[] {
  const ends = new Date(one.endsMs).toISOString().slice(11, 19);
  return [String(one.used), kindOf(one), whoOf(one), `${ends} UTC`];
}

function kindOf({ kind, network }: Pick<UsedLimit, "kind" | "network">): string {
  const things = network === null ? "changes" : "requests";
  return KINDS[kind] ?? `${things} ${kind === "day" ? "today" : "this minute"}`;
}

function whoOf({ key, sessions, network }: UsedLimit): string {
  if (key !== null) {
    const { id, label, domain } = key;
    return domain === null ? `key ${id}, which is gone` : `key ${id} "${label}" of ${domain}`;
  }
  if (sessions !== null) return `sessions of ${sessions.domain ?? "a domain that is gone"}`;
  return network === null ? "all without an API key" : `without an API key, from ${network}`;
}
