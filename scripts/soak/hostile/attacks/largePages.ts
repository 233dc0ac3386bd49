/** Pages of the largest names and of the longest history, over and over. */
import type { Attack } from "../attack.js";
import { hostileNetwork, LONG_HISTORY } from "../target.js";

const PATHS = ["/v1/names?limit=100", `/v1/names/${LONG_HISTORY}/history?limit=100`];
const AT_ONCE = 4;

export const largePages: Attack = {
  name: "largePages",
  title: "A3: pages of the largest names and histories",
  start: ({ target, repeat }) => {
    repeat(AT_ONCE, (number) => ({
      path: PATHS[number % PATHS.length] ?? "",
      ...{ key: target.keys.pages, network: hostileNetwork(number) },
    }));
  },
};
