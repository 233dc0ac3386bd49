/** Whether the resolver lets a gateway sign many answers at once. */
import type { Check } from "../check.js";
import { isExtended } from "../facts/namedResolver.js";
import { notApplicable, passed } from "../line.js";
import { takesBatches } from "./interfaceChecks.js";

const batchFeature: Check = {
  id: "batch-feature",
  title: "shared signatures",
  needs: ["wildcard"],
  async examine(patient) {
    if (!(await isExtended(patient))) return notApplicable("features are for ENSIP-10 resolvers");
    return (await takesBatches(patient))
      ? passed("says that it takes answers that share a signature (eth.signpost.resolver.batch)")
      : notApplicable("takes answers with a signature each, as most resolvers do");
  },
};

export const BATCH_CHECKS: readonly Check[] = [batchFeature];
