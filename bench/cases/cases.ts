/** Which servers are compared on what. Each case starts its servers afresh and stops them in the end. */
import { type Dataset, withFirstNames } from "../data/dataset.js";
import {
  MULTICALL_QUERY,
  PROFILE_QUERY,
  type Query,
  UNREPEATED_PROFILE_QUERY,
} from "../data/query.js";
import { moveToService } from "../data/serviceData.js";
import type { Contestant } from "../measure/contestant.js";
import { treeUsage } from "../measure/processUsage.js";
import { say } from "../progress.js";
import type { CaseName, CaseResult } from "../report/caseResult.js";
import { type Build, THIS_BUILD } from "../servers/builds.js";
import type { RunningServer } from "../servers/serverProcess.js";
import { type PeerPackage, startBareHttp, startPeer, startSignpost } from "../servers/servers.js";
import { collectAnswers } from "./collectAnswers.js";
import { type Case, contestant, EZCCIP, LIFETIME_SEC, measure, type Start } from "./comparison.js";
import { OTHER_NODE_CASES } from "./otherNode.js";
import { SHARED_SIGNATURE_CASES } from "./sharedSignatures.js";
import type { World } from "./world.js";

const HOT_NAMES = 1_000;
const FEW_NAMES = 10_000;

const CASES: Readonly<Record<CaseName, Case>> = {
  cold: (world, start) =>
    againstPeers(world, start, {
      title: `cold: ${PROFILE_QUERY.title} of unique names, none from a cache`,
      query: PROFILE_QUERY,
      peers: [EZCCIP, "@namestone/ezccip", "@chainlink/ccip-read-server"],
    }),

  multicall8: (world, start) =>
    againstPeers(world, start, {
      title: `${MULTICALL_QUERY.title} of unique names, cold`,
      query: MULTICALL_QUERY,
      // the ENS logic for @chainlink/ccip-read-server knows no multicall
      peers: [EZCCIP, "@namestone/ezccip"],
    }),

  hot: async (world, start) => {
    const builds = await bothBuilds(world, start, PROFILE_QUERY, HOT_NAMES);
    const [{ server, dataset }] = builds;
    const answers = await collectAnswers(builds[0], HOT_NAMES);
    const surroundings = await world.surroundings(dataset);
    const bare = await start(startBareHttp(answers, server.lookups, surroundings));
    return measure(world, {
      title: `hot: signed answers of ${HOT_NAMES.toLocaleString("en")} names, again and again`,
      contestants: [...builds, contestant(bare, dataset, PROFILE_QUERY)],
      uniqueForSec: null,
    });
  },

  coldOneConnection: async (world, start) => {
    const contestants = await bothBuilds(world, start, PROFILE_QUERY);
    if (contestants.length === 1) {
      say("cold over one connection: not measured; give the commit to compare with, --before");
      return null;
    }
    const title = "cold over one connection: how long one client waits";
    return measure(world, { title, contestants, uniqueForSec: LIFETIME_SEC, connections: 1 });
  },

  names1e7: async (world, start) => {
    const query = UNREPEATED_PROFILE_QUERY;
    const contestantWith = async (size: number) => {
      const dataset = await world.dataset(size);
      const server = await start(startSignpost(await world.surroundings(dataset)));
      const name = `Signpost with ${size.toLocaleString("en")} names`;
      return { ...contestant(server, dataset, query), name };
    };
    const contestants = [
      await contestantWith(world.options.manyNames),
      await contestantWith(FEW_NAMES),
    ];
    const title = "many names against few: a request of its own and a fresh signature each";
    return measure(world, { title, contestants, uniqueForSec: null });
  },

  ...SHARED_SIGNATURE_CASES,
  ...OTHER_NODE_CASES,

  viewVsOwn: async (world, start) => {
    const { names } = world.options;
    const own = await world.dataset(names);
    // made for itself, because its names go
    const moved = await world.newDataset(names);
    const service = await moveToService(moved);
    try {
      const contestantOn = async (dataset: Dataset, where: string) => {
        const server = await start(startSignpost(await world.surroundings(dataset)));
        return { ...contestant(server, dataset, PROFILE_QUERY), name: `Signpost ${where}` };
      };
      const contestants = [
        await contestantOn(moved, "from a connected view"),
        await contestantOn(own, "from its own tables"),
      ];
      const title = "cold, from a view in a service's own Postgres: rows that were served before";
      return await measure(world, { title, contestants, uniqueForSec: LIFETIME_SEC });
    } finally {
      await service.stop();
    }
  },

  twoProcesses: async (world, start) => {
    const dataset = await world.dataset(world.options.names);
    const contestantWith = async (processes: number) => {
      const surroundings = await world.surroundings(dataset);
      const server = await start(startSignpost(surroundings, { processes }));
      const name = `Signpost with ${processes === 1 ? "1 process" : `${processes} processes`}`;
      return { ...contestant(server, dataset, PROFILE_QUERY), name };
    };
    const two = await contestantWith(2);
    const processes = (await treeUsage(two.server.pid))?.processes ?? null;
    if (processes === null || processes < 2) {
      say(`two processes: not measured, ${processes === null ? "no /proc" : "it runs only one"}`);
      return null;
    }
    const contestants = [two, await contestantWith(1)];
    const title = "two processes behind one port: the cold case";
    return measure(world, { title, contestants, uniqueForSec: LIFETIME_SEC });
  },
};

/** Runs a case and stops its servers. */
export async function runCase(name: CaseName, world: World): Promise<CaseResult | null> {
  const servers: RunningServer[] = [];
  const start: Start = async (starting) => {
    const server = await starting;
    servers.push(server);
    return server;
  };
  try {
    return await CASES[name](world, start);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function againstPeers(
  world: World,
  start: Start,
  { title, query, peers }: { title: string; query: Query; peers: readonly PeerPackage[] },
): Promise<CaseResult> {
  const contestants = await bothBuilds(world, start, query);
  const [{ dataset }] = contestants;
  const surroundings = await world.surroundings(dataset);
  for (const peer of peers) {
    contestants.push(contestant(await start(startPeer(peer, surroundings)), dataset, query));
  }
  return measure(world, { title, contestants, uniqueForSec: LIFETIME_SEC });
}

/** This build, and the one that it is to be compared with, if there is one. */
async function bothBuilds(
  world: World,
  start: Start,
  query: Query,
  onlyNames?: number,
): Promise<[Contestant, ...Contestant[]]> {
  const contestantOf = async (build: Build) => {
    const all = await world.dataset(world.options.names, build);
    const dataset = onlyNames === undefined ? all : await withFirstNames(all, onlyNames);
    const server = await start(startSignpost(await world.surroundings(dataset), { build }));
    return contestant(server, dataset, query);
  };
  const before = await world.before();
  const ours = await contestantOf(THIS_BUILD);
  return before === null ? [ours] : [ours, await contestantOf(before)];
}
