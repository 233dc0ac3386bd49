/** Relay nodes of the domain with their health, and its messaging gateways and bridges. */
import type { ListedNode, NetworkAnswer } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { hashOf, type Place } from "./place.js";
import { readPart, stateBox } from "./readPart.js";
import type { Scene } from "./scene.js";
import { type Column, table } from "./table.js";
import {
  block,
  chip,
  foreign,
  link,
  moment,
  momentOr,
  pages,
  shownName,
  type Tone,
} from "./values.js";

type NodesPlace = Extract<Place, { view: "nodes" }>;

const ITEMS_A_PAGE = 50;

interface NodesPage {
  readonly nodes: readonly ListedNode[];
  readonly next: string | null;
}

interface NetworksPage {
  readonly networks: readonly NetworkAnswer[];
  readonly next: string | null;
}

export function nodesView(scene: Scene<NodesPlace>): readonly HTMLElement[] {
  const { place, service, signal } = scene;
  const nodes = readPart(scene, "relay nodes", async () => {
    const query = { after: place.nodesAfter, limit: ITEMS_A_PAGE };
    const page = (await service.read(["domain", "nodes"], query, signal)) as NodesPage;
    const first = place.nodesAfter === "" ? null : hashOf({ ...place, nodesAfter: "" });
    const further = page.next === null ? null : hashOf({ ...place, nodesAfter: page.next });
    return [nodesOrNone(page.nodes), ...pages(first, further)];
  });
  const networks = readPart(scene, "networks", async () => {
    const query = { after: place.networksAfter, limit: ITEMS_A_PAGE };
    const page = (await service.read(["domain", "networks"], query, signal)) as NetworksPage;
    const first = place.networksAfter === "" ? null : hashOf({ ...place, networksAfter: "" });
    const further = page.next === null ? null : hashOf({ ...place, networksAfter: page.next });
    return [networksOrNone(page.networks), ...pages(first, further)];
  });
  return [block("Relay nodes", nodes), block("Networks", networks)];
}

const STATES: Readonly<Record<NonNullable<ListedNode["state"]>, readonly [Tone, string]>> = {
  works: ["good", "works"],
  unreachable: ["warning", "unreachable"],
  wrong: ["bad", "wrong"],
  unproven: ["plain", "unproven"],
};

const NODE_COLUMNS: readonly Column<ListedNode>[] = [
  { heading: "Relay node", cell: ({ name }) => nameLink(name) },
  { heading: "State", cell: (node) => stateOf(node) },
  { heading: "Since", cell: ({ sinceMs }) => momentOr(sinceMs, "–") },
  { heading: "Last check", cell: ({ checkedMs }) => momentOr(checkedMs, "not yet") },
  { heading: "30 days", cell: ({ uptime30Days }) => uptime(uptime30Days), isNumber: true },
  { heading: "Listed", cell: ({ listed }) => (listed ? "publicly" : "no") },
];

function stateOf({ state, reason }: ListedNode): readonly Child[] {
  if (state === null) return [chip("plain", "not checked yet")];
  const [tone, text] = STATES[state];
  // the service's sentence begins with the node
  const why =
    reason === null ? [] : [element("span", { class: "detail why" }, "It ", foreign(reason))];
  return [chip(tone, text), ...why];
}

/** Rounded down: what failed once is not 100 %. */
function uptime(part: number | null): string {
  return part === null ? "–" : `${Math.floor(part * 1000) / 10} %`;
}

const NETWORK_COLUMNS: readonly Column<NetworkAnswer>[] = [
  { heading: "Network", cell: ({ name }) => nameLink(name) },
  {
    heading: "Kind",
    cell: ({ kind, network }) => [
      kind === "gateway" ? "messaging gateway, " : "bridge, ",
      foreign(network),
    ],
  },
  {
    heading: "Its people",
    cell: ({ nativeDomain }) => shownName(nativeDomain ?? "of all domains"),
  },
  { heading: "Their names", cell: ({ names }) => ["below ", shownName(names)] },
  {
    heading: "Relay nodes",
    cell: ({ relayNodes }) =>
      element(
        "ul",
        { class: "plain-list" },
        ...relayNodes.map((node) => element("li", {}, shownName(node))),
      ),
  },
  { heading: "Signed", cell: ({ signedAtSec }) => moment(signedAtSec * 1000) },
];

const nameLink = (name: string) => link(hashOf({ view: "name", name, after: 0 }), shownName(name));

function nodesOrNone(nodes: readonly ListedNode[]): HTMLElement {
  const sentence = "A node’s operator registers it by signpost node register.";
  if (nodes.length === 0) return stateBox("empty", "No relay nodes", element("p", {}, sentence));
  const working = nodes.filter(({ state }) => state === "works").length;
  const caption = `${nodes.length === 1 ? "1 relay node" : `${nodes.length} relay nodes`}, of which ${working} ${working === 1 ? "works" : "work"}`;
  return table(caption, NODE_COLUMNS, nodes);
}

function networksOrNone(networks: readonly NetworkAnswer[]): HTMLElement {
  const sentence = "No messaging gateway and no bridge is registered under this domain.";
  if (networks.length === 0) return stateBox("empty", "No networks", element("p", {}, sentence));
  const caption = networks.length === 1 ? "1 network" : `${networks.length} networks`;
  return table(caption, NETWORK_COLUMNS, networks);
}
