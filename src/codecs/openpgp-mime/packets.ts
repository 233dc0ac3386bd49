/** The packets of an OpenPGP message from outside, without any key (RFC 9580, sections 4.2 and 10.3). */

const SESSION_KEY_TAGS: readonly (number | null)[] = [1, 3];
/** Symmetrically Encrypted and Integrity Protected Data. */
const SEIPD = 18;
const SEIPD_VERSIONS: readonly (number | undefined)[] = [1, 2];
/** Each costs an attempt to decrypt it. */
const MOST_SESSION_KEYS = 100;

/** Null when it is session keys, then one encrypted packet to the end, and nothing else; otherwise what is wrong. */
export function encryptionProblem(message: Uint8Array): string | null {
  let sessionKeys = 0;
  for (let at = 0; at < message.length;) {
    const packet = packetAt(message, at);
    if (packet === null) return "it ends within a packet";
    if (packet.tag === SEIPD) {
      if (sessionKeys === 0) return "it is encrypted for nobody";
      if (!SEIPD_VERSIONS.includes(message[packet.contentAt]))
        return "its encryption is of an unknown version";
      return packet.end === message.length ? null : "something stands behind the encrypted packet";
    }
    if (!SESSION_KEY_TAGS.includes(packet.tag)) return `it has a packet of type ${packet.tag}`;
    if (++sessionKeys > MOST_SESSION_KEYS) return `it is for more than ${MOST_SESSION_KEYS} keys`;
    at = packet.end;
  }
  return "it has no encrypted packet";
}

/** What stands before the encrypted packet, of a message without an `encryptionProblem`. */
export function sessionKeyPackets(message: Uint8Array): Uint8Array {
  let at = 0;
  for (let packet = packetAt(message, at); packet !== null && packet.tag !== SEIPD;) {
    at = packet.end;
    packet = packetAt(message, at);
  }
  return message.subarray(0, at);
}

interface PacketPlace {
  readonly tag: number;
  readonly contentAt: number;
  readonly end: number;
}

function packetAt(bytes: Uint8Array, at: number): PacketPlace | null {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) return null;
  if ((first & 0x40) !== 0) return newFormat(bytes, at + 1, first & 0x3f);
  const tag = (first >> 2) & 0x0f;
  const lengthOctets = [1, 2, 4][first & 3];
  // of indeterminate length: to the end
  if (lengthOctets === undefined) return { tag, contentAt: at + 1, end: bytes.length };
  const contentAt = at + 1 + lengthOctets;
  return within(bytes, tag, contentAt, contentAt + number(bytes, at + 1, lengthOctets));
}

/** @param at of the length */
function newFormat(bytes: Uint8Array, at: number, tag: number): PacketPlace | null {
  const contentAt = at + lengthAt(bytes, at).octets;
  for (let next = at; next < bytes.length;) {
    const { octets, length, isPartial } = lengthAt(bytes, next);
    const end = next + octets + length;
    if (!isPartial) return within(bytes, tag, contentAt, end);
    next = end;
  }
  return null;
}

function lengthAt(bytes: Uint8Array, at: number) {
  const first = bytes[at] ?? 0;
  if (first < 192) return { octets: 1, length: first, isPartial: false };
  if (first < 224) {
    return {
      octets: 2,
      length: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192,
      isPartial: false,
    };
  }
  if (first < 255) return { octets: 1, length: 2 ** (first & 0x1f), isPartial: true };
  return { octets: 5, length: number(bytes, at + 1, 4), isPartial: false };
}

function within(
  bytes: Uint8Array,
  tag: number,
  contentAt: number,
  end: number,
): PacketPlace | null {
  return end > bytes.length ? null : { tag, contentAt, end };
}

function number(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let index = 0; index < octets; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
