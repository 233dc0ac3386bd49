/** Cold and hot on another Node than the bench's own. */
import { execFileSync } from "node:child_process";
import { withFirstNames } from "../data/dataset.js";
import { PROFILE_QUERY } from "../data/query.js";
import { say } from "../progress.js";
import { startBareHttp, startPeer, startSignpost } from "../servers/servers.js";
import { collectAnswers } from "./collectAnswers.js";
import { type Case, contestant, EZCCIP, LIFETIME_SEC, measure } from "./comparison.js";

const HOT_NAMES = 1_000;

export const OTHER_NODE_CASES: Readonly<Record<"coldOtherNode" | "hotOtherNode", Case>> = {
  coldOtherNode: async (world, start) => {
    const { otherNode: node } = world.options;
    if (node === null) return notMeasured("cold on another Node");
    const dataset = await world.dataset(world.options.names);
    const surroundings = await world.surroundings(dataset);
    const ours = await start(startSignpost(surroundings, { node }));
    const theirs = await start(startPeer(EZCCIP, surroundings, { node }));
    const title = `cold, on ${versionOf(node)}`;
    const contestants = [ours, theirs].map((server) => contestant(server, dataset, PROFILE_QUERY));
    return measure(world, { title, contestants, uniqueForSec: LIFETIME_SEC });
  },

  hotOtherNode: async (world, start) => {
    const { otherNode: node } = world.options;
    if (node === null) return notMeasured("hot on another Node");
    const dataset = await withFirstNames(await world.dataset(world.options.names), HOT_NAMES);
    const surroundings = await world.surroundings(dataset);
    const ours = contestant(
      await start(startSignpost(surroundings, { node })),
      dataset,
      PROFILE_QUERY,
    );
    const answers = await collectAnswers(ours, HOT_NAMES);
    const bare = await start(startBareHttp(answers, ours.server.lookups, surroundings, { node }));
    return measure(world, {
      title: `hot, on ${versionOf(node)}`,
      contestants: [ours, contestant(bare, dataset, PROFILE_QUERY)],
      uniqueForSec: null,
    });
  },
};

function notMeasured(what: string): null {
  say(`${what}: not measured; give its program, --node`);
  return null;
}

function versionOf(node: string): string {
  return `Node ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim().slice(1)}`;
}
