/** What a domain begins with, as the database says it (migration 0008); test/db/domainStore.test.ts compares the two. */
import type { DomainPolicy } from "../../src/registry/domains/domainPolicy.js";

export const FIRST_POLICY: DomainPolicy = {
  claims: "service",
  addressNames: false,
  aliases: true,
  reservedLabels: [],
};
