/**
 * What clients ask, and what they have to be told: encoded by ethers, so that no server under test checks itself.
 *
 * The call data of all names differ in the label and the node alone; a load generator fills them in.
 */
import { AbiCoder, concat, dnsEncode, Interface, namehash, toBeHex } from "ethers";
import { CHAIN_ID } from "../servers/resolvers.js";
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

/**
 * The same query, never the same request: a running number follows the arguments of the inner call. Decoders ignore
 * what is there, but it is a part of what is signed.
 */
export const UNREPEATED_PROFILE_QUERY: Query = {
  ...PROFILE_QUERY,
  template: templateOf(concat([textCall(PROFILE_KEY), toBeHex(0x5f5f5f5f5f5f5f5fn)])).replace(
    "5f5f5f5f5f5f5f5f",
    "{counter}",
  ),
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

export interface Blanks {
  readonly label: string;
  /** 32 bytes, as hex without 0x. */
  readonly node: string;
  readonly counter: number;
  /** 0x hex, lower case. */
  readonly resolver: string;
}

/** What stands for a blank; the load generators do the same. */
export function fillIn(template: string, { label, node, counter, resolver }: Blanks): string {
  return template
    .replaceAll("{label}", Buffer.from(label).toString("hex"))
    .replaceAll("{node}", node)
    .replaceAll("{resolver}", resolver)
    .replaceAll("{counter}", counter.toString(16).padStart(16, "0"));
}

/** As our resolver makes its requests: the chain id follows the arguments. */
function templateOf(call: string): string {
  const dnsName = dnsEncode(`${SAMPLE_LABEL}.${DOMAIN}`);
  const request = resolver.encodeFunctionData("resolve", [dnsName, call]);
  return concat([request, toBeHex(CHAIN_ID, 32)])
    .replaceAll(Buffer.from(SAMPLE_LABEL).toString("hex"), "{label}")
    .replaceAll(SAMPLE_NODE.slice(2), "{node}");
}
