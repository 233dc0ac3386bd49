/** Who was asked: the node, whoever named the resolver, the resolver, and the servers that it sent us to. */
import type { ProfileOutcome } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { copied, facts, section } from "../page-parts/facts.js";
import { nodeText, type Report, type ServerAsked } from "./lookUp.js";

const CHAINS: ReadonlyMap<bigint, string> = new Map([
  [1n, "Ethereum"],
  [11_155_111n, "Sepolia, a test chain"],
  [17_000n, "Holesky, a test chain"],
  [31_337n, "a local chain"],
]);

const NAMED_BY = {
  "universal-resolver": "ENS’s UniversalResolver (ENSv1 and ENSv2)",
  registry: "the registry of ENSv1",
} as const;

export function showAsked(report: Report): HTMLElement {
  const { outcome, servers, settings, wallet, tookMs } = report;
  const node = nodeText(settings, wallet);
  return section(
    "Who was asked",
    facts([
      ["Node", `${node.charAt(0).toUpperCase()}${node.slice(1)}${chainText(report)}`],
      ...resolverFacts(outcome),
      ...(servers.length === 0 ? [] : [[gatewayTerm(servers), serverList(servers)] as const]),
      ["Took", `${(tookMs / 1000).toFixed(1)} s`],
    ]),
  );
}

function chainText({ chainId }: Report): string {
  if (chainId === null) return "";
  const name = CHAINS.get(chainId);
  return name === undefined
    ? `, on chain ${chainId}, where ENS is not`
    : `, on ${name} (${chainId})`;
}

function resolverFacts(outcome: ProfileOutcome): readonly (readonly [string, Child])[] {
  if (outcome.status !== "found" && outcome.status !== "absent") return [];
  const { namedBy, resolverInV1 } = outcome;
  return [
    ...(outcome.status === "found"
      ? [["Resolver", copied("resolver address", outcome.resolver)] as const]
      : []),
    [outcome.status === "found" ? "Named by" : "Asked for it", NAMED_BY[namedBy]],
    ...(resolverInV1 === undefined ? [] : [["In ENSv1", resolverInV1 ?? "none"] as const]),
  ];
}

const gatewayTerm = ({ length }: readonly ServerAsked[]) => (length === 1 ? "Gateway" : "Gateways");

function serverList(servers: readonly ServerAsked[]): HTMLElement {
  return element("ul", { class: "servers" }, ...servers.map(showServer));
}

function showServer({ origin, answers, slowestMs }: ServerAsked): HTMLElement {
  const failed = answers.filter((status) => status !== 200);
  const asked = answers.length === 1 ? "asked once" : `asked ${answers.length} times`;
  const answered =
    failed.length === 0
      ? `answered within ${Math.ceil(slowestMs)} ms`
      : `in vain ${failed.length === answers.length ? "" : `${failed.length} times `}(${reasonsOf(failed)})`;
  return element(
    "li",
    {},
    element("bdi", { class: "name" }, origin),
    element("span", { class: "detail" }, `${asked}, ${answered}`),
  );
}

function reasonsOf(failed: readonly (number | null)[]): string {
  const reasons = failed.map((status) => (status === null ? "no answer" : `HTTP ${status}`));
  return [...new Set(reasons)].join(", ");
}
