/** Claims by contract wallets of a chain whose node hangs: each holds what it has for as long as the node is waited for. */
import type { Attack } from "../attack.js";
import { claimBody } from "../claims.js";
import { HANGING_CHAIN, HOSTILE_DOMAIN, hostileNetwork } from "../target.js";

const NETWORKS = 3;
const EACH_AT_ONCE = 20;

export const hangingNode: Attack = {
  name: "hangingNode",
  title: "A9: claims by contract wallets, RPC node hangs",
  start: ({ repeat }) => {
    for (let number = 0; number < NETWORKS; number++) {
      repeat(EACH_AT_ONCE, () => ({
        ...{ method: "POST", path: "/v1/requests", network: hostileNetwork(number) },
        body: claimBody(HOSTILE_DOMAIN, HANGING_CHAIN),
      }));
    }
  },
};
