/** For each check, a relay node that does only this wrong. */
import type { LineStatus } from "../../src/doctor/line.js";
import {
  type Asked,
  type Bend,
  type BentNode,
  jsonIn,
  type LiveBend,
  type Sent,
} from "./bentNode.js";

export interface Fault {
  readonly id: string;
  readonly status: LineStatus;
  /** What the line says of it. */
  readonly seen: RegExp;
  readonly bend?: Bend;
  readonly answer?: BentNode["answer"];
  readonly live?: LiveBend;
  /** Checks that have nothing to look at then. */
  readonly silent?: readonly string[] | "all";
}

const isNobody = ({ path, body }: Asked) => /nobody-/.test(path + body);
const answering = (status: number, body = "", headers: Record<string, string> = {}): Sent => ({
  status,
  headers: { "access-control-allow-origin": "*", ...headers },
  body,
});
const ok = (body = "") => answering(200, body, { "content-type": "application/json" });
const ACCEPTED = ok('{"jsonrpc":"2.0","id":1,"result":"OK"}');

/** Answers `sent` to what `asks` picks. */
const when =
  (asks: (asked: Asked) => boolean, sent: Sent): BentNode["answer"] =>
  (asked) =>
    asks(asked) ? { ...sent, headers: { ...sent.headers } } : null;

const asksProperties = ({ call }: Asked) => call === "dm3_getDeliveryServiceProperties";

/** Changes the properties. */
const properties =
  (change: (properties: Record<string, unknown>) => unknown): Bend =>
  (sent, asked) => {
    if (!asksProperties(asked) || sent.status !== 200) return;
    const answer = jsonIn(sent.body) as { result: string };
    const changed = change(jsonIn(answer.result) as Record<string, unknown>);
    sent.body = JSON.stringify({ ...answer, result: changed });
  };

const asText = (changes: object) => properties((known) => JSON.stringify({ ...known, ...changes }));

const isAuth = (asked: Asked) => asked.path.startsWith("/auth/");
const isProfile = (asked: Asked) => asked.path.startsWith("/profile/");
const isIncoming = ({ path }: Asked) => path.startsWith("/delivery/messages/incoming/");
const isAcknowledging = ({ path }: Asked) => path.includes("/syncAcknowledgements");
const isOfBob = ({ path }: Asked) => path.endsWith("bob.eth");
const hasToken = ({ headers }: Asked) => headers.authorization !== undefined;
const isPost = ({ method }: Asked) => method === "POST";

/** One malformed call is its last. */
function ended(): Fault {
  let isOver = false;
  return {
    ...{ id: "alive-afterwards", status: "failed", seen: /does not answer: HTTP 502/ },
    answer: (asked) => {
      if (asked.body.startsWith("[[[")) isOver = true;
      return isOver && asksProperties(asked) ? answering(502) : null;
    },
  };
}

export const FAULTS_FOR_STRANGERS: readonly Fault[] = [
  {
    ...{ id: "properties", status: "failed", seen: /no properties can be read/ },
    bend: properties(() => "{"),
    silent: [
      ...["properties-text", "size-limit", "message-ttl", "notification-channel"],
      ...["properties-secrets", "size-limit-kept"],
    ],
  },
  {
    ...{ id: "properties-text", status: "warning", seen: /an object/ },
    bend: properties((known) => known),
  },
  {
    ...{ id: "properties-for-anyone", status: "failed", seen: /does not count: HTTP 401/ },
    answer: when((asked) => asksProperties(asked) && hasToken(asked), answering(401)),
  },
  {
    ...{ id: "size-limit", status: "failed", seen: /1000 bytes, and the shortest/ },
    bend: asText({ sizeLimit: 1_000 }),
  },
  {
    ...{ id: "size-limit", status: "failed", seen: /sizeLimit is "much"/ },
    ...{ bend: asText({ sizeLimit: "much" }), silent: ["size-limit-kept"] },
  },
  {
    ...{ id: "message-ttl", status: "warning", seen: /7776000, which in days is more/ },
    bend: asText({ messageTTL: 7_776_000 }),
  },
  {
    ...{ id: "message-ttl", status: "warning", seen: /kept for 7 days/ },
    bend: asText({ messageTTL: 7 }),
  },
  {
    ...{ id: "message-ttl", status: "failed", seen: /messageTTL is "a while"/ },
    bend: asText({ messageTTL: "a while" }),
  },
  {
    ...{ id: "notification-channel", status: "warning", seen: /is missing/ },
    bend: asText({ notificationChannel: undefined }),
  },
  {
    ...{ id: "properties-secrets", status: "failed", seen: /a field smtpPassword/ },
    bend: asText({ notificationChannel: [{ type: "EMAIL", config: { smtpPassword: "x" } }] }),
  },
  {
    ...{ id: "cors-answers", status: "failed", seen: /browsers hide it/ },
    bend: (sent, asked) => {
      if (asksProperties(asked)) delete sent.headers["access-control-allow-origin"];
    },
  },
  {
    ...{ id: "cors-refusals", status: "failed", seen: /browsers hide it.*401/ },
    bend: (sent) => {
      if (sent.status === 401) delete sent.headers["access-control-allow-origin"];
    },
  },
  {
    ...{ id: "preflight-rpc", status: "failed", seen: /does not allow authorization/ },
    bend: (sent, { method, path }) => {
      if (method === "OPTIONS" && path === "/rpc") {
        sent.headers["access-control-allow-headers"] = "*";
      }
    },
  },
  {
    ...{ id: "preflight-mailbox", status: "failed", seen: /OPTIONS: HTTP 401/ },
    answer: when((asked) => asked.method === "OPTIONS" && isIncoming(asked), answering(401)),
  },
  {
    ...{ id: "profile-of-nobody", status: "failed", seen: /HTTP 401/ },
    answer: when((asked) => isProfile(asked) && !isPost(asked) && isNobody(asked), answering(401)),
  },
  {
    ...{ id: "challenge-of-nobody", status: "failed", seen: /HTTP 500/ },
    answer: when((asked) => isAuth(asked) && !isPost(asked), answering(500)),
  },
  {
    ...{ id: "fetch-needs-token", status: "failed", seen: /HTTP 200 \(\[\]\)/ },
    bend: (sent, asked) => {
      if (isIncoming(asked) && !hasToken(asked)) Object.assign(sent, { status: 200, body: "[]" });
      if (asked.method === "OPTIONS") Object.assign(sent, { status: 204, body: "" });
    },
    silent: [],
  },
  {
    ...{ id: "fetch-bad-token", status: "failed", seen: /HTTP 200/ },
    answer: when((asked) => isIncoming(asked) && hasToken(asked), ok("[]")),
  },
  {
    ...{ id: "acknowledge-needs-token", status: "failed", seen: /HTTP 200/ },
    answer: when((asked) => isAcknowledging(asked) && asked.body.includes("[]"), ok()),
  },
  {
    ...{ id: "routes-slash", status: "warning", seen: /HTTP 404/ },
    answer: when((asked) => isAcknowledging(asked) && asked.path.endsWith("/"), answering(404)),
  },
  {
    ...{
      id: "malformed-requests",
      status: "failed",
      seen: /1 of 10 .* a name with a null: HTTP 500/,
    },
    answer: when(({ path }) => path.includes("%00"), answering(500)),
  },
  {
    ...{ id: "rpc-unknown-method", status: "failed", seen: /HTTP 500/ },
    bend: (sent, { call }) => {
      if (call === "dm3_noSuchMethod") {
        Object.assign(sent, { status: 500 });
      }
    },
  },
  {
    ...{ id: "rpc-no-method", status: "failed", seen: /HTTP 500/ },
    answer: when(({ body }) => body === '{"jsonrpc":"2.0","id":7}', answering(500)),
  },
  {
    ...{ id: "rpc-errors", status: "warning", seen: /not those of JSON-RPC/ },
    bend: (sent, { call }) => {
      if (call === "dm3_noSuchMethod") sent.body = '{"error":"Method not allowed"}';
    },
  },
  {
    ...{ id: "rpc-errors", status: "warning", seen: /do not bear the id/ },
    bend: (sent, { call }) => {
      if (call === "dm3_noSuchMethod") sent.body = sent.body.replace('"id":7', '"id":null');
    },
  },
  {
    ...{ id: "rpc-at-url", status: "warning", seen: /HTTP 404/ },
    answer: when(({ method, path }) => method === "POST" && path === "", answering(404)),
  },
  {
    ...{ id: "rpc-slash", status: "warning", seen: /HTTP 404/ },
    answer: when(({ path }) => path === "/rpc/", answering(404)),
  },
  {
    ...{ id: "profile-extension", status: "failed", seen: /HTTP 500/ },
    answer: when(
      (asked) => asked.call === "dm3_getProfileExtension" && isNobody(asked),
      answering(500),
    ),
  },
  {
    ...{ id: "profile-extension", status: "warning", seen: /no method here/ },
    answer: when(
      (asked) => asked.call === "dm3_getProfileExtension" && isNobody(asked),
      answering(405),
    ),
  },
  {
    ...{ id: "closed-schema", status: "failed", seen: /HTTP 200/ },
    answer: when(({ envelope }) => envelope.endsWith(',"id":"x"}'), ACCEPTED),
  },
  {
    ...{
      id: "size-limit-kept",
      status: "failed",
      seen: /100001 bytes, one more than sizeLimit: HTTP 200/,
    },
    answer: when(({ envelope }) => envelope.length === 100_001, ACCEPTED),
  },
  {
    ...{ id: "body-limit", status: "warning", seen: /read and parsed/ },
    answer: when(({ body }) => body.length > 400_000, answering(400)),
  },
  {
    ...{ id: "body-limit", status: "failed", seen: /without an end: HTTP 500/ },
    answer: when(({ body }) => body.length > 400_000, answering(500)),
  },
  {
    ...{ id: "malformed-calls", status: "failed", seen: /1 of \d+ .* a submit of null: HTTP 500/ },
    answer: when(({ body }) => body.endsWith('"params":[null]}'), answering(500)),
  },
  ended(),
];

const metadataOf = ({ envelope }: Asked) =>
  (Object(Object(jsonIn(envelope)) as object) as { metadata?: Record<string, unknown> }).metadata ??
  {};

/** Changes each envelope in a mailbox. */
const served =
  (
    change: (envelope: {
      metadata: Record<string, unknown> & { deliveryInformation: Record<string, unknown> };
      postmark?: string;
      message: string;
    }) => unknown,
  ): Bend =>
  (sent, asked) => {
    if (!isIncoming(asked) || sent.status !== 200) return;
    const list = jsonIn(sent.body) as Parameters<typeof change>[0][];
    sent.body = JSON.stringify(list.map(change));
  };

const NO_MESSAGE = [
  ...["one-copy", "delivery-information", "served-hash", "message-intact", "postmark"],
  ...["sender-provable"],
];

/** Only seen with accounts. Some keep what they have seen, so each is made anew. */
export const FAULTS_FOR_OWNERS: readonly (() => Fault)[] = [
  () => ({
    ...{ id: "sign-up", status: "failed", seen: /HTTP 400/ },
    bend: (sent, asked) => {
      if (isProfile(asked) && isPost(asked) && sent.status === 200) sent.status = 400;
    },
  }),
  () => ({
    ...{ id: "challenge", status: "failed", seen: /HTTP 404/, silent: "all" },
    answer: when((asked) => isAuth(asked) && !isPost(asked) && isOfBob(asked), answering(404)),
  }),
  () => ({
    ...{ id: "sign-in", status: "failed", seen: /HTTP 400/, silent: "all" },
    bend: (sent, asked) => {
      if (isAuth(asked) && isPost(asked)) sent.status = 400;
    },
  }),
  () => ({
    ...{ id: "submit", status: "failed", seen: /HTTP 400.*HTTP 400/, silent: "all" },
    answer: when(({ envelope }) => isTrue(envelope), answering(400)),
  }),
  () => ({
    ...{ id: "sender-verified", status: "warning", seen: /another key: HTTP 200/ },
    bend: takingUnsigned(1),
  }),
  () => ({
    ...{ id: "signature-verified", status: "warning", seen: /another signature: HTTP 200/ },
    bend: takingUnsigned(2),
  }),
  () => {
    let isTaken = false;
    return {
      ...{ id: "acknowledge-sender", status: "failed", seen: /took the message away/ },
      bend: (sent, asked) => {
        if (isIncoming(asked) && isTaken) sent.body = "[]";
        if (isAcknowledging(asked)) isTaken = asked.body.includes("somebody-else.eth");
      },
    };
  },
  () => ({
    ...{ id: "acknowledged-stays-gone", status: "warning", seen: /once more: HTTP 409/ },
    answer: nthOf(3, firstEnvelope(), answering(409)),
  }),
  () => ({
    ...{ id: "sign-up-foreign", status: "failed", seen: /HTTP 200/ },
    answer: firstOf((asked) => isProfile(asked) && isPost(asked) && isOfBob(asked), ok('"t"')),
  }),
  () => ({
    ...{ id: "account-shown", status: "failed", seen: /HTTP 404/ },
    answer: nthOf(
      2,
      (asked) => isProfile(asked) && !isPost(asked) && isOfBob(asked),
      answering(404),
    ),
  }),
  () => ({
    ...{ id: "sign-in-wrong-key", status: "failed", seen: /HTTP 401/ },
    answer: firstOf((asked) => isAuth(asked) && isPost(asked) && isOfBob(asked), answering(401)),
  }),
  () => ({
    ...{ id: "sign-in-schema", status: "warning", seen: /HTTP 200/ },
    answer: when(({ body }) => body.endsWith(',"foo":1}'), ok('"t"')),
  }),
  () => ({
    ...{ id: "challenge-once", status: "warning", seen: /once more: HTTP 200 \("a token"\)/ },
    answer: nthOf(
      4,
      (asked) => isAuth(asked) && isPost(asked) && isOfBob(asked),
      ok('"aaaaaaaaaa.bbbbbbbbbb.c"'),
    ),
  }),
  () => ({
    ...{ id: "mailbox-of-others", status: "failed", seen: /HTTP 200/ },
    answer: when((asked) => isIncoming(asked) && asked.path.endsWith("alice.eth"), ok("[]")),
  }),
  () => ({
    ...{ id: "sign-up-token", status: "warning", seen: /HTTP 401/ },
    answer: oneOf(
      firstOf((asked) => isProfile(asked) && isOfBob(asked), answering(404)),
      firstOf((asked) => isIncoming(asked) && hasToken(asked) && isOfBob(asked), answering(401)),
    ),
  }),
  () => ({
    ...{ id: "hash-names", status: "warning", seen: /encryptedMessageHash is refused/ },
    answer: when(
      (asked) => metadataOf(asked)["encryptedMessageHash"] !== undefined,
      answering(400, '{"error":"invalid schema"}'),
    ),
  }),
  () => ({
    ...{ id: "submit-object", status: "warning", seen: /HTTP 400/ },
    answer: when(({ body }) => body.includes('"params":[{"message"'), answering(400)),
  }),
  () => ({
    ...{ id: "resubmit", status: "failed", seen: /HTTP 409/ },
    answer: nthOf(2, firstEnvelope(), answering(409)),
  }),
  () => ({
    ...{ id: "one-copy", status: "warning", seen: /kept 2 times/ },
    bend: (sent, asked) => {
      if (!isIncoming(asked) || sent.status !== 200) return;
      const list = jsonIn(sent.body) as unknown[];
      sent.body = JSON.stringify([...list, ...list]);
    },
  }),
  () => ({
    ...{ id: "receiver-unknown", status: "failed", seen: /HTTP 200/ },
    bend: (sent, { envelope }) => {
      if (envelope !== "" && sent.body.includes("NO_ACCOUNT")) Object.assign(sent, ACCEPTED);
    },
  }),
  () => ({
    ...{ id: "size-limit-enforced", status: "failed", seen: /HTTP 200/ },
    answer: when(({ envelope }) => envelope.length > 120_000, ACCEPTED),
  }),
  () => ({
    ...{ id: "closed-metadata", status: "warning", seen: /HTTP 200/ },
    answer: when((asked) => metadataOf(asked)["foo"] !== undefined, ACCEPTED),
  }),
  () => ({
    ...{ id: "fetch", status: "failed", seen: /is not in the mailbox/ },
    bend: (sent, asked) => {
      if (isIncoming(asked) && sent.status === 200) sent.body = "[]";
    },
    silent: NO_MESSAGE,
  }),
  () => ({
    ...{ id: "delivery-information", status: "failed", seen: /from is "Alice.eth"/ },
    bend: served(({ metadata, ...rest }) => ({
      ...rest,
      metadata: {
        ...metadata,
        deliveryInformation: { ...metadata.deliveryInformation, from: "Alice.eth" },
      },
    })),
  }),
  () => ({
    ...{ id: "delivery-information", status: "failed", seen: /not decrypted/ },
    bend: served(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, deliveryInformation: metadata["encryptedDeliveryInformation"] },
    })),
  }),
  () => ({
    ...{ id: "message-intact", status: "failed", seen: /ENVELOPE_MALFORMED|WRONG_/ },
    bend: served(({ metadata, ...rest }) => ({
      ...rest,
      metadata: {
        ...metadata,
        ...{ messageHash: `0x${"11".repeat(32)}`, encryptedMessageHash: undefined },
      },
    })),
    silent: ["postmark", "sender-provable"],
  }),
  () => ({
    ...{ id: "postmark", status: "failed", seen: /no postmark/ },
    bend: served((envelope) => ({ ...envelope, postmark: undefined })),
  }),
  () => ({
    ...{ id: "postmark", status: "failed", seen: /WRONG_POSTMARK/ },
    bend: served((envelope) => ({ ...envelope, postmark: envelope.message })),
    silent: ["sender-provable"],
  }),
  () => ({
    ...{ id: "sender-provable", status: "warning", seen: /cannot check/ },
    bend: served(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, encryptedDeliveryInformation: undefined },
    })),
  }),
  () => ({
    ...{ id: "live-connects", status: "failed", seen: /not greeted|closed/ },
    ...{ live: { refusesAll: true }, silent: ["live-bad-token", "live-push"] },
  }),
  () => ({
    ...{ id: "live-bad-token", status: "failed", seen: /is let in/ },
    live: { admitsAll: true },
  }),
  () => ({
    ...{ id: "live-push", status: "warning", seen: /1 of 2/ },
    live: { mostPushed: 1 },
  }),
  () => ({
    ...{ id: "live-push", status: "failed", seen: /not pushed/ },
    live: { mostPushed: 0 },
  }),
  () => ({
    ...{ id: "acknowledge-nothing", status: "failed", seen: /HTTP 404/ },
    answer: when(
      (asked) => isAcknowledging(asked) && asked.body.includes("0x00000000"),
      answering(404),
    ),
  }),
  () => ({
    ...{ id: "acknowledge", status: "failed", seen: /1 copies .* are left/ },
    answer: when(
      (asked) =>
        isAcknowledging(asked) &&
        asked.body.includes("alice.eth") &&
        asked.path.endsWith("/") &&
        hasToken(asked),
      ok(),
    ),
  }),
  () => ({
    ...{ id: "acknowledge-slash", status: "failed", seen: /HTTP 404/ },
    answer: when(
      (asked) => isAcknowledging(asked) && hasToken(asked) && !asked.path.endsWith("/"),
      answering(404),
    ),
  }),
];

/** Picks the first true envelope, each time that it comes. */
function firstEnvelope(): (asked: Asked) => boolean {
  let first = "";
  return ({ envelope }) => {
    if (first === "" && isTrue(envelope)) first = envelope;
    return first !== "" && envelope === first;
  };
}

/** The shortest true one has 6,000 characters. */
const isTrue = (envelope: string) => envelope.length > 5_000 && envelope.includes("x25519");

/** The nth envelope whose signature our node refuses is accepted. */
function takingUnsigned(nth: number): Bend {
  let count = 0;
  return (sent, { envelope }) => {
    const isUnsigned = envelope !== "" && sent.body.includes("WRONG_METADATA_SIGNATURE");
    if (isUnsigned && ++count === nth) Object.assign(sent, ACCEPTED);
  };
}

function firstOf(asks: (asked: Asked) => boolean, sent: Sent): BentNode["answer"] {
  return nthOf(1, asks, sent);
}

const oneOf =
  (...answers: readonly BentNode["answer"][]): BentNode["answer"] =>
  (asked) =>
    answers.reduce<Sent | null>((sent, answer) => sent ?? answer(asked), null);

/** Answers `sent` to the nth request that `asks` picks. */
function nthOf(nth: number, asks: (asked: Asked) => boolean, sent: Sent): BentNode["answer"] {
  let count = 0;
  return (asked) => (asks(asked) && ++count === nth ? { ...sent } : null);
}
