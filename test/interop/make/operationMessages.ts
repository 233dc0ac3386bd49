/** A writer's message by ERC-7884, and each way in which it does not count. */
import { AbiCoder, Interface, namehash, type Wallet } from "ethers";
import { RESOLVER } from "./ccipRequests.js";
import {
  INSTALLATION,
  type NameRequestInput,
  NOW_SEC,
  SECOND_RESOLVER,
  signed as signedRequest,
} from "./nameRequests.js";
import { heldBy, type NameState } from "./nameStates.js";
import { alice, ALICE_NAME, bob, BOB_NAME, CHAIN_ID } from "./people.js";
import {
  messageDigest,
  type OperationMessage,
  SIGNED_FOR,
  type SigningDomain,
  signMessage,
} from "./typedData.js";
import type { Invalid, Valid, Vectors } from "./vector.js";

export interface OperationMessageInput extends Omit<NameRequestInput, "body"> {
  /** Of the URL that the body was sent to: the chain in decimal, and the resolver. */
  readonly chainId: string;
  readonly resolver: string;
  /** Messages that were taken at `nowSec`, after the requests. */
  readonly messagesBefore: readonly object[];
  readonly body: object;
}

export interface OperationMessageExpected {
  readonly digest: string;
  /** What the function returns on a chain. */
  readonly returned: string;
  readonly state: NameState;
}

const functions = new Interface([
  "function setText(bytes32 node, string key, string value)",
  "function setAddr(bytes32 node, address a)",
  "function setAddr(bytes32 node, uint256 coinType, bytes a)",
  "function setContenthash(bytes32 node, bytes hash)",
  "function clearRecords(bytes32 node)",
  "function setZonehash(bytes32 node, bytes hash)",
  "function multicall(bytes[] data) returns (bytes[] results)",
  "function multicallWithNodeCheck(bytes32 nodehash, bytes[] data) returns (bytes[] results)",
]);

function call(f: string, name: string, ...values: unknown[]): string {
  return functions.encodeFunctionData(f, [namehash(name), ...values]);
}

const SET_ADDR = "setAddr(bytes32,address)";
const SET_ADDR_OF_COIN = "setAddr(bytes32,uint256,bytes)";
export const SET_URL = call("setText", ALICE_NAME, "url", "https://example.com");
/** What the resolver hands out at `NOW_SEC`. */
const EXPIRES_SEC = NOW_SEC + 900;

interface Wish {
  readonly data: string;
  readonly wallet: Wallet;
  readonly sender: string;
  readonly expiresSec: number;
  readonly signedFor: SigningDomain;
}

async function signed(wish: Partial<Wish>) {
  const { data = SET_URL, wallet = alice, sender = wallet.address } = wish;
  const { expiresSec = EXPIRES_SEC, signedFor = SIGNED_FOR } = wish;
  const message: OperationMessage = { data, sender, expirationTimestamp: expiresSec.toString() };
  const domain = { ...signedFor, chainId: signedFor.chainId.toString() };
  const signature = await signMessage(wallet, message, signedFor);
  return { message, domain, signature, body: { sender: domain, data: message, signature } };
}

type Signed = Awaited<ReturnType<typeof signed>>;

/** The other form in use. */
function nested({ message, domain, signature }: Signed) {
  const { sender, data } = message;
  return { sender, data, signature: { domain, message, signature } };
}

export async function operationMessages(): Promise<
  Vectors<OperationMessageInput, OperationMessageExpected>
> {
  const claim = await signedRequest({ action: "claim" });
  const records = {
    texts: { avatar: "https://example.com/alice.png", url: "http://old.example" },
    contenthash: "0xe30101",
  };
  const wrote = await signedRequest({ action: "setRecords", sequence: 2, content: { records } });
  const url: Omit<OperationMessageInput, "body"> = {
    chainId: CHAIN_ID.toString(),
    resolver: RESOLVER,
    ...INSTALLATION,
    before: [claim, wrote].map(({ body }) => ({ atSec: NOW_SEC - 300, body })),
    messagesBefore: [],
  };
  const { addresses } = heldBy(alice, ALICE_NAME);
  const withUrl = { ...records.texts, url: "https://example.com" };

  const valid = async (
    rule: string,
    description: string,
    wish: Partial<Wish>,
    changes: Partial<NameState>,
    { form = ({ body }: Signed): object => body, returned = "0x" } = {},
  ): Promise<Valid<OperationMessageInput, OperationMessageExpected>> => {
    const one = await signed(wish);
    return {
      rule,
      description,
      input: { ...url, body: form(one) },
      expected: {
        digest: messageDigest(one.message),
        returned,
        state: heldBy(alice, ALICE_NAME, { ...records, ...changes }),
      },
    };
  };
  const invalid = async (
    rule: string,
    description: string,
    error: string,
    wish: Partial<Wish>,
    {
      form = ({ body }: Signed): object => body,
      ...changes
    }: Partial<OperationMessageInput> & { readonly form?: (one: Signed) => object } = {},
  ): Promise<Invalid<OperationMessageInput, string>> => ({
    rule,
    description,
    input: { ...url, ...changes, body: form(await signed(wish)) },
    error,
  });
  /** Sent with another message than was signed. */
  const sentWith =
    (changes: Partial<OperationMessage>) =>
    ({ body }: Signed) => ({ ...body, data: { ...body.data, ...changes } });
  const returnedOf = (count: number) =>
    AbiCoder.defaultAbiCoder().encode(["bytes[]"], [Array.from({ length: count }, () => "0x")]);
  const two = [SET_URL, call("setContenthash", ALICE_NAME, "0x")];

  return {
    valid: await Promise.all([
      valid("set-text", "A text record of the owner's name.", {}, { texts: withUrl }),
      valid(
        "body-of-blockful",
        "The other form of the body in use: domain, message and signature together.",
        {},
        { texts: withUrl },
        { form: nested },
      ),
      valid(
        "clear-text",
        "An empty value takes the record away.",
        { data: call("setText", ALICE_NAME, "url", "") },
        { texts: { avatar: records.texts.avatar } },
      ),
      valid(
        "set-addr-of-coin",
        "An address on another chain.",
        { data: call(SET_ADDR_OF_COIN, ALICE_NAME, 0, "0x0014aa") },
        { addresses: { ...addresses, "0": "0x0014aa" } },
      ),
      valid(
        "set-addr-to-the-owner",
        "The address of coin type 60 may be written as what it is.",
        { data: call(SET_ADDR, ALICE_NAME, alice.address) },
        {},
      ),
      valid(
        "multicall",
        "All calls or none. It returns one empty result for each.",
        { data: functions.encodeFunctionData("multicall", [two]) },
        { texts: withUrl, contenthash: null },
        { returned: returnedOf(2) },
      ),
      valid(
        "multicall-with-node-check",
        "The same, with the node in front.",
        { data: call("multicallWithNodeCheck", ALICE_NAME, two) },
        { texts: withUrl, contenthash: null },
        { returned: returnedOf(2) },
      ),
      valid(
        "clear-records",
        "All records go but those that follow from signatures.",
        { data: call("clearRecords", ALICE_NAME) },
        { texts: {}, contenthash: null },
      ),
      valid(
        "sender-is-not-the-owner",
        "The sender is who asked the resolver, often a UniversalResolver: it proves nothing and is not checked.",
        { sender: `0x${"ee".repeat(20)}` },
        { texts: withUrl },
      ),
      valid(
        "expires-one-second-after-what-was-signed-before",
        "Requests at second t count as messages that expire at t + 900.",
        { expiresSec: NOW_SEC - 300 + 901 },
        { texts: withUrl },
      ),
      valid(
        "longest-expiry",
        "15 minutes ahead, and one more for clocks that differ.",
        { expiresSec: NOW_SEC + 960 },
        { texts: withUrl },
      ),
    ]),
    invalid: await Promise.all([
      invalid(
        "data-changed",
        "The call is another one than was signed.",
        "WRONG_SIGNER",
        {},
        { form: sentWith({ data: call("setText", ALICE_NAME, "url", "https://mallory.example") }) },
      ),
      invalid(
        "sender-changed",
        "The sender is another one than was signed.",
        "WRONG_SIGNER",
        {},
        { form: sentWith({ sender: bob.address }) },
      ),
      invalid(
        "expiration-changed",
        "The expiry is another one than was signed.",
        "WRONG_SIGNER",
        {},
        { form: sentWith({ expirationTimestamp: (EXPIRES_SEC + 1).toString() }) },
      ),
      invalid("not-the-owner", "Bob signed for Alice's name.", "WRONG_SIGNER", { wallet: bob }),
      invalid("name-that-is-not-there", "The node is that of no name here.", "NOT_FOUND", {
        data: call("setText", BOB_NAME, "url", ""),
        wallet: bob,
      }),
      invalid(
        "eip712-domain-of-another-version",
        "The EIP-712 domain has version 1.",
        "INVALID_REQUEST",
        { signedFor: { ...SIGNED_FOR, version: "2" } },
      ),
      invalid(
        "eip712-domain-of-another-name",
        "The EIP-712 domain has the name Signpost.",
        "INVALID_REQUEST",
        { signedFor: { ...SIGNED_FOR, name: "Other" } },
      ),
      invalid(
        "eip712-domain-of-another-chain",
        "The chain of the EIP-712 domain is the URL's.",
        "INVALID_REQUEST",
        { signedFor: { ...SIGNED_FOR, chainId: 1n } },
      ),
      invalid(
        "eip712-domain-of-another-resolver",
        "The contract of the EIP-712 domain is the URL's resolver.",
        "INVALID_REQUEST",
        { signedFor: { ...SIGNED_FOR, verifyingContract: SECOND_RESOLVER.resolver } },
      ),
      invalid(
        "sent-to-another-resolver-than-signed",
        "The body says that it was signed for the URL's resolver, and was signed for another one.",
        "WRONG_SIGNER",
        {
          signedFor: {
            ...SIGNED_FOR,
            chainId: BigInt(SECOND_RESOLVER.chainId),
            verifyingContract: SECOND_RESOLVER.resolver,
          },
        },
        {
          form: ({ body }) => ({
            ...body,
            sender: { ...body.sender, chainId: CHAIN_ID.toString(), verifyingContract: RESOLVER },
          }),
        },
      ),
      invalid(
        "resolver-that-does-not-answer-for-the-domain",
        "Sent to, and signed for, a resolver that does not answer for the name.",
        "UNKNOWN_RESOLVER",
        { signedFor: { ...SIGNED_FOR, verifyingContract: `0x${"99".repeat(20)}` } },
        { resolver: `0x${"99".repeat(20)}` },
      ),
      invalid(
        "body-that-says-two-things",
        "In the other form, sender and data stand twice, and have to be the same.",
        "INVALID_REQUEST",
        {},
        { form: (one) => ({ ...nested(one), sender: bob.address }) },
      ),
      invalid("expired", "The message expired two seconds ago.", "REQUEST_EXPIRED", {
        expiresSec: NOW_SEC - 2,
      }),
      invalid(
        "expiry-too-far-ahead",
        "A signature that leaks must soon be of no use.",
        "INVALID_REQUEST",
        { expiresSec: NOW_SEC + 961 },
      ),
      invalid(
        "taken-before",
        "Each message counts once.",
        "WRONG_SEQUENCE",
        {},
        { messagesBefore: [(await signed({})).body] },
      ),
      invalid(
        "older-than-a-message-that-was-taken",
        "A message has to expire later than every one before it.",
        "WRONG_SEQUENCE",
        { expiresSec: EXPIRES_SEC - 1 },
        { messagesBefore: [(await signed({})).body] },
      ),
      invalid(
        "expires-with-what-was-signed-before",
        "Requests at second t count as messages that expire at t + 900.",
        "WRONG_SEQUENCE",
        { expiresSec: NOW_SEC - 300 + 900 },
      ),
      invalid(
        "owner-changed-by-set-addr",
        "The address of coin type 60 is the owner; a signed request moves the name.",
        "INVALID_REQUEST",
        { data: call(SET_ADDR, ALICE_NAME, bob.address) },
      ),
      invalid(
        "text-that-follows-from-a-signature",
        "The texts network.dm3.… follow from the profile.",
        "INVALID_REQUEST",
        { data: call("setText", ALICE_NAME, "network.dm3.profile", "") },
      ),
      invalid("unknown-function", "The list of functions is closed.", "FUNCTION_NOT_SUPPORTED", {
        data: call("setZonehash", ALICE_NAME, "0x"),
      }),
      invalid("multicall-of-nothing", "A multicall has at least one call.", "INVALID_REQUEST", {
        data: functions.encodeFunctionData("multicall", [[]]),
      }),
      invalid(
        "multicall-of-two-names",
        "All calls of a multicall are about one name.",
        "INVALID_REQUEST",
        {
          data: functions.encodeFunctionData("multicall", [
            [SET_URL, call("setText", BOB_NAME, "url", "")],
          ]),
        },
      ),
      invalid(
        "node-check-of-another-name",
        "The node in front is that of all calls.",
        "INVALID_REQUEST",
        { data: call("multicallWithNodeCheck", BOB_NAME, [SET_URL]) },
      ),
      invalid(
        "call-data-cut-off",
        "The last word of the arguments is missing.",
        "INVALID_CALL_DATA",
        { data: SET_URL.slice(0, -64) },
      ),
    ]),
  };
}
