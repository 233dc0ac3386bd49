/** What the storages do, in turns: a login as dm3's web client makes it, and messages that are added in batches. */
import { alternate, type Rounds } from "../relay/cases.js";
import { send, type Sending } from "../relay/posting.js";
import { contactOf, containerOf, USUAL_BYTES } from "./rows.js";
import type { StorageServer } from "./storageServers.js";

/** As many as a browser opens at a host. */
const CONNECTIONS = 6;
const CONVERSATIONS_ON_PAGE = 10;
const MESSAGES_ON_PAGE = 100;

/** All pages of conversations, what waits, and the newest messages of each conversation. */
function loginOf(user: string, token: string, conversations: number): readonly Sending[] {
  const get = (path: string): Sending => ({
    ...{ method: "GET", path: `/storage/new/${user}${path}`, token },
  });
  const pages = Math.ceil(conversations / CONVERSATIONS_ON_PAGE);
  return [
    ...Array.from({ length: pages }, (_, page) =>
      get(`/getConversations?pageSize=${CONVERSATIONS_ON_PAGE}&offset=${page}`),
    ),
    get("/getHaltedMessages/"),
    ...Array.from({ length: conversations }, (_, number) =>
      get(`/getMessages/${contactOf(number)}?pageSize=${MESSAGES_ON_PAGE}&offset=0`),
    ),
  ];
}

export interface Side {
  readonly label: string;
  readonly server: StorageServer;
}

/** @param times how many logins behind one another make a turn: short ones say little by themselves */
export function logins(
  sides: readonly Side[],
  user: string,
  conversations: number,
  rounds: number,
  times = 1,
): Promise<Rounds> {
  return alternate(
    sides.map(({ label, server }) => {
      const one = loginOf(user, server.token, conversations);
      const all = Array.from({ length: times }, () => one).flat();
      return { label, run: () => send(server, all, CONNECTIONS) };
    }),
    rounds,
  );
}

export interface Adding {
  readonly messages: number;
  readonly inBatch: number;
}

/** One batch behind the other, to one conversation, as after an absence. */
export function additions(
  sides: readonly Side[],
  user: string,
  { messages, inBatch }: Adding,
  rounds: number,
): Promise<Rounds> {
  const container = containerOf(USUAL_BYTES);
  const batch = (round: number, from: number) =>
    Array.from({ length: inBatch }, (_, index) => ({
      messageId: `0x${round}.${from + index}`,
      createdAt: 1_800_000_000_000 + from + index,
      encryptedEnvelopContainer: container,
      isHalted: false,
    }));
  return alternate(
    sides.map(({ label, server }) => ({
      label,
      run: (round) => {
        const requests = Array.from({ length: messages / inBatch }, (_, index): Sending => ({
          ...{ method: "POST", path: `/storage/new/${user}/addMessageBatch` },
          token: server.token,
          body: JSON.stringify({
            encryptedContactName: "added",
            messageBatch: batch(round, index * inBatch),
          }),
        }));
        return send(server, requests, 1);
      },
    })),
    rounds,
  );
}
