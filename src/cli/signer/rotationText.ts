/** How far a rotation is, for a person to read and for programs. */
import {
  type AnsweringGateway,
  gatewayName,
  type NotedSigner,
  type SigningNow,
} from "../../admin/signerRotation.js";
import { spanText } from "../../admin/spanText.js";
import type { TakenAt } from "../../capabilities/registry/commands/signerTaken.js";
import { foreignText } from "../../fetch/foreignText.js";
import { table } from "../../terminal/table.js";
import { type AskedResolver, takenBy } from "./resolversAsked.js";

/** Of gateways and of signers; `--json` has all. */
const MOST_SHOWN = 20;

export function resolverLines(asked: readonly AskedResolver[], signer: string): readonly string[] {
  if (asked.length === 0) return ["No resolver is served here, so there was nobody to ask."];
  const rows = asked.map((one) => [
    one.chainId.toString(),
    one.resolver,
    one.why === null ? takenBy(one, signer) : `could not find out: ${foreignText(one.why)}`,
    one.state?.owner ?? "",
  ]);
  return table(rows, ["CHAIN", "RESOLVER", `TAKES ${shortened(signer)}`, "OWNER"]);
}

export function placeText({ chainId, resolver }: AskedResolver): string {
  return `chain ${chainId.toString()}: ${resolver}`;
}

export function resolverFacts(one: AskedResolver, signer: string) {
  const { chainId, resolver, state, why } = one;
  const place = { chainId: chainId.toString(), resolver };
  return { ...place, taken: takenBy(one, signer), owner: state?.owner ?? null, why };
}

export function takenFacts(asked: readonly AskedResolver[], signer: string): readonly TakenAt[] {
  return asked.map((one) => resolverFacts(one, signer));
}

export function gatewayLines({ noted, gateways }: SigningNow): readonly string[] {
  return [
    ...block(
      gateways.map((one) => gatewayRow(one, gateways)),
      ["GATEWAY", "SIGNS BY"],
    ),
    ...block(noted.map(notedRow), ["ON THIS DATABASE", "LAST"]),
  ];
}

function block(rows: readonly (readonly string[])[], head: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  const more = rows.length - MOST_SHOWN;
  return [
    "",
    ...table(rows.slice(0, MOST_SHOWN), head),
    ...(more > 0 ? [`${more} more: --json`] : []),
  ];
}

function gatewayRow(one: AnsweringGateway, all: readonly AnsweringGateway[]): readonly string[] {
  const text = one.signer ?? `could not find out: ${foreignText(one.why ?? "")}`;
  return [gatewayName(one, all), text];
}

function notedRow({ signer, agoMs }: NotedSigner): readonly string[] {
  return [signer, `${spanText(agoMs)} ago`];
}

/** In a heading, where the whole address would be wider than its column. */
function shortened(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
