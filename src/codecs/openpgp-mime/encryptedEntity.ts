/**
 * The bytes that the codec hands over: an entity of RFC 3156, section 4, with its Content-Type and CRLF at all ends of lines. A
 * bridge writes a header of its own in front of the body, and changes nothing in that. `Autocrypt-Gossip` is for the bridge alone:
 * with the receiver's certificate it can encrypt a report that a message did not arrive.
 *
 *   Autocrypt-Gossip: addr=alice@mail.example; keydata=…
 *   Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="…"
 *
 *   --…
 *   Content-Type: application/pgp-encrypted
 *
 *   Version: 1
 *   --…
 *   Content-Type: application/octet-stream; name="encrypted.asc"
 *
 *   -----BEGIN PGP MESSAGE-----
 */
import { ascii } from "./mime/bytes.js";
import { entityBytes, multipart, withFields } from "./mime/entity.js";
import type { HeaderField } from "./mime/headerField.js";

/**
 * @param armored with lines of at most 76 characters
 * @param fields in front of the Content-Type
 */
export function encryptedEntity(
  armored: string,
  seed: string,
  fields: readonly HeaderField[] = [],
): Uint8Array {
  const lines = armored.replace(/\r?\n/g, "\r\n");
  return entityBytes(
    withFields(
      fields,
      multipart(
        'encrypted; protocol="application/pgp-encrypted"',
        [
          {
            headers: [["Content-Type", "application/pgp-encrypted"]],
            body: ascii("Version: 1\r\n"),
          },
          {
            headers: [
              ["Content-Type", 'application/octet-stream; name="encrypted.asc"'],
              ["Content-Disposition", 'inline; filename="encrypted.asc"'],
            ],
            body: ascii(lines),
          },
        ],
        seed,
      ),
    ),
  );
}
