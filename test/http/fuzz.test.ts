/** Whatever comes over HTTP: a refusal with a sentence, or a correct answer; never a crash, never unsigned. */
import fc from "fast-check";
import { API_PROPERTIES } from "./fuzz/apiProperties.js";
import { expectUsefulRun, type FuzzedService, openFuzzedService } from "./fuzz/fuzzedService.js";
import { LOOKUP_PROPERTIES } from "./fuzz/lookupProperties.js";

/** The same inputs in every run; `npm run fuzz` takes others. */
const SEED = 20261123;

describe("http: fuzzed requests", function () {
  this.timeout(90_000);
  let service: FuzzedService;

  before(async () => {
    service = await openFuzzedService();
  });
  after(() => service.http.stop());

  for (const property of [...LOOKUP_PROPERTIES, ...API_PROPERTIES]) {
    it(property.title, async () => {
      await fc.assert(property.of(service), { numRuns: property.runsInTest, seed: SEED });
      expectUsefulRun(property, service);
    });
  }
});
