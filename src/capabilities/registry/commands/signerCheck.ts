/** `signpost signer check`: whether a signer may take over, asked of every resolver that this installation serves. */
import type { Command } from "commander";
import { type Address, checksumAddress, parseAddress } from "../../../ens/address.js";
import { askChains, type KnownResolver } from "../../../health/chainKnowledge.js";
import { installationSettings } from "../../../settings/installationSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation } from "./installation.js";

const NOT_TAKEN = 1;
const NOT_FOUND_OUT = 4;

type Taken = "yes" | "no" | "could not find out";

interface Answer {
  readonly chainId: string;
  /** Null for all of a chain without an RPC node. */
  readonly resolver: string | null;
  readonly taken: Taken;
}

export function checkCommand(signer: Command): void {
  signer
    .command("check")
    .description(
      "ask each resolver that is served whether it takes a signer, before gateways switch to it; exit status 1 where one does not, 4 where one could not be asked",
    )
    .argument("<address>", "the signer's address")
    .option("--json", "print JSON")
    .action(async (given: string, flags: { json?: true }) => {
      const address = parseAddress(given);
      const { secrets } = readSettings([installationSettings], process.env)(installationSettings);
      console.error("signpost: asking the resolvers that are served here ...");
      const answers = await lookIntoInstallation(async ({ records }) => {
        const parts = { records, rpcUrls: secrets.chainRpcUrls, nowMs: Date.now };
        const { resolvers, unwatched } = await askChains(parts, { address }, null);
        return [...resolvers.map(answerOf), ...unwatched.map(unasked)];
      });
      print(flags, { address: checksumAddress(address), resolvers: answers }, [
        ...(answers.length === 0
          ? ["No resolver is served here, so there was nobody to ask."]
          : table(answers.map(rowOf), ["CHAIN", "RESOLVER", "TAKES IT"])),
        ...nextSteps(address, answers),
      ]);
      process.exitCode = statusOf(answers);
    });
}

function answerOf({ chainId, resolver, signerEnabled }: KnownResolver): Answer {
  const taken =
    signerEnabled === null ? "could not find out" : signerEnabled ? ("yes" as const) : "no";
  return { chainId: chainId.toString(), resolver: checksumAddress(resolver), taken };
}

function unasked(chainId: bigint): Answer {
  return { chainId: chainId.toString(), resolver: null, taken: "could not find out" };
}

function rowOf({ chainId, resolver, taken }: Answer): readonly string[] {
  return [chainId, resolver ?? "all (no RPC node in CHAIN_RPC_URLS)", taken];
}

function nextSteps(address: Address, answers: readonly Answer[]): readonly string[] {
  const missing = answers.filter(({ taken }) => taken === "no");
  if (missing.length === 0) return [];
  return [
    "",
    "Next, each with the owner's account and --rpc of its chain:",
    ...missing.map(
      ({ resolver }) =>
        `  signpost resolver signers add ${checksumAddress(address)} --resolver ${resolver ?? ""}`,
    ),
  ];
}

/** Nobody asked is nothing proven. */
function statusOf(answers: readonly Answer[]): number {
  if (answers.some(({ taken }) => taken === "no") || answers.length === 0) return NOT_TAKEN;
  return answers.every(({ taken }) => taken === "yes") ? 0 : NOT_FOUND_OUT;
}
