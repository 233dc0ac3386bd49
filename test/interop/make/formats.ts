/** All formats that have vectors, by the name of their folder in test/vectors. */
import { ccipAnswers } from "./ccipAnswers.js";
import { ccipRequests } from "./ccipRequests.js";
import { filesOf } from "./vector.js";

export const FORMATS: Readonly<Record<string, () => Promise<Map<string, string>>>> = {
  "ccip-request": async () => filesOf(await ccipRequests()),
  "ccip-answer": async () => filesOf(await ccipAnswers()),
};
