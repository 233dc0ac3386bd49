/** `signpost history`: recomputes the hash chains of names, and says where one breaks. */
import type { Command } from "commander";
import { toHex } from "../../../abi/hex.js";
import { contractWalletsOn } from "../../../chain/askContractWallets.js";
import { namehash, type Node } from "../../../ens/namehash.js";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import type { ContractProof } from "../../../registry/audit/contractProof.js";
import { verifyHistory } from "../../../registry/audit/verifyHistory.js";
import type { ContractWallets } from "../../../registry/signed/contractWallets.js";
import type { NameStore } from "../../../registry/store.js";
import { print } from "../../../terminal/print.js";
import { progressCount } from "../../../terminal/progressCount.js";
import { lookIntoInstallation } from "./installation.js";
import { rpcUrlsOf } from "./rpcUrls.js";

const NODES_AT_ONCE = 1000;

interface VerifyFlags {
  readonly all?: true;
  readonly rpc?: string;
  readonly json?: true;
}

type NamedProof = { readonly name: string } & ContractProof;

/** What was found of all names; only those that need a look are listed. */
interface Report {
  readonly names: number;
  readonly entries: number;
  readonly broken: readonly object[];
  readonly changedWithoutSignpost: readonly object[];
  /** Names that are there, and of which no history tells: older than histories, or made behind Signpost's back. */
  readonly withoutHistory: readonly string[];
  /** Signatures of contract wallets, which are not recomputed: a chain's word, asked again or not. */
  readonly contractProofs: readonly NamedProof[];
}

export function historyCommand(program: Command): void {
  const history = program
    .command("history")
    .description("what happened to names, and the proof of it");

  history
    .command("verify")
    .description(
      "recompute the histories of one name or of all; exit status 1 where one breaks, or there is none",
    )
    .argument("[name]", "a name")
    .option("--all", "every name that is or was there")
    .option(
      "--rpc <urls>",
      "ask contract wallets again, at the block of then: <chain id>=<URL>, with commas; of nodes that keep old state",
    )
    .option("--json", "print JSON")
    .action(async (name: string | undefined, flags: VerifyFlags) => {
      if ((name === undefined) !== (flags.all === true)) {
        throw new SignpostError("INVALID_REQUEST", "Give one name, or --all.");
      }
      const contractWallets = contractWalletsOn(rpcUrlsOf(flags.rpc));
      const report = await lookIntoInstallation(({ names }) =>
        reportOn(
          names,
          name === undefined ? allNodes(names) : [namehash(normalizeName(name))],
          contractWallets,
        ),
      );
      // a name that never was here has nothing to verify, and is more likely misspelt
      if (name !== undefined && report.names === 0) throw neverThere(normalizeName(name));
      print(flags, report, linesOf(report));
      // nothing was proven: more likely another database than meant
      if (report.broken.length > 0 || report.entries === 0) process.exitCode = 1;
    });
}

async function reportOn(
  names: NameStore,
  nodes: AsyncIterable<Node> | Iterable<Node>,
  contractWallets: ContractWallets,
): Promise<Report> {
  let [count, entries] = [0, 0];
  const progress = progressCount("names looked at", null);
  const broken: object[] = [];
  const changedWithoutSignpost: object[] = [];
  const withoutHistory: string[] = [];
  const contractProofs: NamedProof[] = [];
  for await (const node of nodes) {
    const verdict = await verifyHistory(names, node, contractWallets);
    progress.show(count);
    if (verdict.name === null && verdict.broken === null) continue;
    count++;
    entries += verdict.entries;
    const name = verdict.name ?? toHex(node);
    if (verdict.name !== null && verdict.entries === 0) withoutHistory.push(name);
    if (verdict.broken)
      broken.push({ name, entry: verdict.broken.number, reason: verdict.broken.reason });
    contractProofs.push(...verdict.contractProofs.map((proof) => ({ name, ...proof })));
    changedWithoutSignpost.push(...verdict.foundLater.map((entry) => ({ name, entry })));
  }
  progress.clear();
  return { names: count, entries, broken, changedWithoutSignpost, withoutHistory, contractProofs };
}

function neverThere(name: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `There is no name ${name} here, and no history of one; check its spelling.`,
    { name },
  );
}

async function* allNodes(names: NameStore): AsyncIterable<Node> {
  let after: Node | null = null;
  for (;;) {
    const nodes: readonly Node[] = await names.nodes(after, NODES_AT_ONCE);
    yield* nodes;
    after = nodes.at(-1) ?? null;
    if (nodes.length < NODES_AT_ONCE) return;
  }
}

function linesOf(report: Report): string[] {
  const { names, entries, broken, changedWithoutSignpost, withoutHistory, contractProofs } = report;
  const tell = (what: string) => (fact: object) => `${what}  ${Object.values(fact).join("  ")}`;
  return [
    ...broken.map(tell("broken")),
    ...changedWithoutSignpost.map(tell("changed without Signpost before")),
    ...withoutHistory.map((name) => `no history  ${name}`),
    ...contractProofs.map(lineOfProof),
    `${names} names, ${entries} entries: ${conclusion(report)}.`,
  ];
}

function conclusion({ entries, broken, withoutHistory }: Report): string {
  const whole = entries === 0 ? "nothing was verified" : "every history holds";
  const found = broken.length === 0 ? whole : `${broken.length} broken`;
  return withoutHistory.length === 0
    ? found
    : `${found}, ${withoutHistory.length} without a history`;
}

function lineOfProof({ name, entry, wallet, block, chainId, status }: NamedProof): string {
  const accepted = `was accepted by the contract wallet ${wallet} at block ${block} of chain ${chainId}`;
  const sentence = {
    accepted: `${accepted}; asked again, it is so`,
    // a refusal breaks the history, and stands among those
    refused: accepted,
    notAsked: `${accepted}, says the history; --rpc asks the chain`,
    unreachable: `${accepted}, says the history; the chain's RPC node could not say (old state takes an archive node)`,
  }[status];
  return `signature  ${name}  ${entry}  ${sentence}`;
}
