/** All formats that have vectors, by the name of their folder in test/vectors. */
import { answerBatches } from "./answerBatches.js";
import { ccipAnswers } from "./ccipAnswers.js";
import { ccipRequests } from "./ccipRequests.js";
import { envelopes } from "./envelopes.js";
import { histories } from "./histories.js";
import { nameRequests } from "./nameRequests.js";
import { operationMessages } from "./operationMessages.js";
import { statements } from "./statements.js";
import { filesOf } from "./vector.js";

export const FORMATS: Readonly<Record<string, () => Promise<Map<string, string>>>> = {
  "ccip-request": async () => filesOf(await ccipRequests()),
  "ccip-answer": async () => filesOf(await ccipAnswers()),
  "answer-batch": () => Promise.resolve(filesOf(answerBatches())),
  "name-request": async () => filesOf(await nameRequests()),
  "operation-message": async () => filesOf(await operationMessages()),
  envelope: () => Promise.resolve(filesOf(envelopes())),
  statement: () => Promise.resolve(filesOf(statements())),
  history: async () => filesOf(await histories()),
};
