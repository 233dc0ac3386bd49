/** API keys in the right form that open nothing, from many networks. */
import { randomBytes } from "node:crypto";
import { apiKeyFrom } from "../../../../src/registry/domains/apiKey.js";
import type { Attack } from "../attack.js";
import { hostileNetwork } from "../target.js";

const AT_ONCE = 32;

export const wrongKeys: Attack = {
  name: "wrongKeys",
  title: "API keys in the right form that are wrong",
  start: ({ repeat }) => {
    repeat(AT_ONCE, (number) => ({
      path: "/v1/domain",
      ...{ key: apiKeyFrom(randomBytes(32)), network: hostileNetwork(number) },
    }));
  },
};
