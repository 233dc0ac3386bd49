/** A name that is a relay node: how it does now, each change of that, and its checks day by day. */
import type { ShownRelayNode } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { facts } from "../page-parts/facts.js";
import { percent, reasonText, stateChip, stateOf } from "./nodeHealth.js";
import { readPart } from "./readPart.js";
import type { Scene } from "./scene.js";
import { type Column, table } from "./table.js";
import { block, foreign, moment, momentOr } from "./values.js";

export function relayNodeBlock(scene: Scene, name: string): HTMLElement {
  const { client, signal } = scene;
  const part = readPart(scene, "how the relay node does", async () => {
    const node = await client.relayNodes.get(name, { signal });
    return node === null ? [element("p", {}, NOT_ANSWERED)] : shownOf(node);
  });
  return block("Relay node", part);
}

/** A relay node's record is there, or this would not be asked. */
const NOT_ANSWERED = "It is not looked at: a suspended name is answered like an absent one.";

function shownOf(node: ShownRelayNode): readonly HTMLElement[] {
  const { url, sinceMs, checkedMs, uptime30Days, listed, changes, days } = node;
  const shown: (readonly [string, Child])[] = [
    ["State", element("span", {}, ...stateOf(node))],
    ["Since", momentOr(sinceMs, "–")],
    ["Last check", momentOr(checkedMs, "not yet")],
    ["URL", url === null ? "–" : foreign(url)],
    ["Good checks of 30 days", percent(uptime30Days)],
    ["Listed", listed ? "Yes, publicly" : "No"],
  ];
  return [
    facts(shown),
    ...(changes.length === 0 ? [] : [table(captionOf(changes), CHANGE_COLUMNS, changes)]),
    ...(days.length === 0 ? [] : [byDay(days)]),
  ];
}

type Change = ShownRelayNode["changes"][number];

const captionOf = ({ length }: readonly Change[]) =>
  `${length === 1 ? "1 change" : `${length} changes`} of its state, the newest first`;

const CHANGE_COLUMNS: readonly Column<Change>[] = [
  { heading: "When", cell: ({ atMs }) => moment(atMs, true) },
  { heading: "State", cell: ({ state }) => stateChip(state) },
  { heading: "Why", cell: ({ reason }) => (reason === null ? "–" : reasonText(reason)) },
];

type Day = ShownRelayNode["days"][number];

const DAY_COLUMNS: readonly Column<Day>[] = [
  { heading: "Day (UTC)", cell: ({ day }) => foreign(day) },
  { heading: "Checks", cell: ({ checks }) => String(checks), isNumber: true },
  { heading: "Good", cell: ({ good }) => String(good), isNumber: true },
];

/** Up to three months of them: behind one line. */
function byDay(days: readonly Day[]): HTMLElement {
  const count = days.length === 1 ? "1 day" : `${days.length} days`;
  return element(
    "details",
    {},
    element("summary", {}, `Its checks, day by day (${count})`),
    table(`${count}, the newest first`, DAY_COLUMNS, days),
  );
}
