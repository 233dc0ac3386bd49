/** Certificates in the header of a mail (Autocrypt 1.1, section 2). */
import { type AutocryptKey, readAutocrypt } from "../codecs/openpgp-mime/keys/autocrypt.js";
import { type HeaderField, valuesOf } from "./headerFields.js";

/** In bytes: longer ones are neither sent nor kept. */
export const LONGEST_CERTIFICATE = 7_600;

/** Null where there is not exactly one that can be kept. */
export function certificateIn(
  header: readonly HeaderField[],
  field: "autocrypt" | "autocrypt-gossip",
): AutocryptKey | null {
  const [value, ...others] = valuesOf(header, field);
  const key = value === undefined || others.length > 0 ? null : readAutocrypt(value);
  return key === null || key.certificate.length > LONGEST_CERTIFICATE ? null : key;
}
