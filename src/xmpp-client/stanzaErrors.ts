/** What stanza errors say (RFC 6120, section 8.3), and what the gateway says in them (docs/xmpp-wire.md). */
import { foreignText } from "../fetch/foreignText.js";
import { DM3, STANZA_ERRORS } from "./namespaces.js";
import { childOf, childrenOf, textOf, type XmlElement } from "./xmlElement.js";

/** More of what others wrote is not shown. */
export const LONGEST_SENTENCE = 500;

/** What a stanza error says in words. */
export function errorSentence(stanza: XmlElement): { condition: string; text: string } {
  const error = childrenOf(stanza).find(({ name }) => name === "error");
  const children = error === undefined ? [] : childrenOf(error);
  const of = children.filter(({ attrs }) => attrs["xmlns"] === STANZA_ERRORS);
  const condition = of.find(({ name }) => name !== "text")?.name ?? "";
  const text = of.find(({ name }) => name === "text");
  return {
    condition: foreignText(condition),
    text: text === undefined ? "" : foreignText(textOf(text, LONGEST_SENTENCE) ?? ""),
  };
}

/** What the gateway itself says in an error; null where servers said it. */
export function refusalCode(stanza: XmlElement): string | null {
  return refusedIn(stanza)?.attrs["code"] ?? null;
}

/** Which time a link has to be signed with at least, Unix seconds; null where it says nothing of it. */
export function notBeforeIn(stanza: XmlElement): number | null {
  const text = refusedIn(stanza)?.attrs["not-before"] ?? "";
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

function refusedIn(stanza: XmlElement): XmlElement | null {
  const error = childrenOf(stanza).find(({ name }) => name === "error");
  return error === undefined ? null : childOf(error, "refused", DM3);
}
