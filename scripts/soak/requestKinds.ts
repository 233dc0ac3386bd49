/** What the service is sent, how often, and how each kind must be answered. */
import { randomBytes } from "node:crypto";
import { MOST_RESULTS } from "../../src/ens/boundedResults.js";
import { type Ending, exchange, post, type Reply, sendAndLeave, sendAndWait } from "./exchange.js";
import { RESOLVER, type ServiceUnderLoad } from "./serviceUnderLoad.js";
import {
  emptyCalls,
  nameOf,
  putRecords,
  severalLookup,
  textIn,
  textLookup,
  textsIn,
  USER_COUNT,
  userLookup,
  valueOf,
} from "./users.js";

export interface RequestKind {
  readonly title: string;
  readonly perSecond: number;
  readonly endings: readonly Ending[];
  /** @param turn counts the requests of this kind */
  send(turn: number): Promise<SentRequest>;
}

export interface SentRequest {
  readonly reply: Reply;
  /** For what has to be signed: the request, and whether the result is what was published. */
  readonly lookup?: { readonly request: string; readonly isRight: (result: string) => boolean };
}

const HOT_USERS = 50;

export function requestKinds(service: ServiceUnderLoad): RequestKind[] {
  const path = `/ccip/1/${RESOLVER}`;
  const url = service.url + path;
  const lookUp = async (request: string, isRight: (result: string) => boolean) => ({
    reply: await post(url, request),
    lookup: { request, isRight },
  });
  const refused = async (reply: Promise<Reply>) => ({ reply: await reply });
  const half = (length: number) =>
    `POST ${path} HTTP/1.1\r\nhost: soak\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n{"data":`;
  return [
    {
      title: "hot: one of 50 names",
      perSecond: 40,
      endings: [200],
      send: (turn) => {
        const user = turn % HOT_USERS;
        return lookUp(userLookup(user), (result) => textIn(result) === valueOf(user));
      },
    },
    {
      title: "hot, by GET",
      perSecond: 10,
      endings: [200],
      send: async (turn) => {
        const user = turn % HOT_USERS;
        const request = userLookup(user);
        return {
          reply: await exchange(`${url}/${request}`),
          lookup: { request, isRight: (result) => textIn(result) === valueOf(user) },
        };
      },
    },
    {
      title: `cold: each of ${USER_COUNT} names in turn`,
      perSecond: 30,
      endings: [200],
      send: (turn) => {
        const user = turn % USER_COUNT;
        return lookUp(userLookup(user), (result) => textIn(result) === valueOf(user));
      },
    },
    {
      title: "absent: names that nobody has",
      perSecond: 15,
      endings: [200],
      send: () => {
        const name = `nobody-${randomBytes(8).toString("hex")}.users.example.eth`;
        return lookUp(textLookup(name), (result) => textIn(result) === "");
      },
    },
    {
      title: "8 records at once",
      perSecond: 5,
      endings: [200],
      send: (turn) => several((turn * 7) % USER_COUNT, 8),
    },
    {
      title: "64 records at once, the most",
      perSecond: 2,
      endings: [200],
      send: (turn) => several(turn % USER_COUNT, 64),
    },
    {
      title: "written: a record of a user",
      perSecond: 2,
      endings: [200],
      send: async (turn) => {
        const status = await putRecords(service, turn % USER_COUNT, `place ${turn}`);
        return { reply: { ending: status, data: null } };
      },
    },
    {
      title: "malformed: one record more than is taken at once",
      perSecond: 2,
      endings: [400],
      send: (turn) => refused(post(url, emptyCalls(nameOf(turn % USER_COUNT), MOST_RESULTS + 1))),
    },
    {
      title: "malformed: noise behind the selector",
      perSecond: 5,
      endings: [400],
      send: (turn) => refused(post(url, `0x9061b923${randomBytes(turn % 400).toString("hex")}`)),
    },
    {
      title: "malformed: no hex, no JSON",
      perSecond: 3,
      endings: [400],
      send: (turn) =>
        refused(
          turn % 2 === 0
            ? post(url, "0xnothing")
            : exchange(url, { method: "POST", body: '{"data":' }),
        ),
    },
    {
      title: "another's: resolver or domain not served",
      perSecond: 3,
      endings: [404],
      send: (turn) =>
        refused(
          turn % 2 === 0
            ? post(url, textLookup("alice.other.eth"))
            : post(`${service.url}/ccip/1/0x${"00".repeat(20)}`, userLookup(0)),
        ),
    },
    {
      title: "hostile: a body of 1 MiB",
      perSecond: 1,
      endings: [413, "cut off"],
      send: () => refused(post(url, `0x${"00".repeat(2 ** 19)}`)),
    },
    {
      title: "hostile: a URL of 20 KiB",
      perSecond: 1,
      endings: [414, 431, "cut off"],
      send: () => refused(exchange(`${url}/0x${"00".repeat(10_240)}`)),
    },
    {
      title: "hostile: half a body, then silence",
      perSecond: 0.5,
      endings: [408, "cut off"],
      send: () => refused(sendAndWait(service.url, half(2_000))),
    },
    {
      title: "hostile: half a header, then silence",
      perSecond: 0.5,
      endings: [408, "cut off"],
      send: () => refused(sendAndWait(service.url, `POST ${path} HTTP/1.1\r\nhost:`)),
    },
    {
      title: "hostile: a connection without a word",
      perSecond: 0.5,
      endings: [408, "cut off"],
      send: () => refused(sendAndWait(service.url, "")),
    },
    {
      title: "hostile: leaves before the answer",
      perSecond: 3,
      // fast answers still reach it
      endings: ["left", 200],
      send: (turn) => {
        const request = userLookup(turn % USER_COUNT);
        const bytes = `GET ${path}/${request} HTTP/1.1\r\nhost: soak\r\n\r\n`;
        return refused(sendAndLeave(service.url, bytes));
      },
    },
  ];

  function several(user: number, count: number) {
    return lookUp(severalLookup(nameOf(user), count), (result) => {
      const texts = textsIn(result);
      return texts.length === count && texts.every((text) => text === valueOf(user));
    });
  }
}
