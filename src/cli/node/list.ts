/** `signpost node list`, `signpost node show <name>`: the relay nodes that are registered at a service. */
import type { Command } from "commander";
import { SignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { relayNodeListAt } from "../../service-client/relayNodeList.js";
import { table } from "../../terminal/table.js";
import type { ListedNode, ShownRelayNode } from "../../wire/relayNodes.js";
import { tell } from "../message/tell.js";
import { serviceOf } from "../service/serviceOption.js";

interface ListFlags {
  readonly service?: string;
  readonly json?: true;
}

/** Reasons and URLs are other people's. */
const LONGEST_SHOWN = 200;
const SHOWN_CHANGES = 10;
const SHOWN_DAYS = 7;

/** Throws INVALID_REQUEST without a service, UNREACHABLE, and what the service refuses. */
export async function list(flags: ListFlags, command: Command): Promise<void> {
  const nodes: ListedNode[] = [];
  for await (const node of relayNodeListAt({ url: serviceOf(flags.service) }).list())
    nodes.push(node);
  const rows = nodes.map(rowOf);
  const lines = rows.length === 0 ? ["No relay node is listed here."] : table(rows, HEAD);
  tell(command, flags, nodes, lines);
}

/** Throws NOT_FOUND where no relay node is registered under the name, and as `list`. */
export async function show(name: string, flags: ListFlags, command: Command): Promise<void> {
  const node = await relayNodeListAt({ url: serviceOf(flags.service) }).get(name);
  if (node === null) {
    throw new SignpostError("NOT_FOUND", `No relay node is registered there as ${name}.`, { name });
  }
  tell(command, flags, node, linesOf(node));
}

const HEAD = ["NAME", "STATE", "SINCE", "UPTIME", "URL"] as const;

function rowOf({ name, state, sinceMs, uptime30Days, url }: ListedNode): readonly string[] {
  return [
    foreign(name),
    state ?? "unchecked",
    timeText(sinceMs),
    percent(uptime30Days),
    foreign(url),
  ];
}

function linesOf(node: ShownRelayNode): readonly string[] {
  const { name, state, reason, sinceMs, checkedMs, uptime30Days, url, listed, changes, days } =
    node;
  return [
    ...table([
      ["name", foreign(name)],
      ["url", foreign(url)],
      ["state", `${state ?? "unchecked"}${reason === null ? "" : `: it ${foreign(reason)}`}`],
      ["since", timeText(sinceMs)],
      ["checked", timeText(checkedMs)],
      ["uptime", `${percent(uptime30Days)} of 30 days`],
      ["listed", listed ? "yes" : "no"],
    ]),
    ...changes
      .slice(0, SHOWN_CHANGES)
      .map((change) =>
        `${timeText(change.atMs)}  ${change.state}  ${foreign(change.reason)}`.trimEnd(),
      ),
    ...days
      .slice(0, SHOWN_DAYS)
      .map(({ day, checks, good }) => `${foreign(day)}  ${good} of ${checks} checks were good`),
  ];
}

function timeText(ms: number | null): string {
  return ms === null ? "-" : new Date(ms).toISOString();
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(2)} %`;
}

function foreign(text: string | null): string {
  return text === null ? "" : foreignText(text, LONGEST_SHOWN);
}
