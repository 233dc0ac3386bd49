/** `signpost signer rotate --finish <address>`: the old signer away from every resolver, once nobody signs by it. */
import { removeSigner } from "../../admin/resolverChanges.js";
import { assertAllAsked, assertReplaced } from "../../admin/signerRotation.js";
import { steps } from "../../capabilities/registry/commands/signerTaken.js";
import { FAILED, NOT_AVAILABLE } from "../../terminal/exitStatus.js";
import { report } from "../resolver/report.js";
import { changeWhereOwned } from "./changeWhereOwned.js";
import { type AskedResolver, takenBy } from "./resolversAsked.js";
import type { Rotation } from "./rotation.js";
import { placeText, resolverFacts, resolverLines } from "./rotationText.js";

/** @param old checksummed */
export async function finishRotation(old: string, rotation: Rotation): Promise<void> {
  const before = await rotation.resolvers();
  const after = before.some(isUnknown) ? before : await remove(old, before, rotation);
  report(rotation, { signer: old, resolvers: after.map((one) => resolverFacts(one, old)) }, [
    ...resolverLines(after, old),
    ...lastLines(old, after),
  ]);
  process.exitCode = statusOf(old, after);
}

/** Throws TRANSACTION_REFUSED or UNREACHABLE, and sends nothing, where it would take answers from clients. */
async function remove(
  old: string,
  before: readonly AskedResolver[],
  rotation: Rotation,
): Promise<readonly AskedResolver[]> {
  const holding = before.filter((one) => takenBy(one, old) === "yes");
  if (holding.length === 0) return before;
  const now = await rotation.signingNow(before);
  assertReplaced(
    old,
    holding.flatMap(({ state }) => (state === null ? [] : [state])),
    now,
  );
  if (rotation.flags.althoughUnreachable !== true) assertAllAsked(now);
  const outcomes = await changeWhereOwned(holding, (state) => removeSigner(state, old), rotation);
  return outcomes.includes("changed") ? rotation.resolvers() : before;
}

function lastLines(old: string, asked: readonly AskedResolver[]): readonly string[] {
  if (asked.length === 0) return [];
  if (asked.some(isUnknown)) {
    return [
      "",
      "Nothing was removed, because not every resolver could be asked. See the reasons above; an RPC node is named in CHAIN_RPC_URLS or by --rpc. Then run this again.",
    ];
  }
  const holding = asked.filter((one) => takenBy(one, old) === "yes");
  const foreign = asked.filter(({ isForeign }) => isForeign);
  if (holding.length === 0 && foreign.length === 0) {
    return ["", `No resolver takes ${old}. Its key is good for nothing here.`];
  }
  return [
    ...steps(
      "Next, each with the owner's account and --rpc of its chain:",
      holding.map(
        ({ resolver }) => `signpost resolver signers remove ${old} --resolver ${resolver}`,
      ),
    ),
    ...steps(
      `None of Signpost's, so its owner has to look whether it takes ${old}. Keep that key secret until then:`,
      foreign.map(placeText),
    ),
  ];
}

function statusOf(old: string, asked: readonly AskedResolver[]): number {
  if (asked.some(isUnknown)) return NOT_AVAILABLE;
  // where no resolver is served, nothing is proven
  if (asked.length === 0 || asked.some((one) => takenBy(one, old) === "yes")) return FAILED;
  return asked.some(({ state }) => state === null) ? NOT_AVAILABLE : 0;
}

/** What another contract does is not for us to finish. */
function isUnknown({ state, isForeign }: AskedResolver): boolean {
  return state === null && !isForeign;
}
