/**
 * Whether bytes are an encrypted OpenPGP message (RFC 9580, section 10.3), by the headers of its packets alone: session keys
 * (PKESK, SKESK), then exactly one packet of encrypted and integrity protected data (SEIPD), up to the end. No key is needed.
 */

export interface PacketSequence {
  readonly feed: (bytes: Uint8Array) => void;
  /** Null: it is one. Otherwise what is wrong, for the middle of a sentence. */
  readonly end: () => string | null;
}

const PKESK = 1;
const SKESK = 3;
const SEIPD = 18;
const VERSIONS: Readonly<Record<number, readonly number[]>> = {
  [PKESK]: [3, 6],
  [SKESK]: [4, 5, 6],
  [SEIPD]: [1, 2],
};
/** The prefix, the smallest packet and the code for integrity of version 1 (section 5.13.1). */
const SHORTEST_DATA = 43;
/** Each is a key of one recipient. */
const MOST_SESSION_KEYS = 1_000;
const LONGEST_SESSION_KEY = 16 * 1024;
/** The first piece of a body that comes in pieces (section 4.2.1.4). */
const SHORTEST_FIRST_PIECE = 512;

type State =
  | { readonly awaits: "tag" }
  | { readonly awaits: "length"; readonly given: readonly number[]; readonly octets: number }
  | { readonly awaits: "body"; left: number; readonly isLast: boolean };

export function packetSequence(): PacketSequence {
  let state: State = { awaits: "tag" };
  let tag = 0;
  let isOldFormat = false;
  /** Of the body of this packet, so far. */
  let seen = 0;
  let sessionKeys = 0;
  let isDone = false;
  let problem: string | null = null;

  function readTag(octet: number): State {
    if (isDone) return fail("something follows the encrypted data");
    if ((octet & 0x80) === 0) return fail("its data is no OpenPGP packet");
    isOldFormat = (octet & 0x40) === 0;
    tag = isOldFormat ? (octet >> 2) & 15 : octet & 63;
    seen = 0;
    if (tag !== PKESK && tag !== SKESK && tag !== SEIPD) {
      return fail(`it holds a packet of type ${tag}, which is not encrypted`);
    }
    if (tag === SEIPD && sessionKeys === 0) return fail("it has no session key");
    if (tag !== SEIPD && ++sessionKeys > MOST_SESSION_KEYS) return fail("it has too many keys");
    if (!isOldFormat) return { awaits: "length", given: [], octets: 1 };
    const octets = [1, 2, 4][octet & 3];
    if (octets === undefined) return fail("a session key has no length");
    return { awaits: "length", given: [], octets };
  }

  function readLength(octet: number, { given, octets }: State & { awaits: "length" }): State {
    const all = [...given, octet];
    const [first = 0] = all;
    if (isOldFormat || all.length > 1) {
      return all.length < octets ? { awaits: "length", given: all, octets } : body(lengthOf(all));
    }
    if (first < 192) return body(first);
    if (first < 224) return { awaits: "length", given: all, octets: 2 };
    if (first === 255) return { awaits: "length", given: all, octets: 5 };
    const piece = 2 ** (first & 31);
    if (tag !== SEIPD) return fail("a session key comes in pieces");
    if (seen === 0 && piece < SHORTEST_FIRST_PIECE) return fail("its first piece is too short");
    return { awaits: "body", left: piece, isLast: false };
  }

  function lengthOf(all: readonly number[]): number {
    const big = (octets: readonly number[]) => octets.reduce((sum, one) => sum * 256 + one, 0);
    if (isOldFormat) return big(all);
    const [first = 0, second = 0, ...more] = all;
    return more.length === 0 ? (first - 192) * 256 + second + 192 : big([second, ...more]);
  }

  function body(left: number): State {
    if (tag !== SEIPD && (left === 0 || left > LONGEST_SESSION_KEY)) {
      return fail("a session key has a wrong length");
    }
    return left > 0 ? { awaits: "body", left, isLast: true } : endOfPacket();
  }

  function endOfPacket(): State {
    if (tag === SEIPD) {
      isDone = true;
      if (seen < SHORTEST_DATA) return fail("its encrypted data is too short");
    }
    return { awaits: "tag" };
  }

  function fail(what: string): State {
    problem ??= what;
    return { awaits: "tag" };
  }

  /** How many of the bytes were taken. */
  function take(bytes: Uint8Array, at: number): number {
    const octet = bytes[at] ?? 0;
    if (state.awaits === "tag") state = readTag(octet);
    else if (state.awaits === "length") state = readLength(octet, state);
    else return takeBody(bytes.length - at, octet, state);
    return 1;
  }

  function takeBody(available: number, octet: number, ofBody: State & { awaits: "body" }): number {
    if (seen === 0 && VERSIONS[tag]?.includes(octet) !== true)
      fail("a packet has no known version");
    const taken = Math.min(available, ofBody.left);
    seen += taken;
    ofBody.left -= taken;
    if (ofBody.left === 0) {
      state = ofBody.isLast ? endOfPacket() : { awaits: "length", given: [], octets: 1 };
    }
    return taken;
  }

  return {
    feed: (bytes) => {
      for (let at = 0; at < bytes.length && problem === null;) at += take(bytes, at);
    },
    end: () => {
      if (problem === null && (!isDone || state.awaits !== "tag")) fail("its data ends too early");
      return problem;
    },
  };
}
