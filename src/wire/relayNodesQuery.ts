/** Which page of the registered relay nodes is wanted. */
import { z } from "zod";
import { nameText } from "./domainInput.js";

const MOST_NODES = 100;

export const relayNodesQuery = z.strictObject({
  after: nameText.default(""),
  limit: z.coerce.number().int().min(1).max(MOST_NODES).default(MOST_NODES),
});
