/** Three batches of 3,000 profiles at a time: each profile is a signature to verify, and a name to write. */
import { signUp } from "../../../../src/demo/people.js";
import type { Attack } from "../attack.js";
import { HOSTILE_DOMAIN, hostileNetwork } from "../target.js";

const BATCHES_AT_ONCE = 3;
const ITEMS = 3_000;
/** They share the names: to sign takes longer than to verify. */
const PEOPLE = 32;

export const profileBatches: Attack = {
  name: "profileBatches",
  title: "A11: 3 batches of 3,000 profiles at a time",
  start: async ({ target, repeat }) => {
    const people = await Promise.all(
      Array.from({ length: PEOPLE }, () => signUp([`relay.${HOSTILE_DOMAIN}`])),
    );
    // the names of earlier runs have profiles already
    const run = Date.now().toString(36);
    repeat(BATCHES_AT_ONCE, (number) => {
      const items = Array.from({ length: ITEMS }, (_, index) => ({
        name: `p-${run}-${number}-${index}.${HOSTILE_DOMAIN}`,
        ...people[index % PEOPLE],
      }));
      const body = JSON.stringify({ atomic: false, items });
      const { profiles: key } = target.keys;
      return { method: "POST", path: "/v1/batches", body, key, network: hostileNetwork(number) };
    });
  },
};
