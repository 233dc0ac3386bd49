/** THE MAIN FLOW of the doctor: every check in turn, those left out whose ground another check found missing. */
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { failedServersOf } from "../fetch/serversAsked.js";
import { RPC_NODE } from "../lookup/askNode.js";
import { RECORD_CHECKS, RESOLVER_CHECKS, URL_CHECKS } from "./checks/checkList.js";
import { gatewayUrlsOf } from "./facts/lookup.js";
import { type Finding, type Line, notApplicable } from "./line.js";
import { admit, type DoctorOptions, type Patient } from "./patient.js";

const RPC_CHECK = "rpc-reachable";

/** What the runner needs of a check, with its URL filled in. */
interface Examination {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly url: string | null;
  readonly run: () => Promise<Finding>;
}

/**
 * Examines the whole chain of wiring behind a name. Throws INVALID_REQUEST for wrong options; whatever is
 * wrong with the name, the chain, the resolver or its gateways is a line.
 * @param onCheck told of each check before it begins
 */
export async function examine(
  name: string,
  options: DoctorOptions,
  onCheck: (title: string) => void = () => undefined,
): Promise<Line[]> {
  const patient = admit(name, options);
  const lines: Line[] = [];
  const record = async (examination: Examination) => {
    onCheck(examination.title);
    lines.push(await lineOf(patient, examination, lines));
  };

  for (const check of RESOLVER_CHECKS) {
    await record({ ...check, url: null, run: () => check.examine(patient) });
  }
  for (const url of await urlsToExamine(patient, lines)) {
    for (const check of URL_CHECKS) {
      await record({
        ...check,
        url,
        run: async () =>
          url === null ? notApplicable("no gateway is asked") : await check.examine(patient, url),
      });
    }
  }
  for (const check of RECORD_CHECKS) {
    await record({ ...check, url: null, run: () => check.examine(patient) });
  }
  return lines.map(printable);
}

/** Every URL of the lookup; a single null, so that the checks have their lines, where there is none. */
async function urlsToExamine(
  patient: Patient,
  lines: readonly Line[],
): Promise<readonly (string | null)[]> {
  const lookupForm = lines.find(({ id }) => id === "lookup-form");
  return lookupForm?.status === "passed" ? await gatewayUrlsOf(patient) : [null];
}

async function lineOf(
  patient: Patient,
  { id, needs, url, run }: Examination,
  before: readonly Line[],
): Promise<Line> {
  const skipped = (seen: string, dependsOn: string | null): Line => ({
    id,
    url,
    status: "skipped",
    seen,
    advice: null,
    dependsOn,
  });
  for (const need of needs) {
    const cause = missingGround(need, url, before);
    if (cause !== null) return skipped(`depends on ${cause}`, cause);
  }
  if (isOver(patient)) return outOfTime(skipped);
  try {
    const finding = await run();
    // what fails because the doctor itself has no time left says nothing about the patient
    if (isOver(patient) && finding.status !== "passed") return outOfTime(skipped);
    return { id, url, ...finding, dependsOn: null };
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE") || !isAboutRpcNode(error)) throw error;
    return isOver(patient) ? outOfTime(skipped) : skipped(error.message, RPC_CHECK);
  }
}

/** The check at the root of why `need` gives no ground to stand on, or null when it does. */
function missingGround(need: string, url: string | null, before: readonly Line[]): string | null {
  const ground = before.filter(
    (line) => line.id === need && (line.url === null || url === null || line.url === url),
  );
  // of several gateways one is enough
  const missing = ground.filter(
    ({ status, dependsOn }) => status === "failed" || dependsOn !== null,
  );
  const [first] = missing;
  if (first === undefined || missing.length < ground.length) return null;
  return first.dependsOn ?? first.id;
}

/** Names no check: a line that depends on `time` is made by a longer --timeout. */
const TIME = "time";

function outOfTime(skipped: (seen: string, dependsOn: string) => Line): Line {
  return skipped("the doctor's time was over; give more with --timeout", TIME);
}

function isOver({ deadline }: Patient): boolean {
  return deadline.remainingMs <= 1;
}

function isAboutRpcNode(error: Parameters<typeof failedServersOf>[0]): boolean {
  return failedServersOf(error).some(({ who }) => who === RPC_NODE);
}

/** Much of a line was written by strangers: error messages, URLs, content types. */
function printable(line: Line): Line {
  const url = line.url === null ? null : foreignText(line.url);
  return { ...line, url, seen: foreignText(line.seen, 400) };
}

export const DIAGNOSES = ["passed", "unreachable", "warnings", "failed"] as const;
export type Diagnosis = (typeof DIAGNOSES)[number];

/** The worst of all lines. */
export function diagnosisOf(lines: readonly Line[]): Diagnosis {
  if (lines.some(({ id, status }) => id === RPC_CHECK && status === "failed")) return "unreachable";
  if (lines.some(({ status }) => status === "failed")) return "failed";
  if (lines.some(({ dependsOn }) => dependsOn === RPC_CHECK)) return "unreachable";
  const incomplete = lines.some(({ dependsOn }) => dependsOn === TIME);
  return incomplete || lines.some(({ status }) => status === "warning") ? "warnings" : "passed";
}
