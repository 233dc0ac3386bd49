/** Names of the primary with all their lines: a long history comes in pieces, and few names at a time where they are large. */
import type { Hex } from "../abi/hex.js";
import type { NameGroup } from "../transfer/form/nameGroups.js";
import { LONGEST_GROUP } from "../transfer/form/nameGroups.js";
import { MOST_ENTRIES } from "../transfer/verify/verifyName.js";
import { notFollowed } from "./notFollowed.js";
import type { Primary, ToldName } from "./primary.js";

/** A name as the primary tells it; without lines where it has none in the domain. */
export interface GatheredName {
  readonly node: Hex;
  readonly group: NameGroup | null;
}

/** In characters; an answer of ours has about a megabyte. */
const MOST_GATHERED = 8 * 1024 * 1024;

/** A page of ours has a megabyte of a name that it cuts off; fewer would keep us asking. */
const LEAST_OF_A_NAME = 256 * 1024;

/**
 * The first of the names, as many as came together, at least one. One page is held, and what its last name is long. Throws
 * UNREACHABLE where more than that is cut off.
 */
export async function askNames(
  primary: Pick<Primary, "names">,
  nodes: readonly Hex[],
): Promise<readonly GatheredName[]> {
  const told = await askedInOrder(primary, nodes, 0);
  // a page ends with the name that fills it
  if (told.slice(0, -1).some(({ isWhole }) => !isWhole)) {
    throw notFollowed("it cuts off names in the midst of a page");
  }
  const gathered: GatheredName[] = [];
  let length = 0;
  for (const first of told) {
    const one = await gather(primary, first);
    gathered.push(one);
    length += one.group === null ? 0 : lengthOf(one.group.texts);
    // the others are asked for again: long ones are held one at a time
    if (length > MOST_GATHERED) break;
  }
  return gathered;
}

async function gather(primary: Pick<Primary, "names">, first: ToldName): Promise<GatheredName> {
  const { node } = first;
  if (first.lines.length === 0) return { node, group: null };
  const lines = [...first.lines];
  let { isWhole } = first;
  let length = lengthOf(lines);
  if (!isWhole) assertLong(length);
  const isTooLong = () => length > LONGEST_GROUP || lines.length > MOST_ENTRIES + 1;
  while (!isWhole && !isTooLong()) {
    const [more] = await askedInOrder(primary, [node], lines.length - 1);
    const [name, ...entries] = more?.lines ?? [];
    // it is gone meanwhile, or nothing new came: the next change of it tells
    if (more === undefined || name === undefined || entries.length === 0) {
      if (more?.isWhole === true && name !== undefined) lines[0] = name;
      break;
    }
    // what was added meanwhile is in the line of the name
    lines[0] = name;
    for (const entry of entries) lines.push(entry);
    const added = lengthOf(entries);
    length += added;
    isWhole = more.isWhole;
    if (!isWhole) assertLong(added);
  }
  const group = {
    ...{ line: 1, lines: lines.length, end: 0, isTooLong: isTooLong() },
    texts: isTooLong() ? lines.slice(0, 1) : lines,
  };
  return { node, group };
}

/** Throws UNREACHABLE for an answer about other names than those that were asked for, in their order. */
async function askedInOrder(
  primary: Pick<Primary, "names">,
  nodes: readonly Hex[],
  after: number,
): Promise<readonly ToldName[]> {
  const told = await primary.names(nodes.map((node) => ({ node, after })));
  const isRight =
    told.length > 0 &&
    told.length <= nodes.length &&
    told.every(({ node }, index) => node === nodes[index]);
  if (isRight) return told;
  throw notFollowed("it answered about other names than it was asked for");
}

function assertLong(length: number): void {
  if (length < LEAST_OF_A_NAME) throw notFollowed("it tells of a name in too small pieces");
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
