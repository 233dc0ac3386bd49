/**
 * npm run fuzz [-- --minutes N] [-- --seed N] [-- --only <title>]: the properties of test/http/fuzz, with new inputs in
 * every round, for a minute unless told otherwise. What fails is printed with the command that repeats it.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { API_PROPERTIES } from "../test/http/fuzz/apiProperties.js";
import { expectUsefulRun, openFuzzedService } from "../test/http/fuzz/fuzzedService.js";
import { LOOKUP_PROPERTIES } from "../test/http/fuzz/lookupProperties.js";
import { parseMinutes } from "./minutes.js";
import { startProgress } from "./progress.js";

const RUNS_PER_ROUND = 500;
const LARGEST_SEED = 2 ** 31 - 1;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(randomInt(LARGEST_SEED)) },
    only: { type: "string" },
  },
});
const minutes = parseMinutes(values.minutes) ?? refuse(`--minutes ${values.minutes}`);
const firstSeed = /^[0-9]{1,10}$/.test(values.seed)
  ? Number(values.seed)
  : refuse(`--seed ${values.seed}`);
const properties = [...LOOKUP_PROPERTIES, ...API_PROPERTIES].filter(
  ({ title }) => values.only === undefined || title === values.only,
);
if (properties.length === 0) refuse(`--only ${values.only ?? ""}`);

process.exit(await run());

async function run(): Promise<number> {
  console.log(`seed ${firstSeed}`);
  const startedMs = Date.now();
  const endMs = startedMs + minutes * 60_000;
  const progress = startProgress();
  const service = await openFuzzedService();
  let inputs = 0;
  try {
    for (let seed = firstSeed; Date.now() < endMs; seed = (seed + 1) % LARGEST_SEED) {
      for (const property of properties) {
        // at the latest a little after the time is over; what was tried until then counts
        const left = Math.max(1, endMs - Date.now());
        try {
          const result = await fc.check(property.of(service), {
            numRuns: RUNS_PER_ROUND,
            seed,
            interruptAfterTimeLimit: left,
          });
          inputs += result.numRuns;
          if (result.counterexample !== null) {
            throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
          }
          if (!result.interrupted) expectUsefulRun(property, service);
        } catch (error) {
          progress.end();
          console.error(error);
          console.error(
            `Repeat it with: npm run fuzz -- --seed ${seed} --only ${JSON.stringify(property.title)}`,
          );
          return 1;
        }
        progress.show(
          (Date.now() - startedMs) / (endMs - startedMs),
          `seed ${seed}, ${inputs} inputs`,
        );
        if (Date.now() >= endMs) break;
      }
    }
  } finally {
    await service.http.stop();
  }
  progress.end();
  console.log(`${inputs} inputs in ${minutes} min, each answered as it should be.`);
  return 0;
}

function refuse(what: string): never {
  console.error(
    `fuzz: ${what} is not understood. Usage: npm run fuzz [-- --minutes N] [-- --seed N] [-- --only <title>]. Titles:\n${[
      ...LOOKUP_PROPERTIES,
      ...API_PROPERTIES,
    ]
      .map(({ title }) => `  ${title}`)
      .join("\n")}`,
  );
  process.exit(2);
}
