/** The name as a messaging gateway's or a bridge's, as clients find it. */
import type { NetworkOutcome } from "../../lookup/networkOutcome.js";
import { resolveNetwork } from "../../lookup/resolveNetwork.js";
import { nameOf, observation } from "../patient.js";
import { clientLookup } from "./clientLookup.js";

export const networkOf = observation<NetworkOutcome>(async (patient) =>
  resolveNetwork(nameOf(patient), await clientLookup(patient)),
);
