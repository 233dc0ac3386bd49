/** Call data, URLs and bodies on the CCIP path. */
import { getBytes, hexlify } from "ethers";
import fc from "fast-check";
import {
  rawDnsName,
  rawResolveRequest,
  recordCall,
  resolveRequest,
  textRequest,
} from "../../gateway/ensRequest.js";
import { answerOf, CCIP_PATH, DOMAIN, getRaw, RESOLVER } from "../openTestService.js";
import { ALICE, expectSentence, type FuzzProperty } from "./fuzzedService.js";

const bytes = fc.uint8Array({ maxLength: 400 });
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.json());

const VALID_CALLS = [
  recordCall(ALICE, "text", "avatar"),
  recordCall(ALICE, "addr(bytes32)"),
  recordCall(ALICE, "addr(bytes32,uint256)", 60n),
  recordCall(ALICE, "contenthash"),
];
const VALID_REQUESTS = [
  textRequest(ALICE, "network.dm3.profile", 1n),
  textRequest(ALICE, "network.dm3.profile"),
  resolveRequest(ALICE, recordCall(ALICE, "addr(bytes32,uint256)", 60n), 1n),
  resolveRequest(ALICE, recordCall(ALICE, "multicall", VALID_CALLS.slice(0, 2)), 1n),
];

/** Valid bytes of which some are changed, cut off or added. */
function mutated(valid: readonly string[]): fc.Arbitrary<string> {
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  return fc
    .record({
      request: fc.constantFrom(...valid.map((request) => getBytes(request))),
      changes: fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
      keep: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: place }),
      added: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 40 })),
    })
    .map(({ request, changes, keep, added }) => {
      const kept = request.slice(0, Math.ceil(request.length * keep));
      for (const [at, value] of changes) kept[Math.floor(at * kept.length)] = value;
      return hexlify(Uint8Array.of(...kept, ...added));
    });
}

const label = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 10 }),
  fc.stringMatching(/^[a-z0-9-]{1,20}$/),
);

/** Items of a multicall: good ones, broken ones, noise, and multicalls in multicalls. */
const { call } = fc.letrec<{ call: string; nested: string }>((tie) => ({
  call: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(...VALID_CALLS),
    mutated(VALID_CALLS),
    bytes.map((noise) => hexlify(noise)),
    tie("nested"),
  ),
  nested: fc
    .array(tie("call"), { maxLength: 6 })
    .map((calls) => recordCall(ALICE, "multicall", calls)),
}));

/** What may stand between two slashes of a URL: right, nearly right, or anything that a client can write there. */
const segment = fc.oneof(
  fc.constantFrom(
    "ccip",
    "1",
    "2",
    "01",
    RESOLVER,
    RESOLVER.toUpperCase(),
    "0x",
    "..",
    ".",
    "%2e%2e",
  ),
  fc.constantFrom(...VALID_REQUESTS),
  fc.stringMatching(/^[!"$&-.0-;=@-Z_a-z~]{0,20}$/),
  fc.uint8Array({ maxLength: 8 }).map((raw) => hexlify(raw).slice(2).replace(/../g, "%$&")),
);

export const LOOKUP_PROPERTIES: readonly FuzzProperty[] = [
  {
    title: "random call data",
    runsInTest: 150,
    of: ({ lookUp }) => fc.asyncProperty(bytes, (data) => lookUp(hexlify(data))),
  },
  {
    title: "random call data behind the selector of resolve",
    runsInTest: 150,
    of: ({ lookUp }) =>
      fc.asyncProperty(bytes, (data) => lookUp(`0x9061b923${hexlify(data).slice(2)}`)),
  },
  {
    title: "valid call data with some bytes changed, cut or added",
    runsInTest: 300,
    signedShare: [0.07, 0.93],
    of: ({ lookUp }) => fc.asyncProperty(mutated(VALID_REQUESTS), lookUp),
  },
  {
    title: "multicalls of good, broken and nested items",
    runsInTest: 80,
    signedShare: [0.02, 0.98],
    of: ({ lookUp }) =>
      fc.asyncProperty(fc.array(call, { maxLength: 8 }), (calls) =>
        lookUp(resolveRequest(ALICE, recordCall(ALICE, "multicall", calls), 1n)),
      ),
  },
  {
    title: "random names, in DNS form",
    runsInTest: 200,
    of: ({ lookUp }) =>
      fc.asyncProperty(fc.array(label, { maxLength: 3 }), async (labels) => {
        const dnsName = rawDnsName(...labels, ...DOMAIN.split("."));
        await lookUp(rawResolveRequest(dnsName, "0x12345678"));
        await lookUp(rawResolveRequest(rawDnsName(...labels), "0x12345678"));
      }),
  },
  {
    title: "random paths and bodies of the gateway",
    runsInTest: 150,
    of: ({ http }) =>
      fc.asyncProperty(text, async (random) => {
        const path = encodeURIComponent(random.toWellFormed());
        for (const url of [`${CCIP_PATH}/${path}`, `/ccip/${path}/x/0x`]) {
          expectSentence(await answerOf(fetch(http.url + url)));
        }
        const posted = fetch(http.url + CCIP_PATH, { method: "POST", body: random });
        expectSentence(await answerOf(posted));
      }),
  },
  {
    title: "URLs of right, nearly right and wrong parts, as they come",
    runsInTest: 120,
    of: ({ http, expectAnswered }) =>
      fc.asyncProperty(fc.array(segment, { maxLength: 5 }), async (segments) => {
        const path = `${CCIP_PATH}/${segments.join("/")}`;
        const { status, text } = await getRaw(http.url, path);
        const body = JSON.parse(text) as Record<string, unknown>;
        expectAnswered(requestIn(path), { status, body, headers: new Headers() });
      }),
  },
  {
    title: "JSON bodies around valid call data",
    runsInTest: 80,
    of: ({ http, expectAnswered }) => {
      const data = fc.oneof(fc.constantFrom(...VALID_REQUESTS), fc.jsonValue());
      const body = fc.record({ data, sender: fc.jsonValue() }, { requiredKeys: [] });
      return fc.asyncProperty(
        body,
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (given, more) => {
          const json = JSON.stringify({ ...more, ...given });
          const { data: request } = JSON.parse(json) as { data?: unknown };
          const answer = await answerOf(
            fetch(http.url + CCIP_PATH, { method: "POST", body: json }),
          );
          expectAnswered(typeof request === "string" ? request : "", answer);
        },
      );
    },
  },
];

/** The call data is the last part of the path; `.json` and a slash may follow. */
function requestIn(path: string): string {
  return (path.replace(/\/$/, "").split("/").at(-1) ?? "").replace(/\.json$/, "");
}
