/** The domain as its export has it, for mirrors: which names changed, the feed tells (`changeRoutes`). */
import { z } from "zod";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { nodeFrom } from "../../ens/namehash.js";
import type { Pause } from "../../registry/changes/clock.js";
import { cursorOfPlace } from "../../registry/feed/feedCursor.js";
import type { SealedEntry } from "../../registry/history/historyEntry.js";
import type { ExportReader, NamedFacts } from "../../transfer/exportPort.js";
import { lineOfEntry, lineOfName, linesOfDomain, textOf } from "../../transfer/form/writeLine.js";
import { nameText } from "../../wire/domainInput.js";
import {
  askedNamesSchema,
  changedNodesSchema,
  exportedDomainSchema,
  type ExportedNames,
  exportedNamesSchema,
  exportedReservationsSchema,
  goneNamesSchema,
  nodeText,
} from "../../wire/exported.js";
import { type Cursor, fillPage } from "./boundedPage.js";
import { placeOf, untilChanged, waitQuery } from "./changeRoutes.js";
import { keyed } from "./route.js";

const MOST_NODES = 500;
/** Of a name, in characters; the rest is asked for again. */
const MOST_OF_A_NAME = 1024 * 1024;
/** Read at a time: the largest have a megabyte. */
const ENTRIES_AT_ONCE = 8;

export const exportRoutes = [
  keyed({
    method: "post",
    path: "/export/names",
    scope: "names:read",
    isRead: true,
    summary:
      "Names of the domain with their histories and all that outlives them, as lines of an export: the first of those that are asked for",
    body: { schema: askedNamesSchema, mostBytes: 32 * 1024 },
    sendsPage: true,
    answers: { 200: exportedNamesSchema },
    refusals: [],
    run: async ({ exports, key, body, shares, response }) => {
      const asked = body.names;
      const read = async ({ after, limit }: Cursor<number>) => {
        const some = asked.slice(after, after + limit);
        const told = await toldNames(exports, key.domain, some, shares.pause);
        const items = told.map((one, index) => ({
          after: after + index + 1,
          describe: () => one,
        }));
        const next = after + some.length;
        return { items, next: next < asked.length ? next : null };
      };
      const { items } = await fillPage({ after: 0, limit: asked.length }, read, shares.pause);
      response.type("json").send(`{"names":[${items.join()}]}`);
    },
  }),
  keyed({
    method: "get",
    path: "/export/changes",
    scope: "names:read",
    summary:
      "The same feed as that of changes, with nothing but the nodes: whoever follows it fetches the names as an export has them",
    query: waitQuery,
    answers: { 200: changedNodesSchema },
    refusals: ["CURSOR_OUTDATED"],
    waits: untilChanged,
    run: async ({ feed, key, query, response }) => {
      const { place, isWhole } = await feed.open(key.domain, placeOf(query.after));
      const piece = await feed.nodes(key.domain, place, MOST_NODES);
      // behind the names that are there, the changes are read next
      const isEnd = place.name === null && isWhole && piece.nodes.length < MOST_NODES;
      response.json({ nodes: piece.nodes.map(toHex), next: cursorOfPlace(piece.place), isEnd });
    },
  }),
  keyed({
    method: "get",
    path: "/export/gone",
    scope: "names:read",
    summary: "Names of the domain that are gone, and left a history or marks, by their nodes",
    query: z.strictObject({ after: nodeText.optional() }),
    answers: { 200: goneNamesSchema },
    refusals: [],
    run: async ({ exports, key, query, response }) => {
      const after = query.after === undefined ? null : nodeFrom(fromHex(query.after));
      const { nodes, next } = await exports.gone(key.domain, after);
      response.json({ nodes: nodes.map(toHex), next: next && toHex(next) });
    },
  }),
  keyed({
    method: "get",
    path: "/export/domain",
    scope: "domain:admin",
    summary: "The domain beside its names, as lines of an export, without its reservations",
    answers: { 200: exportedDomainSchema },
    refusals: [],
    run: async ({ exports, key, response }) => {
      const { facts, reservations } = await exports.domain(key.domain);
      // that there is a data source, and not where
      const source = facts.source && { ...facts.source, settings: {} };
      const lines = linesOfDomain({ ...facts, source, reservations: [] }).map(textOf);
      response.json({ lines, reservations });
    },
  }),
  keyed({
    method: "get",
    path: "/export/reservations",
    scope: "domain:admin",
    summary: "The reservations of the domain, as lines of an export, in pages",
    query: z.strictObject({ after: nameText.default("") }),
    answers: { 200: exportedReservationsSchema },
    refusals: [],
    run: async ({ exports, key, query, response }) => {
      const { items, next } = await exports.reservations(key.domain, query.after);
      const lines = items.map(({ name, wallet, untilMs }) =>
        textOf({ kind: "reservation", name, wallet: wallet && toHex(wallet), untilMs }),
      );
      response.json({ lines, next });
    },
  }),
];

interface Asked {
  readonly node: Hex;
  readonly after: number;
}

async function toldNames(
  exports: ExportReader,
  domain: string,
  asked: readonly Asked[],
  pause: Pause,
): Promise<ExportedNames["names"]> {
  const found = await exports.names(
    domain,
    asked.map(({ node }) => nodeFrom(fromHex(node))),
  );
  const byNode = new Map(found.map((one) => [toHex(one.node), one]));
  const after = new Map(asked.map((one) => [one.node, one.after]));
  const ranges = found.map(({ node, facts }) => ({
    ...{ node, after: after.get(toHex(node)) ?? 0, upTo: facts.end?.number ?? 0 },
  }));
  const first = await exports.entries(ranges, ENTRIES_AT_ONCE);
  const firstOf = new Map(ranges.map((range, index) => [toHex(range.node), first[index] ?? []]));
  const told = [];
  for (const { node, after: behind } of asked) {
    await pause();
    const one = byNode.get(node);
    const lines = one && (await linesOf(exports, one, behind, firstOf.get(node) ?? []));
    told.push({ node, ...(lines ?? { lines: [], isWhole: true }) });
  }
  return told;
}

/** Further entries are read as long as there is room for them. */
async function linesOf(
  exports: ExportReader,
  { node, facts }: NamedFacts,
  after: number,
  first: readonly SealedEntry[],
) {
  const upTo = facts.end?.number ?? 0;
  const lines = [textOf(lineOfName(facts))];
  let [number, length, entries] = [after, 0, first];
  for (;;) {
    for (const sealed of entries) {
      const text = textOf(lineOfEntry(sealed));
      lines.push(text);
      length += text.length;
    }
    number += entries.length;
    if (number >= upTo || length >= MOST_OF_A_NAME || entries.length === 0) break;
    const more = await exports.entries([{ node, after: number, upTo }], ENTRIES_AT_ONCE);
    entries = more[0] ?? [];
  }
  return { lines, isWhole: number >= upTo };
}
