/** `signpost relay show`, `rotate-keys`, `retire-keys`: the node's own keys and the record in ENS that goes with them. */
import type { Command } from "commander";
import { keySetStore } from "../../../db/relay/keySetStore.js";
import { SignpostError } from "../../../errors.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { relaySettings } from "../settings.js";
import { type Here, type JsonFlag, readRelay, withRelay } from "./withRelay.js";

/** Whoever sends what nobody can open costs a try for each. */
const MOST_FORMER = 3;

export function addKeyCommands(relay: Command): void {
  relay
    .command("show")
    .description("show the relay node's name, URL, its keys and the record to publish in ENS")
    .option("--json", "print JSON")
    .action(async (flags: JsonFlag) => {
      const told = await readRelay(keysToTell);
      print(flags, told.facts, told.lines);
    });

  relay
    .command("rotate-keys")
    .description(
      "make new keys beside the present ones, and show the record to publish: the relay node changes to them when ENS shows it",
    )
    .option("--json", "print JSON")
    .action(async (flags: JsonFlag) => {
      const told = await withRelay(async (here) => {
        const store = keySetStore(here.pool, here.tables);
        const former = (await store.keySets()).filter(({ state }) => state === "former");
        if (former.length >= MOST_FORMER) throw tooManyFormer(former.at(-1)?.number ?? 0);
        await store.addNext();
        return keysToTell(here);
      });
      print(flags, told.facts, [
        "Back up the database now: these keys are nowhere else. Then publish this record.",
        ...told.lines,
      ]);
    });

  relay
    .command("retire-keys")
    .description(
      "forget former keys now, for good: whoever encrypted for them has to read the record in ENS again",
    )
    .argument("<number>", "their number, as `signpost relay show` lists it")
    .option("--json", "print JSON")
    .action(async (given: string, flags: JsonFlag) => {
      const number = /^[1-9][0-9]{0,8}$/.test(given) ? Number(given) : 0;
      const retired = await withRelay(({ pool, tables }) =>
        keySetStore(pool, tables).retire(number),
      );
      if (!retired) throw noFormer(given);
      print(flags, { number, retired }, [`Keys ${number} are forgotten.`]);
    });
}

async function keysToTell({ pool, tables, secrets }: Here) {
  const [{ relayKeys, toPublishOf }, { recordText }] = await Promise.all([
    import("../relayKeys.js"),
    import("../publishedRecord.js"),
  ]);
  const { ensName, url } = readSettings([relaySettings], process.env)(relaySettings);
  const all = (await relayKeys(pool, tables, secrets)).all();
  const { publicKeys } = toPublishOf(all);
  const record = recordText({ ...publicKeys, url: url ?? "" });
  const keys = all.map(({ number, state, sinceMs, publicKeys: { publicEncryptionKey } }) => ({
    ...{ number, state, since: new Date(sinceMs).toISOString(), publicEncryptionKey },
  }));
  return {
    facts: { ensName, url, ...publicKeys, record: url === null ? null : record, keys },
    lines: [
      `name    ${ensName ?? "none (RELAY_ENS_NAME)"}`,
      `url     ${url ?? "none (RELAY_URL)"}`,
      ...keys.map(({ number, state, since }) => `keys ${number}  ${state} since ${since}`),
      `record  network.dm3.deliveryService`,
      `        ${record}`,
    ],
  };
}

function tooManyFormer(oldest: number): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `There are ${MOST_FORMER} former pairs of keys, which is the most. Wait until one is forgotten, or forget one: \`signpost relay retire-keys ${oldest}\`.`,
  );
}

function noFormer(given: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `There are no former keys ${JSON.stringify(given.slice(0, 20))}; \`signpost relay show\` lists them.`,
    {},
  );
}
