/** What happened to a name: when, who, what, and what became different. */
import type { HistoryItem, Page } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { changesOf, reasonIn, whatOf, whoOf } from "./historyWords.js";
import { hashOf, type Place } from "./place.js";
import { readPart, stateBox } from "./readPart.js";
import type { Scene } from "./scene.js";
import { type Column, table } from "./table.js";
import { block, foreign, moment, pages, shortAddress } from "./values.js";

type NamePlace = Extract<Place, { view: "name" }>;

type HistoryPage = Page<HistoryItem, number>;

const ENTRIES_A_PAGE = 50;

export function historyPart(scene: Scene<NamePlace>): HTMLElement {
  const { place, client, signal } = scene;
  const { name, after } = place;
  const part = readPart(scene, "its history", async () => {
    const options = { after, pageSize: ENTRIES_A_PAGE, signal };
    const page = await client.names.history(name, options).page();
    const shown =
      page.items.length === 0 ? nothing(after) : table(captionOf(place, page), COLUMNS, page.items);
    return [shown, ...ways(place, page)];
  });
  return block("History", part);
}

const COLUMNS: readonly Column<HistoryItem>[] = [
  { heading: "No.", cell: ({ entry }) => String(entry.number), isNumber: true },
  { heading: "When", cell: ({ entry }) => moment(entry.atMs, true) },
  { heading: "Who", cell: ({ entry }) => who(entry) },
  { heading: "What", cell: ({ entry }) => whatOf(entry) },
  { heading: "Change", cell: ({ entry }) => change(entry) },
];

function who(entry: HistoryItem["entry"]): readonly Child[] {
  const { text, address } = whoOf(entry);
  if (address === null) return [text];
  return [`${text} `, element("code", { title: address }, shortAddress(address))];
}

const MOST_CHANGES = 12;

function change(entry: HistoryItem["entry"]): Child {
  const reason = reasonIn(entry);
  if (reason !== null) return element("span", {}, "Reason: ", foreign(reason));
  const changes = changesOf(entry);
  const shown = changes.slice(0, MOST_CHANGES).map((one) => element("li", {}, foreign(one)));
  const left = changes.length - shown.length;
  if (left > 0) shown.push(element("li", {}, `and ${left} more`));
  return shown.length === 0 ? "–" : element("ul", { class: "changes" }, ...shown);
}

function captionOf({ after }: NamePlace, { items, next }: HistoryPage): string {
  const count = items.length === 1 ? "1 entry" : `${items.length} entries`;
  const order = "the oldest first";
  if (after === 0 && next === null) return `${count} in all, ${order}`;
  return `${count} from number ${after + 1} on, ${order}`;
}

function ways(place: NamePlace, { next }: HistoryPage): readonly HTMLElement[] {
  return pages(
    place.after === 0 ? null : hashOf({ ...place, after: 0 }),
    next === null ? null : hashOf({ ...place, after: next }),
    "Later entries",
  );
}

function nothing(after: number): HTMLElement {
  const text =
    after === 0
      ? "Nothing ever happened to this name here."
      : "There is no entry behind this one yet.";
  return stateBox("empty", "No entries", element("p", {}, text));
}
