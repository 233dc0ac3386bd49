/** All attacks, in the order of the table. */
import type { Attack } from "./attack.js";
import { dearMulticalls } from "./attacks/dearMulticalls.js";
import { deepBodies } from "./attacks/deepBodies.js";
import { hangingNode } from "./attacks/hangingNode.js";
import { healthFlood } from "./attacks/healthFlood.js";
import { largePages } from "./attacks/largePages.js";
import { lockedNames } from "./attacks/lockedNames.js";
import { profileBatches } from "./attacks/profileBatches.js";
import { silentSockets } from "./attacks/silentSockets.js";
import { wrongKeys } from "./attacks/wrongKeys.js";

export const ATTACKS: readonly Attack[] = [
  deepBodies,
  dearMulticalls,
  largePages,
  lockedNames,
  hangingNode,
  healthFlood,
  profileBatches,
  silentSockets,
  wrongKeys,
];

export const TOGETHER = "together";
