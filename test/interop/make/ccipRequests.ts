/** What a gateway answers, and what it must not sign. */
import {
  AbiCoder,
  concat,
  dnsEncode,
  getCreateAddress,
  hexlify,
  Interface,
  namehash,
  toBeHex,
  toUtf8Bytes,
  zeroPadValue,
} from "ethers";
import { ALICE_NAME, BOB_NAME, CHAIN_ID, deployer, DOMAIN } from "./people.js";
import type { Vectors } from "./vector.js";

export interface CcipRequestInput {
  /** Of the URL that was asked: the chain in decimal, and the resolver. */
  readonly chainId: string;
  readonly resolver: string;
  /** What the gateway serves: each resolver with its domain. */
  readonly served: readonly {
    readonly chainId: string;
    readonly resolver: string;
    readonly domain: string;
  }[];
  /** The records of the names that exist. */
  readonly names: Readonly<Record<string, Records>>;
  /** `data` of ERC-3668. */
  readonly request: string;
}

/** By coin type in decimal, and by key; null where there is none. */
interface Records {
  readonly addresses: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly contenthash: string | null;
}

export interface CcipRequestExpected {
  /** The name that was asked. */
  readonly name: string;
  /** The chain at the end of the request, in decimal; null where it names none. */
  readonly boundChainId: string | null;
  /** What is signed and sent as `result`. */
  readonly result: string;
}

export const RESOLVER = getCreateAddress({ from: deployer.address, nonce: 0 });

const functions = new Interface([
  "function resolve(bytes name, bytes data) view returns (bytes)",
  "function addr(bytes32 node) view returns (address)",
  "function addr(bytes32 node, uint256 coinType) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
  "function contenthash(bytes32 node) view returns (bytes)",
  "function multicall(bytes[] calls) view returns (bytes[])",
  "function zonehash(bytes32 node) view returns (bytes)",
  "error UnsupportedResolverProfile(bytes4 selector)",
]);
const coder = AbiCoder.defaultAbiCoder();

const RECORDS: Records = {
  addresses: { "0": "0x0014aa", "60": "0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a" },
  texts: { avatar: "https://example.com/alice.png", greeting: "grüezi 📬" },
  contenthash: "0xe30101",
};
const ETH_ADDRESS = RECORDS.addresses["60"]!;

/** The inner call: `f` is a function's name, or its signature where there are two. */
export function recordCall(f: string, name: string, ...values: unknown[]): string {
  return functions.encodeFunctionData(f, [namehash(name), ...values]);
}

/** `resolve(name, data)` in ENSIP-10's form, with the chain behind it. */
export function requestFor(
  dnsName: string,
  call: string,
  chainId: bigint | null = CHAIN_ID,
): string {
  const request = functions.encodeFunctionData("resolve", [dnsName, call]);
  return chainId === null ? request : concat([request, word(chainId)]);
}

export function encoded(type: string, value: unknown): string {
  return coder.encode([type], [value]);
}

export function word(value: bigint): string {
  return zeroPadValue(toBeHex(value), 32);
}

export const AVATAR_CALL = recordCall("text", ALICE_NAME, "avatar");
export const AVATAR_REQUEST = requestFor(dnsEncode(ALICE_NAME), AVATAR_CALL);
export const AVATAR_RESULT = encoded("string", RECORDS.texts["avatar"]);
const UNSUPPORTED_CALL = recordCall("zonehash", ALICE_NAME);
export const UNSUPPORTED = functions.encodeErrorResult("UnsupportedResolverProfile", [
  UNSUPPORTED_CALL.slice(0, 10),
]);

const GATEWAY = {
  chainId: CHAIN_ID.toString(),
  resolver: RESOLVER,
  served: [{ chainId: CHAIN_ID.toString(), resolver: RESOLVER, domain: DOMAIN }],
  names: { [ALICE_NAME]: RECORDS },
};
const OTHER_RESOLVER = `0x${"5e".repeat(20)}`;

/** The DNS form of labels as they are; ethers would normalise them. */
function rawDnsName(...labels: readonly string[]): string {
  const parts = labels.map((label) => toUtf8Bytes(label));
  return hexlify(concat([...parts.flatMap((part) => [Uint8Array.of(part.length), part]), "0x00"]));
}

interface Unusual {
  readonly name?: string;
  readonly chainId?: bigint | null;
  /** Bytes behind the whole request. */
  readonly behind?: string;
}

export function ccipRequests(): Promise<Vectors<CcipRequestInput, CcipRequestExpected>> {
  const valid = (
    rule: string,
    description: string,
    call: string,
    result: string,
    { name = ALICE_NAME, chainId = CHAIN_ID, behind = "0x" }: Unusual = {},
  ) => ({
    rule,
    description,
    input: { ...GATEWAY, request: concat([requestFor(dnsEncode(name), call, chainId), behind]) },
    expected: {
      name,
      boundChainId: behind === "0x" ? (chainId?.toString() ?? null) : null,
      result,
    },
  });
  const invalid = (
    rule: string,
    description: string,
    error: string,
    request: string,
    changes: Partial<CcipRequestInput> = {},
  ) => ({ rule, description, input: { ...GATEWAY, request, ...changes }, error });

  const greeting = recordCall("text", ALICE_NAME, "greeting");
  const onOtherChain = { ...GATEWAY.served[0]!, chainId: "1" };
  return Promise.resolve({
    valid: [
      valid("text", "A text record.", AVATAR_CALL, AVATAR_RESULT),
      valid(
        "text-in-utf8",
        "Texts are UTF-8, and their length counts bytes.",
        greeting,
        encoded("string", RECORDS.texts["greeting"]),
      ),
      valid(
        "addr",
        "addr(bytes32) is the address of coin type 60, as an address.",
        recordCall("addr(bytes32)", ALICE_NAME),
        encoded("address", ETH_ADDRESS),
      ),
      valid(
        "addr-of-coin",
        "addr(bytes32,uint256) is bytes, of whatever length.",
        recordCall("addr(bytes32,uint256)", ALICE_NAME, 0),
        encoded("bytes", RECORDS.addresses["0"]),
      ),
      valid(
        "contenthash",
        "A content hash.",
        recordCall("contenthash", ALICE_NAME),
        encoded("bytes", RECORDS.contenthash),
      ),
      valid(
        "absent-text",
        "A record that is not there is the empty value of its type, never no bytes at all.",
        recordCall("text", ALICE_NAME, "url"),
        encoded("string", ""),
      ),
      valid(
        "absent-addr",
        "A name without an address has the zero address.",
        recordCall("addr(bytes32)", BOB_NAME),
        encoded("address", `0x${"00".repeat(20)}`),
        { name: BOB_NAME },
      ),
      valid(
        "absent-name",
        "A name that does not exist is answered like one without records.",
        recordCall("text", BOB_NAME, "avatar"),
        encoded("string", ""),
        { name: BOB_NAME },
      ),
      valid(
        "unsupported-function",
        "A function of resolvers that the gateway does not know: the result is the error UnsupportedResolverProfile with its selector, signed like any result.",
        UNSUPPORTED_CALL,
        UNSUPPORTED,
      ),
      valid(
        "multicall",
        "multicall answers each item; one that is not known, by its error.",
        functions.encodeFunctionData("multicall", [[AVATAR_CALL, UNSUPPORTED_CALL, greeting]]),
        encoded("bytes[]", [
          AVATAR_RESULT,
          UNSUPPORTED,
          encoded("string", RECORDS.texts["greeting"]),
        ]),
      ),
      valid(
        "multicall-of-nothing",
        "A multicall without items has no results.",
        functions.encodeFunctionData("multicall", [[]]),
        encoded("bytes[]", []),
      ),
      valid(
        "bound-to-no-chain",
        "Resolvers of others append no chain id: the request is bound to no chain, and answered.",
        AVATAR_CALL,
        AVATAR_RESULT,
        { chainId: null },
      ),
      valid(
        "one-byte-behind-the-chain",
        "What follows the arguments is a chain id only where it is exactly one word. Other bytes are ignored, but signed over.",
        AVATAR_CALL,
        AVATAR_RESULT,
        { behind: "0x00" },
      ),
    ],
    invalid: [
      invalid(
        "bound-to-another-chain",
        "The request names another chain than the URL: its answer would be replayed there.",
        "INVALID_CALL_DATA",
        requestFor(dnsEncode(ALICE_NAME), AVATAR_CALL, 1n),
      ),
      invalid(
        "bound-to-chain-zero",
        "Zero is a chain id like any other, and not the URL's.",
        "INVALID_CALL_DATA",
        requestFor(dnsEncode(ALICE_NAME), AVATAR_CALL, 0n),
      ),
      invalid(
        "node-of-another-name",
        "The inner call asks about another name than the outer one: the answer would be signed for the wrong name.",
        "INVALID_CALL_DATA",
        requestFor(dnsEncode(ALICE_NAME), recordCall("text", BOB_NAME, "avatar")),
      ),
      invalid(
        "multicall-with-another-name",
        "Each item of a multicall asks about the outer name.",
        "INVALID_CALL_DATA",
        requestFor(
          dnsEncode(ALICE_NAME),
          functions.encodeFunctionData("multicall", [
            [AVATAR_CALL, recordCall("text", BOB_NAME, "avatar")],
          ]),
        ),
      ),
      invalid(
        "another-function",
        "The outer call is not resolve(bytes,bytes).",
        "INVALID_CALL_DATA",
        AVATAR_CALL,
      ),
      invalid("no-call-data", "There is no selector.", "INVALID_CALL_DATA", "0x"),
      invalid(
        "arguments-cut-off",
        "The last word of the arguments is missing.",
        "INVALID_CALL_DATA",
        requestFor(dnsEncode(ALICE_NAME), AVATAR_CALL, null).slice(0, -64),
      ),
      invalid(
        "name-not-in-normal-form",
        "The name is not in ENSIP-15 normal form, so its records belong to no name.",
        "INVALID_NAME",
        requestFor(rawDnsName("Alice", ...DOMAIN.split(".")), AVATAR_CALL),
      ),
      invalid(
        "name-not-in-dns-form",
        "The name ends within a label.",
        "INVALID_NAME",
        requestFor(dnsEncode(ALICE_NAME).slice(0, -4), AVATAR_CALL),
      ),
      invalid(
        "name-with-bytes-behind-its-end",
        "Bytes follow the empty label that ends the name.",
        "INVALID_NAME",
        requestFor(`${dnsEncode(ALICE_NAME)}00`, AVATAR_CALL),
      ),
      invalid(
        "resolver-that-is-not-served",
        "The gateway does not answer for the resolver of the URL.",
        "UNKNOWN_RESOLVER",
        AVATAR_REQUEST,
        { resolver: OTHER_RESOLVER },
      ),
      invalid(
        "resolver-served-on-another-chain",
        "The same address on another chain is another resolver.",
        "UNKNOWN_RESOLVER",
        AVATAR_REQUEST,
        { served: [onOtherChain] },
      ),
      invalid(
        "name-of-another-domain",
        "The name lies under no domain that this resolver answers for.",
        "UNKNOWN_DOMAIN",
        requestFor(dnsEncode("alice.other.eth"), recordCall("text", "alice.other.eth", "avatar")),
      ),
      invalid(
        "name-that-only-ends-like-the-domain",
        "Domains end at a dot.",
        "UNKNOWN_DOMAIN",
        requestFor(dnsEncode(`alice-${DOMAIN}`), recordCall("text", `alice-${DOMAIN}`, "avatar")),
      ),
    ],
  });
}
