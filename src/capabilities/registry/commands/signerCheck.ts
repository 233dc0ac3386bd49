/** `signpost signer check`: whether a signer may take over, asked of every resolver that this installation serves. */
import type { Command } from "commander";
import { checksumAddress, parseAddress } from "../../../ens/address.js";
import { askChains, type KnownResolver } from "../../../health/chainKnowledge.js";
import { installationSettings } from "../../../settings/installationSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation } from "./installation.js";
import { nextStepsAt, statusOfTaken, type TakenAt } from "./signerTaken.js";

interface Answer extends TakenAt {
  /** False where CHAIN_RPC_URLS names no node of its chain. */
  readonly hasNode: boolean;
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
        ...nextStepsAt(checksumAddress(address), answers),
      ]);
      process.exitCode = statusOfTaken(answers);
    });
}

function answerOf({ chainId, resolver, signerEnabled }: KnownResolver): Answer {
  const taken =
    signerEnabled === null ? "could not find out" : signerEnabled ? ("yes" as const) : "no";
  return { ...placeOf({ chainId, resolver }), taken, hasNode: true };
}

function unasked(place: Pick<KnownResolver, "chainId" | "resolver">): Answer {
  return { ...placeOf(place), taken: "could not find out", hasNode: false };
}

function placeOf({ chainId, resolver }: Pick<KnownResolver, "chainId" | "resolver">) {
  return { chainId: chainId.toString(), resolver: checksumAddress(resolver) };
}

function rowOf({ chainId, resolver, taken, hasNode }: Answer): readonly string[] {
  return [chainId, resolver, hasNode ? taken : `${taken}: no RPC node in CHAIN_RPC_URLS`];
}
