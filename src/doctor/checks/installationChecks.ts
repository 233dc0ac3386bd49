/** Whether one installation changes the domain, and the others follow it: two that take changes come apart. */
import { isSignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { type StandingAnswer, standingSchema } from "../../wire/standing.js";
import type { Check } from "../check.js";
import { gatewayUrlsOf } from "../facts/lookup.js";
import { type Finding, notApplicable, passed, warning } from "../line.js";
import { nameOf, patienceMs, type Patient } from "../patient.js";

const MOST_ANSWER_BYTES = 16 * 1024;
/** A mirror that is well is two or three seconds behind. */
const MOST_BEHIND_SEC = 60;
/** What our gateways' URLs have behind the address of their service. */
const CCIP_PATH = /\/ccip\/[0-9]+\/.*$/;

interface Installation {
  /** Where it was reached first; several gateways may work on one database. */
  readonly origin: string;
  readonly standing: StandingAnswer;
}

const installations: Check = {
  id: "installations",
  title: "who changes the domain",
  needs: ["lookup-form"],
  async examine(patient) {
    const asked = await askedInstallations(patient);
    const found = eachDatabaseOnce(asked.flatMap(({ said }) => (said === null ? [] : [said])));
    if (found.length === 0) {
      return notApplicable("no gateway says so; Signpost's do since mirrors exist");
    }
    const unsaid = asked.flatMap(({ base, said }) => (said === null ? [base] : []));
    return judge(found, [...found.map(described), ...unsaidOf(unsaid, asked.length)].join("; "), {
      isWhole: unsaid.length === 0,
    });
  },
};

/** @param isWhole whether all gateways said where they stand */
function judge(
  found: readonly Installation[],
  seen: string,
  { isWhole }: { isWhole: boolean },
): Finding {
  const primaries = found.filter(({ standing }) => standing.takesChanges);
  if (primaries.length > 1) {
    return warning(
      `${primaries.length} installations take changes: ${seen}`,
      "What is written to one is not at the other. Freeze all but one now (`signpost domain freeze --to`), and make them mirrors (docs/guides/mirror.md).",
    );
  }
  const late = found.filter(({ standing: { mirror } }) => {
    return mirror !== null && (mirror.behindSec ?? Infinity) > MOST_BEHIND_SEC;
  });
  if (late.length > 0) {
    return warning(seen, "Look at the mirror: `signpost mirror show` says what keeps it.");
  }
  if (found.some(({ standing: { mirror } }) => (mirror?.namesNotTaken ?? 0) > 0)) {
    return warning(seen, "`signpost mirror show` says why names are not as the primary has them.");
  }
  // the others may take changes as well, or alone
  if (!isWhole) return notApplicable(seen);
  return primaries.length === 0
    ? warning(
        `no gateway's installation takes changes: ${seen}`,
        "While a domain moves, that is right. Afterwards, unfreeze it at the new one, or promote the mirror.",
      )
    : passed(seen);
}

function described({ origin, standing }: Installation): string {
  const { takesChanges, changedAt, mirror } = standing;
  if (takesChanges) return `${origin} takes changes`;
  if (mirror === null) {
    return `${origin} is frozen${changedAt === null ? "" : `, changed at ${foreignText(changedAt)}`}`;
  }
  const behind =
    mirror.behindSec === null ? "not copied yet" : `${mirror.behindSec} seconds behind at most`;
  const missing = mirror.namesNotTaken > 0 ? `, ${mirror.namesNotTaken} names not taken` : "";
  const of = mirror.primary === null ? "" : ` of ${foreignText(mirror.primary)}`;
  return `${origin} is a mirror${of}, ${behind}${missing}`;
}

function unsaidOf(bases: readonly string[], asked: number): readonly string[] {
  if (bases.length === 0) return [];
  const says =
    bases.length === 1 ? "does not say whether it takes" : "do not say whether they take";
  return [`${bases.length} of ${asked} gateways ${says} changes: ${bases.join(", ")}`];
}

interface Asked {
  readonly base: string;
  /** Null where it did not say. */
  readonly said: Installation | null;
}

async function askedInstallations(patient: Patient): Promise<readonly Asked[]> {
  const bases = new Set<string>();
  for (const url of await gatewayUrlsOf(patient)) {
    if (CCIP_PATH.test(url)) bases.add(url.replace(CCIP_PATH, ""));
  }
  return Promise.all(
    [...bases].map(async (base) => ({ base, said: await standingAt(patient, base) })),
  );
}

function eachDatabaseOnce(said: readonly Installation[]): readonly Installation[] {
  const byDatabase = new Map<string, Installation>();
  for (const one of said) {
    if (!byDatabase.has(one.standing.database)) byDatabase.set(one.standing.database, one);
  }
  return [...byDatabase.values()];
}

/** Null where it is no service of ours, or does not answer, which other checks tell. */
async function standingAt(patient: Patient, base: string): Promise<Installation | null> {
  try {
    const { status, body } = await patient.exchange({
      url: `${base}/v1/standing/${encodeURIComponent(nameOf(patient))}`,
      method: "GET",
      headers: { accept: "application/json" },
      maxBytes: MOST_ANSWER_BYTES,
      timeoutMs: patienceMs(patient),
    });
    if (status !== 200) return null;
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    return standingSchema.fits(json) ? { origin: new URL(base).origin, standing: json } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    if (isSignpostError(error, "UNREACHABLE", "FORBIDDEN_ADDRESS", "TOO_LARGE")) return null;
    throw error;
  }
}

export const INSTALLATION_CHECKS: readonly Check[] = [installations];
