/** What the relay nodes do, in turns. Each case returns its rounds; main.ts makes figures of them. */
import type { Letter } from "./letters.js";
import { type Measured, send, type Sending } from "./posting.js";
import { type NodeName, OURS, type RelayServer } from "./relayServers.js";

export const CONNECTIONS = 32;
/** As many as a client's browsers open at a host. */
const FETCHING_CONNECTIONS = 8;

export type Rounds = ReadonlyMap<string, readonly Measured[]>;

export interface Turn {
  readonly label: string;
  /** @param round from -1 on, which warms up and does not count */
  readonly run: (round: number) => Promise<Measured>;
}

/** Who goes first changes from round to round. */
export async function alternate(turns: readonly Turn[], rounds: number): Promise<Rounds> {
  const measured = new Map<string, Measured[]>(turns.map(({ label }) => [label, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { label, run } of round % 2 === 0 ? turns : turns.toReversed()) {
      const result = await run(round);
      if (round >= 0) measured.get(label)?.push(result);
    }
  }
  return measured;
}

const submitting = ({ body }: Letter): Sending => ({ method: "POST", path: "/rpc", body });

export const COLD = `${OURS}, senders not known`;

/** Takes letters from the front of a pile, so that no server gets one twice. */
export function pileOf(letters: readonly Letter[]) {
  let taken = 0;
  return (count: number): readonly Letter[] => {
    const some = letters.slice(taken, (taken += count));
    if (some.length < count) throw new Error("There are not enough letters.");
    return some;
  };
}

export interface SubmitParts {
  readonly servers: readonly RelayServer[];
  readonly regular: Readonly<Record<NodeName, (count: number) => readonly Letter[]>>;
  readonly strange: (count: number) => readonly Letter[];
  /** How many a server gets in a turn: a slow one fewer, so that turns last alike. */
  readonly letters: Readonly<Record<NodeName, number>>;
  readonly rounds: number;
}

export function submits({ servers, regular, strange, letters, rounds }: SubmitParts) {
  const turns = servers.flatMap((server): readonly Turn[] => {
    const count = letters[server.name];
    const warm = {
      label: server.name,
      run: () => send(server, regular[server.name](count).map(submitting), CONNECTIONS),
    };
    if (server.name !== OURS) return [warm];
    // the first message of each: who they are has to be read, and their keys prepared
    const cold = {
      label: COLD,
      run: () => send(server, strange(count).map(submitting), CONNECTIONS),
    };
    return [warm, cold];
  });
  return alternate(turns, rounds);
}

export interface Mailbox {
  readonly server: RelayServer;
  readonly name: string;
  readonly token: string;
}

export async function fill({ server }: Mailbox, letters: readonly Letter[]): Promise<void> {
  await send(server, letters.map(submitting), CONNECTIONS);
}

export function fetches(mailboxes: readonly Mailbox[], times: number, rounds: number) {
  return alternate(
    mailboxes.map(({ server, name, token }) => {
      const request: Sending = {
        ...{ method: "GET", path: `/delivery/messages/incoming/${name}`, token },
      };
      const requests = Array.from({ length: times }, () => request);
      return { label: server.name, run: () => send(server, requests, FETCHING_CONNECTIONS) };
    }),
    rounds,
  );
}

/** All at once, as dm3's client does. */
export function acknowledgeAll(
  { server, name, token }: Mailbox,
  letters: readonly Letter[],
): Promise<Measured> {
  const acknowledgements = letters.map(({ from, hash }) => ({
    contactAddress: from,
    messageHash: hash,
  }));
  return send(
    server,
    [
      {
        ...{ method: "POST", path: `/delivery/messages/${name}/syncAcknowledgements`, token },
        body: JSON.stringify({ acknowledgements }),
      },
    ],
    1,
  );
}
