/** `signpost signer rotate <address>`: the new signer at every resolver, then how gateways are switched to it. */
import { addSigner } from "../../admin/resolverChanges.js";
import { isLately, type SigningNow } from "../../admin/signerRotation.js";
import {
  nextStepsAt,
  statusOfTaken,
  steps,
} from "../../capabilities/registry/commands/signerTaken.js";
import { NOT_AVAILABLE } from "../../terminal/exitStatus.js";
import { report } from "../resolver/report.js";
import { changeWhereOwned, type Tried } from "./changeWhereOwned.js";
import { type AskedResolver, takenBy } from "./resolversAsked.js";
import type { Rotation } from "./rotation.js";
import { gatewayLines, resolverFacts, resolverLines, takenFacts } from "./rotationText.js";
import { isUnsure, lookAfter, unsureLines } from "./unsure.js";

const DECLINED = 1;

/** @param signer checksummed */
export async function rotateTo(signer: string, rotation: Rotation): Promise<void> {
  const before = await rotation.resolvers();
  const lacking = before.filter((one) => takenBy(one, signer) === "no");
  const tried = await changeWhereOwned(
    lacking,
    { plan: (state) => addSigner(state, signer) },
    rotation,
  );
  const { after, now } = await lookAfter(tried, rotation, async () => {
    const after = tried.length === 0 ? before : await rotation.resolvers();
    return { after, now: await rotation.signingNow(after) };
  });
  report(rotation, { signer, resolvers: after.map((one) => resolverFacts(one, signer)), ...now }, [
    ...resolverLines(after, signer),
    ...gatewayLines(now),
    ...nextSteps(signer, after, now, tried),
  ]);
  const kinds = tried.map(({ kind }) => kind);
  if (kinds.includes("unknown")) process.exitCode = NOT_AVAILABLE;
  else process.exitCode = kinds.includes("declined") ? DECLINED : statusOf(signer, after);
}

/** Contracts of others cannot be found out about, however often they are asked: they count where there are no more. */
function statusOf(signer: string, asked: readonly AskedResolver[]): number {
  const own = asked.filter(({ isForeign }) => !isForeign);
  return statusOfTaken(takenFacts(own.length === 0 ? asked : own, signer));
}

function nextSteps(
  signer: string,
  asked: readonly AskedResolver[],
  now: SigningNow,
  tried: readonly Tried[],
): readonly string[] {
  if (asked.length === 0) return [];
  const again = `signpost signer rotate ${signer}`;
  const unsure = unsureLines(tried);
  const sure = asked.filter((one) => !one.isForeign && !isUnsure(one, tried));
  const foreign = asked.filter(({ isForeign }) => isForeign);
  if (statusOf(signer, asked) !== 0 || unsure.length > 0) {
    return [
      ...unsure,
      ...nextStepsAt(signer, takenFacts(sure, signer)),
      ...foreignSteps(signer, foreign),
      ...steps("Switch no gateway yet. Run this again until every resolver takes it:", [again]),
    ];
  }
  const former = formerSigners(signer, asked);
  const isDone = former.length === 0 && foreign.length === 0;
  return [
    "",
    `Every resolver${foreign.length === 0 ? "" : " of Signpost"} takes ${signer}.`,
    ...foreignSteps(signer, foreign),
    ...(isSwitched(signer, now)
      ? []
      : [
          "",
          "Next, on each gateway: put the new key where its settings name the signer, then send SIGHUP",
          "(`kill -HUP <process>`, or `systemctl reload`). Run this again to see by whom they sign.",
        ]),
    ...(isDone && isSwitched(signer, now) ? ["Nothing is left to do."] : []),
    ...steps(
      "Once no gateway has signed by the old one for 7 minutes, take it away:",
      former.map((old) => `signpost signer rotate --finish ${old}`),
    ),
  ];
}

function foreignSteps(signer: string, foreign: readonly AskedResolver[]): readonly string[] {
  return steps(
    "None of Signpost's, so its owner has to look whether it takes the new signer. Confirm it then:",
    foreign.map(
      ({ chainId, resolver }) =>
        `signpost signer remember ${signer} --chain ${chainId.toString()} --resolver ${resolver}`,
    ),
  );
}

/** Those that some resolver takes beside the new one. */
function formerSigners(signer: string, asked: readonly AskedResolver[]): readonly string[] {
  const all = asked.flatMap(({ state }) => state?.signers ?? []);
  return [...new Set(all)].filter((one) => one !== signer);
}

/** Whether every gateway that anybody knows of signs by it. */
function isSwitched(signer: string, { noted, gateways }: SigningNow): boolean {
  const lately = noted.filter(isLately);
  return (
    lately.length > 0 &&
    lately.every((one) => one.signer === signer) &&
    gateways.every((one) => one.signer === signer)
  );
}
