/** Times, texts of strangers and addresses, as every view shows them. */
import { type Child, element } from "../page-parts/dom.js";

/** @param withSeconds where several may be within a minute */
export function moment(ms: number, withSeconds = false): HTMLElement {
  const date = new Date(ms);
  // what no calendar has is shown as it came
  if (Number.isNaN(date.getTime())) return element("span", {}, String(ms));
  const timeStyle = withSeconds ? "medium" : "short";
  const text = date.toLocaleString(undefined, { dateStyle: "medium", timeStyle });
  return element("time", { datetime: date.toISOString() }, text);
}

/** @param never in place of a time that is not */
export function momentOr(ms: number | null, never: string): Child {
  return ms === null ? never : moment(ms);
}

/** What somebody else wrote: text alone, in its own direction. */
export function foreign(text: string): HTMLElement {
  return element("bdi", {}, text);
}

/** A name of ENS, which goes on in the next line between two labels rather than within one. */
export function shownName(name: string): HTMLElement {
  const [first = "", ...more] = name.split(".");
  const labels = more.flatMap((label) => [element("wbr"), `.${label}`]);
  return element("bdi", {}, first, ...labels);
}

const LONGEST_SHOWN = 240;

/** The whole of a long one is behind its beginning. */
export function longText(text: string): HTMLElement {
  const characters = Array.from(text);
  if (characters.length <= LONGEST_SHOWN) return element("bdi", { class: "text" }, text);
  const beginning = element("bdi", {}, `${characters.slice(0, LONGEST_SHOWN / 2).join("")}…`);
  const size = ` (${characters.length.toLocaleString("en")} characters)`;
  return element(
    "details",
    { class: "long" },
    element("summary", {}, beginning, size),
    element("pre", { tabindex: "0" }, text),
  );
}

/** The beginning and the end, which people compare. */
export function shortAddress(address: string): string {
  return address.length > 14 ? `${address.slice(0, 8)}…${address.slice(-4)}` : address;
}

export type Tone = "good" | "plain" | "warning" | "bad";

/** A word about a state; its colour only repeats it. */
export function chip(tone: Tone, text: string): HTMLElement {
  return element("span", { class: "chip", "data-tone": tone }, text);
}

export function chips(...each: readonly HTMLElement[]): HTMLElement {
  return element("span", { class: "chips" }, ...each);
}

/** A link within the page. */
export function link(hash: string, ...children: readonly Child[]): HTMLAnchorElement {
  return element("a", { href: hash }, ...children);
}

/** To the pages before and behind; nothing where there is only one. */
export function pages(
  first: string | null,
  next: string | null,
  nextLabel = "Next page",
): readonly HTMLElement[] {
  if (first === null && next === null) return [];
  const links = [
    ...(first === null ? [] : [element("a", { href: first, class: "button" }, "First page")]),
    ...(next === null ? [] : [element("a", { href: next, class: "button" }, nextLabel)]),
  ];
  return [element("nav", { class: "pages", "aria-label": "Pages" }, ...links)];
}

/** A part of a view with a heading. */
export function block(title: string, ...children: readonly Child[]): HTMLElement {
  return element("section", { class: "block" }, element("h2", {}, title), ...children);
}
