/** `signpost gateway check <name>`: a messaging gateway from outside, as senders and its network's people meet it. */
import type { Command } from "commander";
import { type Finding, type Line, notApplicable } from "../../../doctor/line.js";
import { resolveNetwork } from "../../../sdk/node.js";
import { type LookupFlags, lookupOptions } from "../../message/lookupOptions.js";
import { progressLine } from "../../progressLine.js";
import { type AccountFlags, accountOf } from "./accountFlags.js";
import { recordLines } from "./recordLines.js";
import { tellVerdict } from "./tellVerdict.js";
import { throughNetwork, WAY_CHECKS } from "./throughNetwork.js";

type CheckFlags = LookupFlags & AccountFlags;

const CANARY_MS = 30_000;

/** Throws INVALID_NAME, INVALID_REQUEST for options that do not go together, INVALID_CONFIGURATION for files. */
export async function check(given: string, flags: CheckFlags, command: Command): Promise<void> {
  const lookup = lookupOptions(flags);
  const account = await accountOf(flags);
  const progress = progressLine();
  const lines: Line[] = [];
  const add = (id: string, finding: Finding, dependsOn: string | null = null) => {
    lines.push({ id, ...finding, url: null, dependsOn });
  };
  const skipFrom = (reason: string, dependsOn: string | null) => {
    const looked = new Set(lines.map(({ id }) => id));
    for (const id of WAY_CHECKS.filter((one) => !looked.has(one))) {
      add(id, notApplicable(reason), dependsOn);
    }
  };

  progress.show("record");
  const network = await resolveNetwork(given, lookup);
  const allowLoopback = lookup.allowLoopback ?? false;
  const register = "signpost gateway register";
  for (const { id, ...finding } of await recordLines(network, { allowLoopback, register })) {
    add(id, finding);
  }
  if (network.status !== "found") skipFrom("depends on record", "record");
  else if (network.record.network !== "xmpp") {
    skipFrom(`no account of ${network.record.network} can be used here`, null);
  } else if (account === null) skipFrom("no account was given (--account)", null);
  else {
    await throughNetwork({ network, account, lookup, canaryMs: CANARY_MS }, (id, finding) => {
      progress.show(id);
      add(id, finding);
    });
    const last = lines.at(-1)?.id ?? "record";
    skipFrom(`depends on ${last}`, last);
  }
  progress.clear();

  tellVerdict(command, network, lines, flags);
}
