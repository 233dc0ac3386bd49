/** Relay nodes of the domain with their health, and its messaging gateways and bridges. */
import type { ListedNode, NetworkAnswer } from "../../sdk/index.js";
import { element } from "../page-parts/dom.js";
import { percent, stateOf } from "./nodeHealth.js";
import { behind, hashOf, type Place } from "./place.js";
import { readPart, stateBox } from "./readPart.js";
import type { Scene } from "./scene.js";
import { type Column, table } from "./table.js";
import { block, foreign, link, moment, momentOr, pages, shownName } from "./values.js";

type NodesPlace = Extract<Place, { view: "nodes" }>;

const ITEMS_A_PAGE = 50;

export function nodesView(scene: Scene<NodesPlace>): readonly HTMLElement[] {
  const { place, client, signal } = scene;
  const nodes = readPart(scene, "relay nodes", async () => {
    const options = { ...behind(place.nodesAfter), pageSize: ITEMS_A_PAGE, signal };
    const page = await client.relayNodes.own(options).page();
    const first = place.nodesAfter === "" ? null : hashOf({ ...place, nodesAfter: "" });
    const further = page.next === null ? null : hashOf({ ...place, nodesAfter: page.next });
    return [nodesOrNone(page.items), ...pages(first, further)];
  });
  const networks = readPart(scene, "networks", async () => {
    const options = { ...behind(place.networksAfter), pageSize: ITEMS_A_PAGE, signal };
    const page = await client.networks.own(options).page();
    const first = place.networksAfter === "" ? null : hashOf({ ...place, networksAfter: "" });
    const further = page.next === null ? null : hashOf({ ...place, networksAfter: page.next });
    return [networksOrNone(page.items), ...pages(first, further)];
  });
  return [block("Relay nodes", nodes), block("Networks", networks)];
}

const NODE_COLUMNS: readonly Column<ListedNode>[] = [
  { heading: "Relay node", cell: ({ name }) => nameLink(name) },
  { heading: "State", cell: (node) => stateOf(node) },
  { heading: "Since", cell: ({ sinceMs }) => momentOr(sinceMs, "–") },
  { heading: "Last check", cell: ({ checkedMs }) => momentOr(checkedMs, "not yet") },
  { heading: "30 days", cell: ({ uptime30Days }) => percent(uptime30Days), isNumber: true },
  { heading: "Listed", cell: ({ listed }) => (listed ? "publicly" : "no") },
];

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
