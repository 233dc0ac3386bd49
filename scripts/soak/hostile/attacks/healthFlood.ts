/** Questions that nobody needs a key for, as often as they are answered. */
import type { Attack } from "../attack.js";
import { hostileNetwork } from "../target.js";

const EACH_AT_ONCE = 16;

export const healthFlood: Attack = {
  name: "healthFlood",
  title: "A10: /health/ready and /v1/openapi.json",
  start: ({ repeat }) => {
    for (const path of ["/health/ready", "/v1/openapi.json"]) {
      repeat(EACH_AT_ONCE, (number) => ({ path, network: hostileNetwork(number) }));
    }
  },
};
