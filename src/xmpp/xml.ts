/**
 * Elements that we send. All text and every attribute goes through here, because one character that XML forbids makes both
 * prosody and ejabberd close the whole stream, and with it everything that is on its way.
 */
import { Element } from "ltx";

/** What XML 1.0, section 2.2, leaves out. Halves of surrogate pairs are gone after `toWellFormed`. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export type Attributes = Readonly<Record<string, string | undefined>>;

/** Text as it may stand in XML: what may not is left out. */
export function allowedText(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, "");
}

/** @param children null for one that is missing */
export function xml(
  name: string,
  attributes: Attributes = {},
  ...children: readonly (Element | string | null)[]
): Element {
  const element = new Element(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.attrs[key] = allowedText(value);
  }
  for (const child of children) {
    if (child instanceof Element) element.cnode(child);
    else if (child !== null) element.t(allowedText(child));
  }
  return element;
}

/** An attribute as it came; null where it is missing. */
export function attributeOf(element: Element, name: string): string | null {
  const value: unknown = element.attrs[name];
  return typeof value === "string" ? value : null;
}
