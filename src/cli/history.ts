/** `signpost history`: recomputes the hash chains of names, and says where one breaks. */
import type { Command } from "commander";
import { toHex } from "../abi/hex.js";
import { namehash } from "../ens/namehash.js";
import { normalizeName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import type { NameStore } from "../registry/store.js";
import { verifyStored } from "../registry/verifyStored.js";
import { print, withInstallation } from "./installation.js";

const NODES_AT_ONCE = 1000;

interface VerifyFlags {
  readonly all?: true;
  readonly json?: true;
}

/** What was found of all names; only those that need a look are listed. */
interface Report {
  readonly names: number;
  readonly entries: number;
  readonly broken: readonly object[];
  readonly changedWithoutSignpost: readonly object[];
}

export function historyCommand(program: Command): void {
  const history = program
    .command("history")
    .description("what happened to names, and the proof of it");

  history
    .command("verify")
    .description("recompute the histories of one name or of all; exit status 1 where one breaks")
    .argument("[name]", "a name")
    .option("--all", "every name that is or was there")
    .option("--json", "print JSON")
    .action(async (name: string | undefined, flags: VerifyFlags) => {
      if ((name === undefined) !== (flags.all === true)) {
        throw new SignpostError("INVALID_REQUEST", "Give one name, or --all.");
      }
      const report = await withInstallation(({ names }) =>
        reportOn(names, name === undefined ? allNodes(names) : [namehash(normalizeName(name))]),
      );
      print(flags, report, linesOf(report));
      if (report.broken.length > 0) process.exitCode = 1;
    });
}

async function reportOn(
  names: NameStore,
  nodes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Report> {
  let [count, entries] = [0, 0];
  const broken: object[] = [];
  const changedWithoutSignpost: object[] = [];
  for await (const node of nodes) {
    const verdict = await verifyStored(names, node);
    count++;
    entries += verdict.entries;
    const name = verdict.name ?? toHex(node);
    if (verdict.broken)
      broken.push({ name, entry: verdict.broken.number, reason: verdict.broken.reason });
    changedWithoutSignpost.push(...verdict.foundLater.map((entry) => ({ name, entry })));
  }
  return { names: count, entries, broken, changedWithoutSignpost };
}

async function* allNodes(names: NameStore): AsyncIterable<Uint8Array> {
  let after: Uint8Array | null = null;
  for (;;) {
    const nodes: readonly Uint8Array[] = await names.nodes(after, NODES_AT_ONCE);
    yield* nodes;
    after = nodes.at(-1) ?? null;
    if (nodes.length < NODES_AT_ONCE) return;
  }
}

function linesOf({ names, entries, broken, changedWithoutSignpost }: Report): string[] {
  const tell = (what: string) => (fact: object) => `${what}  ${Object.values(fact).join("  ")}`;
  return [
    ...broken.map(tell("broken")),
    ...changedWithoutSignpost.map(tell("changed without Signpost before")),
    `${names} names, ${entries} entries: ${broken.length === 0 ? "every history holds" : `${broken.length} broken`}.`,
  ];
}
