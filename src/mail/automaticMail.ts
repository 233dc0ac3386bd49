/** Mail that no person wrote: it is never answered, and makes nobody known here (RFC 3834, sections 2 and 5). */
import { type HeaderField, valuesOf } from "./headerFields.js";

export function isAutomaticOrOfList(header: readonly HeaderField[]): boolean {
  const isAutomatic = valuesOf(header, "auto-submitted").some(
    (value) => !/^no(?:[ \t;(]|$)/i.test(value),
  );
  return (
    isAutomatic ||
    header.some(({ name }) => name.startsWith("list-") || name === "mailing-list") ||
    valuesOf(header, "precedence").some((value) => /^(?:list|bulk|junk)$/i.test(value))
  );
}
