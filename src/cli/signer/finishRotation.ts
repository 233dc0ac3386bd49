/** `signpost signer rotate --finish <address>`: the old signer away from every resolver, once nobody signs by it. */
import { removeSigner } from "../../admin/resolverChanges.js";
import { assertAllAsked, assertReplaced } from "../../admin/signerRotation.js";
import { steps } from "../../capabilities/registry/commands/signerTaken.js";
import { FAILED, NOT_AVAILABLE } from "../../terminal/exitStatus.js";
import { report } from "../resolver/report.js";
import { type ChangeEverywhere, changeWhereOwned, type Tried } from "./changeWhereOwned.js";
import { type AskedResolver, takenBy } from "./resolversAsked.js";
import type { Rotation } from "./rotation.js";
import { placeText, resolverFacts, resolverLines } from "./rotationText.js";
import { isTried, isUnsure, lookAfter, unsureLines } from "./unsure.js";

/** @param old checksummed */
export async function finishRotation(old: string, rotation: Rotation): Promise<void> {
  const before = await rotation.resolvers();
  const tried = before.some(isUnknown) ? [] : await remove(old, before, rotation);
  const after =
    tried.length === 0 ? before : await lookAfter(tried, rotation, () => rotation.resolvers());
  report(rotation, { signer: old, resolvers: after.map((one) => resolverFacts(one, old)) }, [
    ...resolverLines(after, old),
    ...lastLines(old, after, tried),
  ]);
  process.exitCode = statusOf(old, after, tried);
}

/** Throws TRANSACTION_REFUSED or UNREACHABLE, and sends nothing, where it would take answers from clients. */
async function remove(
  old: string,
  before: readonly AskedResolver[],
  rotation: Rotation,
): Promise<readonly Tried[]> {
  const holding = before.filter((one) => takenBy(one, old) === "yes");
  if (holding.length === 0) return [];
  const assertMayRemove = async (from: readonly AskedResolver[], all: readonly AskedResolver[]) => {
    const now = await rotation.signingNow(all);
    const states = from.flatMap(({ state }) => (state === null ? [] : [state]));
    assertReplaced(old, states, now);
    if (rotation.flags.althoughUnreachable !== true) assertAllAsked(now);
  };
  await assertMayRemove(holding, before);
  const change: ChangeEverywhere = {
    plan: (state) => removeSigner(state, old),
    // a question may wait for hours, in which a gateway is switched back
    assertStill: (one) => assertMayRemove([one], [one]),
  };
  return changeWhereOwned(holding, change, rotation);
}

function lastLines(
  old: string,
  asked: readonly AskedResolver[],
  tried: readonly Tried[],
): readonly string[] {
  if (asked.length === 0) return [];
  if (asked.some(isUnknown)) {
    return tried.length === 0
      ? [
          "",
          "Nothing was removed, because not every resolver could be asked. See the reasons above; an RPC node is named in CHAIN_RPC_URLS or by --rpc. Then run this again.",
        ]
      : [
          ...unsureLines(tried),
          "",
          "Not every resolver could be asked again: see the reasons above.",
        ];
  }
  const isSure = !tried.some(({ kind }) => kind === "unknown");
  const holding = asked.filter((one) => takenBy(one, old) === "yes" && !isUnsure(one, tried));
  const refusedAt = holding.filter((one) => isTried("failed", one, tried));
  const foreign = asked.filter(({ isForeign }) => isForeign);
  if (holding.length === 0 && foreign.length === 0 && isSure) {
    return ["", `No resolver takes ${old}. Its key is good for nothing here.`];
  }
  return [
    ...unsureLines(tried),
    ...steps(
      "Not removed there, for the reason above. Once that is mended, run this again:",
      refusedAt.map(placeText),
    ),
    ...steps(
      "Next, each with the owner's account and --rpc of its chain:",
      holding
        .filter((one) => !refusedAt.includes(one))
        .map(({ resolver }) => `signpost resolver signers remove ${old} --resolver ${resolver}`),
    ),
    ...steps(
      `None of Signpost's, so its owner has to look whether it takes ${old}. Keep that key secret until then:`,
      foreign.map(placeText),
    ),
  ];
}

function statusOf(old: string, asked: readonly AskedResolver[], tried: readonly Tried[]): number {
  if (asked.some(isUnknown) || asked.some((one) => isUnsure(one, tried))) return NOT_AVAILABLE;
  // where no resolver is served, nothing is proven
  if (asked.length === 0 || asked.some((one) => takenBy(one, old) === "yes")) return FAILED;
  return asked.some(({ state }) => state === null) ? NOT_AVAILABLE : 0;
}

/** What another contract does is not for us to finish. */
function isUnknown({ state, isForeign }: AskedResolver): boolean {
  return state === null && !isForeign;
}
