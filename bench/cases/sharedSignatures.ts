/** What shared signatures bring: with two processes, with many resolvers, and with a signer that is slow. */
import { PROFILE_QUERY } from "../data/query.js";
import type { Contestant } from "../measure/contestant.js";
import type { CaseResult } from "../report/caseResult.js";
import {
  type SignpostOptions,
  startPeer,
  startSignpost,
  startSlowSigner,
} from "../servers/servers.js";
import { type Case, contestant, EZCCIP, LIFETIME_SEC, measure, type Start } from "./comparison.js";
import type { World } from "./world.js";

/** Enough that answers wait for a signer while others are worked on. */
const MANY_CONNECTIONS = 256;

type Name = "coldTwo" | "coldManyResolvers" | "slowSigner" | "slowSignerManyResolvers";

export const SHARED_SIGNATURE_CASES: Readonly<Record<Name, Case>> = {
  coldTwo: async (world, start) => {
    const dataset = await world.dataset(world.options.names);
    const surroundings = await world.surroundings(dataset);
    const ours = await start(startSignpost(surroundings, { processes: 2 }));
    const theirs = await start(startPeer(EZCCIP, surroundings, { processes: 2 }));
    const title = "two processes each: the cold case";
    const contestants = [ours, theirs].map((server) => contestant(server, dataset, PROFILE_QUERY));
    return measure(world, { title, contestants, uniqueForSec: LIFETIME_SEC });
  },

  coldManyResolvers: (world, start) =>
    ofThisBuild(world, start, "cold, 20 resolvers behind one signer", {
      "Signpost with 20 resolvers": { manyResolvers: true },
      "Signpost with one": {},
    }),

  slowSigner: (world, start) => besideSlowSigner(world, start, false),

  slowSignerManyResolvers: (world, start) => besideSlowSigner(world, start, true),
};

/** This build with a slow signer elsewhere, against itself with a key of its own. */
async function besideSlowSigner(
  world: World,
  start: Start,
  manyResolvers: boolean,
): Promise<CaseResult> {
  const dataset = await world.dataset(world.options.names);
  const signer = await start(startSlowSigner(await world.surroundings(dataset)));
  const where = manyResolvers ? ", 20 resolvers" : "";
  return ofThisBuild(
    world,
    start,
    `cold over ${MANY_CONNECTIONS} connections${where}: a signer that takes 10 ms and gives 200 signatures a second`,
    {
      "Signpost with the slow signer": { manyResolvers, signerUrl: signer.origin },
      "Signpost with a local key": { manyResolvers },
    },
    MANY_CONNECTIONS,
  );
}

/** The cold case with this build alone, in several settings. */
async function ofThisBuild(
  world: World,
  start: Start,
  title: string,
  settings: Readonly<Record<string, SignpostOptions>>,
  connections?: number,
): Promise<CaseResult> {
  const dataset = await world.dataset(world.options.names);
  const contestants: Contestant[] = [];
  for (const [name, options] of Object.entries(settings)) {
    const server = await start(startSignpost(await world.surroundings(dataset), options));
    contestants.push({ ...contestant(server, dataset, PROFILE_QUERY), name });
  }
  return measure(world, {
    title,
    contestants,
    uniqueForSec: LIFETIME_SEC,
    ...(connections !== undefined && { connections }),
  });
}
