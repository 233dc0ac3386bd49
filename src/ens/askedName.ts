/**
 * The name that a lookup asks about, from its DNS wire form.
 *
 * Two kinds of names can be asked about and never be stored, and are absent records, not malformed calls: a client that
 * was refused would throw where it should show nothing.
 *
 * - A name that is longer than the longest that can be stored.
 * - One with a label of which only the labelhash is given, `[64 digits]`. viem sends it for labels of more than 255 bytes,
 *   and ENS' own apps for labels that they do not know; the node is that of the whole label (ens-contracts, NameCoder).
 */
import { type Digest, digestFrom } from "../abi/digest.js";
import { fromHex } from "../abi/hex.js";
import { decodeDnsLabels, LONGEST_DNS_NAME } from "./dnsName.js";
import { labelhash, namehash, type Node, nodeOfLabelhashes } from "./namehash.js";
import { assertNormalized } from "./normalize.js";

export interface AskedName {
  /** In normal form, but for labelhashes, and for names that are too long to be stored. */
  readonly name: string;
  /** Its namehash. */
  readonly node: Node;
}

/** Throws INVALID_NAME when the bytes are no name, or one that can be stored is not in normal form. */
export function askedNameOf(dnsName: Uint8Array): AskedName {
  const labels = decodeDnsLabels(dnsName);
  const name = labels.join(".");
  if (dnsName.length <= LONGEST_DNS_NAME) {
    if (!name.includes("[")) {
      assertNormalized(name);
      return { name, node: namehash(name) };
    }
    const spelled = labels.filter((label) => givenHash(label) === null);
    if (spelled.length > 0) assertNormalized(spelled.join("."));
  }
  return { name, node: nodeOfLabels(labels) };
}

/** Of a name as it was asked for, or of the same labels below another name. */
export function nodeOfAskedName(name: string): Node {
  return name.includes("[") ? nodeOfLabels(name.split(".")) : namehash(name);
}

function nodeOfLabels(labels: readonly string[]): Node {
  return nodeOfLabelhashes(labels.map((label) => givenHash(label) ?? labelhash(label)));
}

/** For a sentence: as much of the name as names mostly have. */
export function shownName({ name }: Pick<AskedName, "name">): string {
  return name.length <= LONGEST_SHOWN ? name : `${name.slice(0, LONGEST_SHOWN)}...`;
}

const LONGEST_SHOWN = 255;

function givenHash(label: string): Digest | null {
  const digits = /^\[([0-9a-f]{64})\]$/.exec(label)?.[1];
  return digits === undefined ? null : digestFrom(fromHex(`0x${digits}`));
}
