/**
 * What clients ask, and what they have to be told: encoded by ethers, so that no server under test checks itself.
 *
 * The call data of all names differ in the label and the node alone; a load generator fills them in.
 */
import { AbiCoder, dnsEncode, Interface, namehash } from "ethers";
import { DOMAIN } from "./names.js";
import type { Person } from "./people.js";

export interface Query {
  readonly title: string;
  /** 0x hex of ENSIP-10's `resolve`, with `{label}` and `{node}` where the name's own go. */
  readonly template: string;
  /** The ABI-encoded result for a name of this person, 0x hex. */
  expected(person: Person): string;
}

const resolver = new Interface([
  "function resolve(bytes name, bytes data) view returns (bytes)",
  "function addr(bytes32 node) view returns (address)",
  "function addr(bytes32 node, uint256 coinType) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
  "function contenthash(bytes32 node) view returns (bytes)",
  "function multicall(bytes[] calls) view returns (bytes[])",
]);
const coder = AbiCoder.defaultAbiCoder();

/** As long as every label. */
const SAMPLE_LABEL = "template";
const SAMPLE_NODE = namehash(`${SAMPLE_LABEL}.${DOMAIN}`);

const PROFILE_KEY = "network.dm3.profile";
const TEXT_KEYS = ["avatar", "email", "com.github", "description"];

const textCall = (key: string) => resolver.encodeFunctionData("text", [SAMPLE_NODE, key]);
const textResult = ({ texts }: Person, key: string) => coder.encode(["string"], [texts[key]]);

export const PROFILE_QUERY: Query = {
  title: `text ${PROFILE_KEY}`,
  template: templateOf(textCall(PROFILE_KEY)),
  expected: (person) => textResult(person, PROFILE_KEY),
};

export const MULTICALL_QUERY: Query = {
  title: "multicall of 8 records",
  template: templateOf(
    resolver.encodeFunctionData("multicall", [
      [
        resolver.encodeFunctionData("addr(bytes32)", [SAMPLE_NODE]),
        resolver.encodeFunctionData("addr(bytes32,uint256)", [SAMPLE_NODE, 60]),
        ...TEXT_KEYS.map(textCall),
        resolver.encodeFunctionData("contenthash", [SAMPLE_NODE]),
        textCall(PROFILE_KEY),
      ],
    ]),
  ),
  expected: (person) =>
    coder.encode(
      ["bytes[]"],
      [
        [
          coder.encode(["address"], [person.address]),
          coder.encode(["bytes"], [person.address]),
          ...TEXT_KEYS.map((key) => textResult(person, key)),
          coder.encode(["bytes"], [person.contenthash]),
          textResult(person, PROFILE_KEY),
        ],
      ],
    ),
};

/**
 * The same query, never the same request: a running number follows the arguments. Decoders ignore what is there,
 * but it is a part of what is signed.
 */
export function neverTheSame(query: Query): Query {
  return { ...query, template: `${query.template}{counter}` };
}

export interface Blanks {
  readonly label: string;
  /** 32 bytes, as hex without 0x. */
  readonly node: string;
  readonly counter: number;
}

/** What stands for a blank; the load generators do the same. */
export function fillIn(template: string, { label, node, counter }: Blanks): string {
  return template
    .replaceAll("{label}", Buffer.from(label).toString("hex"))
    .replaceAll("{node}", node)
    .replaceAll("{counter}", counter.toString(16).padStart(16, "0"));
}

function templateOf(call: string): string {
  const dnsName = dnsEncode(`${SAMPLE_LABEL}.${DOMAIN}`);
  return resolver
    .encodeFunctionData("resolve", [dnsName, call])
    .replaceAll(Buffer.from(SAMPLE_LABEL).toString("hex"), "{label}")
    .replaceAll(SAMPLE_NODE.slice(2), "{node}");
}
