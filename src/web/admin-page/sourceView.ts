/** The domain's data source, and the rows of it that are answered like absent names. */
import type { Page, SourceAnswer, SourceProblemAnswer } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { facts } from "../page-parts/facts.js";
import { behind, hashOf, type Place } from "./place.js";
import { readPart, stateBox } from "./readPart.js";
import type { Scene } from "./scene.js";
import { type Column, table } from "./table.js";
import {
  block,
  chip,
  chips,
  foreign,
  link,
  longText,
  moment,
  momentOr,
  pages,
  shownName,
} from "./values.js";

type SourcePlace = Extract<Place, { view: "source" }>;

type ProblemsPage = Page<SourceProblemAnswer, string>;

const PROBLEMS_A_PAGE = 50;

export function sourceView(scene: Scene<SourcePlace>): readonly HTMLElement[] {
  const { client, signal, signedIn } = scene;
  const part = readPart(scene, "the data source", async () => {
    const source = await client.source.get({ signal });
    if (source === null) return [noSource(signedIn.domain)];
    return [about(source), block("Problems", ...kindsOf(source), problems(scene))];
  });
  return [part];
}

function noSource(domain: string): HTMLElement {
  const sentence = `All names of ${domain} are kept by this service. The operator joins it to the service’s own data by signpost source add.`;
  return stateBox("empty", "No data source", element("p", {}, sentence));
}

function about({ kind, host, table, freshSec, scannedAtMs }: SourceAnswer): HTMLElement {
  const isEndpoint = kind === "http";
  const shown: (readonly [string, Child])[] = [
    ["Kind", isEndpoint ? "HTTP endpoint" : "Postgres table or view"],
    ["Where", table === null ? foreign(host) : foreign(`${table} on ${host}`)],
    ["A row is good for", freshSec === 1 ? "1 second" : `${freshSec} seconds`],
    ["Last scan", momentOr(scannedAtMs, isEndpoint ? "none: it tells no list" : "not yet")],
  ];
  return facts(shown);
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["twins", "several rows are one name"],
  ["tooLarge", "too large"],
  ["malformed", "malformed"],
  ["wallet", "wallet"],
  ["profile", "profile"],
  ["records", "records"],
  ["earlierProfile", "an earlier profile"],
  ["givenUp", "given up by its wallet"],
  ["label", "no ENS name"],
]);

/** How many of each kind there are in all, which a page of the list does not tell. */
function kindsOf({ problems: counts }: SourceAnswer): readonly HTMLElement[] {
  const kinds = Object.entries(counts);
  if (kinds.length === 0) return [];
  const each = kinds.map(([kind, count]) =>
    chip("warning", `${KINDS.get(kind) ?? kind}: ${count}`),
  );
  return [element("p", {}, chips(...each))];
}

const COLUMNS: readonly Column<SourceProblemAnswer>[] = [
  {
    heading: "Name",
    cell: ({ name }) => link(hashOf({ view: "name", name, after: 0 }), shownName(name)),
  },
  { heading: "Problem", cell: ({ kind }) => KINDS.get(kind) ?? foreign(kind) },
  { heading: "What is wrong", cell: ({ detail }) => longText(detail) },
  { heading: "First seen", cell: ({ firstSeenMs }) => moment(firstSeenMs) },
  { heading: "Last seen", cell: ({ lastSeenMs }) => moment(lastSeenMs) },
];

function problems(scene: Scene<SourcePlace>): HTMLElement {
  const { place, client, signal, announce } = scene;
  return readPart(scene, "problems", async () => {
    const options = { ...behind(place.after), pageSize: PROBLEMS_A_PAGE, signal };
    const page = await client.source.problems(options).page();
    const caption = amountOf(page);
    announce(caption);
    const shown = page.items.length === 0 ? none(place.after) : table(caption, COLUMNS, page.items);
    const first = place.after === "" ? null : hashOf({ ...place, after: "" });
    const further = page.next === null ? null : hashOf({ ...place, after: page.next });
    return [shown, ...pages(first, further)];
  });
}

function amountOf({ items, next }: ProblemsPage): string {
  const count = items.length === 1 ? "1 row" : `${items.length} rows`;
  return `${count} answered like absent names${next === null ? "" : ", and there are more"}`;
}

function none(after: string): HTMLElement {
  const text =
    after === ""
      ? "Nothing was wrong with any row that was asked for."
      : "There are no further ones.";
  return stateBox("empty", "No problems", element("p", {}, text));
}
