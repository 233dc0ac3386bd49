/** How a relay node does, in the words of every view. */
import type { ListedNode } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { chip, foreign, type Tone } from "./values.js";

const STATES: Readonly<Record<NonNullable<ListedNode["state"]>, readonly [Tone, string]>> = {
  works: ["good", "works"],
  unreachable: ["warning", "unreachable"],
  wrong: ["bad", "wrong"],
  unproven: ["plain", "unproven"],
};

/** The state, and why it does not work. */
export function stateOf({ state, reason }: Pick<ListedNode, "state" | "reason">): readonly Child[] {
  return [stateChip(state), ...whyNot(reason)];
}

export function stateChip(state: ListedNode["state"]): HTMLElement {
  return state === null ? chip("plain", "not checked yet") : chip(...STATES[state]);
}

/** The service's sentence begins with the node. */
function whyNot(reason: string | null): readonly Child[] {
  return reason === null ? [] : [element("span", { class: "detail why" }, reasonText(reason))];
}

export function reasonText(reason: string): HTMLElement {
  return element("span", {}, "It ", foreign(reason));
}

/** Rounded down: what failed once is not 100 %. */
export function percent(part: number | null): string {
  return part === null ? "–" : `${Math.floor(part * 1000) / 10} %`;
}
