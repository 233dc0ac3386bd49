/** One case after the other, on the same servers and people. */
import { say } from "../progress.js";
import { acknowledgeAll, fetches, fill, type Mailbox, pileOf, submits } from "./cases.js";
import type { Findings } from "./figures.js";
import { keptAgainst } from "./keptCase.js";
import { writeLetters } from "./letters.js";
import { makePeople, type People, type Receiver } from "./people.js";
import type { Measured } from "./posting.js";
import { type NodeName, OURS, type RelayServer, SHIPPED, TUNED } from "./relayServers.js";

interface Extent {
  readonly rounds: number;
  /** Of a turn; a slow one gets fewer, so that turns last alike. */
  readonly letters: Readonly<Record<NodeName, number>>;
  readonly acknowledgements: number;
  readonly acknowledgingRounds: number;
  readonly longConversation: number;
}

const FULL: Extent = {
  ...{ rounds: 7, acknowledgements: 400, acknowledgingRounds: 3, longConversation: 10_000 },
  letters: { [OURS]: 3_000, [SHIPPED]: 150, [TUNED]: 1_500 },
};
const QUICK: Extent = {
  ...{ rounds: 3, acknowledgements: 100, acknowledgingRounds: 1, longConversation: 1_000 },
  letters: { [OURS]: 1_000, [SHIPPED]: 50, [TUNED]: 500 },
};
const FETCHED = 100;
const FETCHES = 60;

export interface MeasureParts {
  readonly start: (name: NodeName, schema: string, peopleFile: string) => Promise<RelayServer>;
  readonly folder: string;
  readonly databaseUrl: string;
  readonly isQuick: boolean;
  /** How many messages are kept beside; 0 for none. */
  readonly kept: number;
}

export async function measure(parts: MeasureParts): Promise<Findings> {
  const { start, folder, databaseUrl, isQuick, kept } = parts;
  const extent = isQuick ? QUICK : FULL;
  const { rounds, letters } = extent;
  say("making people");
  const count = letters[OURS] * (rounds + 1);
  const people = await makePeople({ regulars: 50, strangers: count, receivers: 64 }, folder);
  const servers = [
    await start(OURS, "relay_own", people.file),
    await start(SHIPPED, "relay_shipped", people.file),
    await start(TUNED, "relay_tuned", people.file),
  ] as const;
  for (const server of servers) {
    for (const receiver of people.receivers) await server.signIn(receiver);
  }
  const [reader, ...receivers] = people.receivers;
  if (reader === undefined) throw new Error("Nobody reads.");
  say("writing letters");
  const regular = await writeLetters(people, people.regulars, receivers, count);
  const strange = await writeLetters(people, people.strangers, receivers, count);
  say("submitting");
  const submitted = await submits({
    ...{ servers, letters, rounds, strange: pileOf(strange) },
    regular: { [OURS]: pileOf(regular), [SHIPPED]: pileOf(regular), [TUNED]: pileOf(regular) },
  });

  const [ours, shipped] = servers;
  const mailboxes: Mailbox[] = [];
  for (const server of [ours, shipped]) {
    mailboxes.push({ server, name: reader.name, token: await server.signIn(reader) });
  }
  say("fetching");
  const waiting = await writeLetters(people, people.regulars, [reader], FETCHED);
  for (const mailbox of mailboxes) await fill(mailbox, waiting);
  const fetched = await fetches(mailboxes, FETCHES, rounds);

  const conversation = { people, reader, extent };
  return {
    ...{ submitted, fetched },
    acknowledged: await acknowledgements(mailboxes, conversation),
    longConversation: await longConversation(mailboxes[0], conversation),
    kept:
      kept === 0
        ? null
        : await keptAgainst({
            ...{ people, rounds, most: kept, databaseUrl },
            start: (schema) => start(OURS, schema, people.file),
          }),
  };
}

interface Conversation {
  readonly people: People;
  readonly reader: Receiver;
  readonly extent: Extent;
}

const lettersOf = ({ people, reader }: Conversation, count: number) =>
  writeLetters(people, people.regulars.slice(0, 1), [reader], count);

async function acknowledgements(mailboxes: readonly Mailbox[], of: Conversation) {
  say("acknowledging, which takes dm3's steps half a minute each time");
  const measured = new Map<string, Measured[]>();
  for (let round = 0; round < of.extent.acknowledgingRounds; round++) {
    const letters = await lettersOf(of, of.extent.acknowledgements);
    for (const mailbox of mailboxes) {
      await fill(mailbox, letters);
      const { name } = mailbox.server;
      const result = await acknowledgeAll(mailbox, letters);
      measured.set(name, [...(measured.get(name) ?? []), result]);
    }
  }
  return measured;
}

async function longConversation(mailbox: Mailbox | undefined, of: Conversation) {
  if (mailbox === undefined) throw new Error("There is no relay node of ours.");
  const letters = await lettersOf(of, of.extent.longConversation);
  await fill(mailbox, letters);
  const { elapsedSec } = await acknowledgeAll(mailbox, letters);
  return { messages: letters.length, elapsedMs: elapsedSec * 1000 };
}
