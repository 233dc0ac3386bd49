/** A wallet's signed request for a name, and each way in which it does not count. */
import { concat, getBytes, Signature, toBeHex, type Wallet } from "ethers";
import people from "../../vectors/profiles.json" with { type: "json" };
import { canonical, keccak256OfText } from "./canonical.js";
import { RESOLVER } from "./ccipRequests.js";
import { heldBy, type NameState, showing, signedProfile } from "./nameStates.js";
import { alice, ALICE_NAME, bob, CHAIN_ID, DOMAIN } from "./people.js";
import {
  type NameRequest,
  requestDigest,
  requestFor,
  SIGNED_FOR,
  type SigningDomain,
  signRequest,
} from "./typedData.js";
import type { Invalid, Valid, Vectors } from "./vector.js";

interface RequestBody {
  readonly chainId: string;
  readonly resolver: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly content: object;
  readonly signer: string;
  readonly signature: string;
}

export interface NameRequestInput {
  /** Where wallets take names. */
  readonly domain: string;
  /** Those that answer for the domain. */
  readonly resolvers: readonly { readonly chainId: string; readonly resolver: string }[];
  /** The service's time. */
  readonly nowSec: number;
  /** Requests that were taken before, in this order, each at its time. */
  readonly before: readonly { readonly atSec: number; readonly body: RequestBody }[];
  readonly body: RequestBody;
}

export interface NameRequestExpected {
  /** The text whose keccak256 is `contentHash`. */
  readonly canonicalContent: string;
  /** What the wallet signed. */
  readonly digest: string;
  /** Of the name afterwards; null when it is gone. */
  readonly state: NameState | null;
}

export const NOW_SEC = 1_900_000_000;
export const SECOND_RESOLVER = { chainId: "8453", resolver: `0x${"5e".repeat(20)}` };
export const INSTALLATION = {
  domain: DOMAIN,
  resolvers: [{ chainId: CHAIN_ID.toString(), resolver: RESOLVER }, SECOND_RESOLVER],
  nowSec: NOW_SEC,
};
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

interface Wish {
  readonly wallet: Wallet;
  readonly action: string;
  readonly name: string;
  readonly content: object;
  readonly sequence: number;
  readonly deadline: number;
  readonly signedFor: SigningDomain;
  /** Signed instead of the content's. */
  readonly contentHash: string;
}

interface Signed {
  readonly request: NameRequest;
  readonly signedFor: SigningDomain;
  readonly body: RequestBody;
}

export async function signed(wish: Partial<Wish> & Pick<Wish, "action">): Promise<Signed> {
  const { wallet = alice, name = ALICE_NAME, content = {}, sequence = 1 } = wish;
  const { action, deadline = NOW_SEC + 600, signedFor = SIGNED_FOR } = wish;
  const fromWish = requestFor(action, name, content, sequence, deadline);
  const request = { ...fromWish, contentHash: wish.contentHash ?? fromWish.contentHash };
  const { address } = wallet;
  return {
    request,
    signedFor,
    body: {
      chainId: signedFor.chainId.toString(),
      resolver: signedFor.verifyingContract,
      request: { ...request },
      content,
      signer: address,
      signature: await signRequest(wallet, request, signedFor),
    },
  };
}

export const ALICES_PROFILE = people.people.alice.signedUserProfile;
const RECORDS = {
  texts: { avatar: "https://example.com/alice.png", "com.example": "züri 🌉 \"'\\ \n" },
  addresses: { "0": "0x0014aa", "2147492101": `0x${"0b".repeat(20)}` },
  contenthash: "0xe30101",
};

export async function nameRequests(): Promise<Vectors<NameRequestInput, NameRequestExpected>> {
  const claim = await signed({ action: "claim" });
  const taken = (...requests: Signed[]) =>
    requests.map(({ body }) => ({ atSec: NOW_SEC - 300, body }));
  const published = await signed({
    action: "publishProfile",
    content: { signedUserProfile: ALICES_PROFILE },
  });
  const shown = heldBy(alice, ALICE_NAME, showing(alice, ALICES_PROFILE));
  const newProfile = await signedProfile(alice, {
    ...ALICES_PROFILE.profile,
    deliveryServices: ["relay.users.example.eth"],
  });
  const wrote = await signed({ action: "setRecords", sequence: 2, content: { records: RECORDS } });
  const withRecords = heldBy(alice, ALICE_NAME, {
    ...RECORDS,
    addresses: { ...RECORDS.addresses, "60": alice.address.toLowerCase() },
  });

  const valid = (
    rule: string,
    description: string,
    { request, signedFor, body }: Signed,
    state: NameState | null,
    { before = [] as readonly Signed[], sent = body } = {},
  ): Valid<NameRequestInput, NameRequestExpected> => ({
    rule,
    description,
    input: { ...INSTALLATION, before: taken(...before), body: sent },
    expected: {
      canonicalContent: canonical(sent.content),
      digest: requestDigest(request, signedFor),
      state,
    },
  });
  const invalid = (
    rule: string,
    description: string,
    error: string,
    body: RequestBody,
    before: readonly Signed[] = [],
  ): Invalid<NameRequestInput, string> => ({
    rule,
    description,
    input: { ...INSTALLATION, before: taken(...before), body },
    error,
  });
  /** Signed like the claim, and sent with another request. */
  const sentWith = (changes: Record<string, unknown>): RequestBody => ({
    ...claim.body,
    request: { ...claim.body.request, ...changes },
  });
  const withSignature = (signature: string): RequestBody => ({ ...claim.body, signature });
  const { r, s, v, compactSerialized } = Signature.from(claim.body.signature);
  const highS = concat([r, toBeHex(CURVE_ORDER - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27, 1)]);
  const unsorted = '{"records":{"texts":{"b":"2","a":"1"}}}';

  return {
    valid: [
      valid(
        "claim",
        "A wallet takes a free name, and holds it from then on.",
        claim,
        heldBy(alice, ALICE_NAME),
      ),
      valid(
        "signature-of-64-bytes",
        "ERC-2098's compact form counts as well.",
        { ...claim, body: withSignature(compactSerialized) },
        heldBy(alice, ALICE_NAME),
      ),
      valid(
        "publish-profile",
        "Publishing under a free name takes it as well. The profile is one that dm3's own library signed.",
        published,
        shown,
      ),
      valid(
        "replace-profile",
        "Another profile of the same wallet takes the place of the first.",
        await signed({
          action: "publishProfile",
          content: { signedUserProfile: newProfile },
          sequence: 2,
        }),
        heldBy(alice, ALICE_NAME, showing(alice, newProfile)),
        { before: [published] },
      ),
      valid(
        "delete-profile",
        "The profile goes; the name keeps its owner.",
        await signed({ action: "deleteProfile", sequence: 2 }),
        heldBy(alice, ALICE_NAME),
        { before: [published] },
      ),
      valid(
        "publish-deleted-profile-again",
        "A profile that was deleted comes back by a request of its owner, whose sequence shows that it is new.",
        await signed({
          action: "publishProfile",
          sequence: 3,
          content: { signedUserProfile: ALICES_PROFILE },
        }),
        shown,
        { before: [published, await signed({ action: "deleteProfile", sequence: 2 })] },
      ),
      valid("set-records", "The kinds of records that are given.", wrote, withRecords, {
        before: [claim],
      }),
      valid(
        "set-records-of-one-kind",
        "A kind that is given is replaced as a whole; one that is not stays.",
        await signed({
          action: "setRecords",
          sequence: 3,
          content: { records: { texts: { url: "https://example.com" }, contenthash: null } },
        }),
        { ...withRecords, texts: { url: "https://example.com" }, contenthash: null },
        { before: [claim, wrote] },
      ),
      valid(
        "set-records-to-what-they-are",
        "A request that changes nothing uses up its sequence, too.",
        await signed({ action: "setRecords", sequence: 2, content: { records: {} } }),
        heldBy(alice, ALICE_NAME),
        { before: [claim] },
      ),
      valid(
        "content-sent-in-another-order",
        "The hash is of the canonical JSON, so the order of keys in the body does not count.",
        wrote,
        withRecords,
        {
          before: [claim],
          sent: {
            ...wrote.body,
            content: { records: Object.fromEntries(Object.entries(RECORDS).reverse()) },
          },
        },
      ),
      valid(
        "keys-in-the-order-of-utf-16",
        "Canonical JSON sorts keys by UTF-16 code units: 10 before 9, capitals before small letters, surrogates before U+FF21.",
        await signed({
          action: "setRecords",
          sequence: 2,
          content: {
            records: { texts: { "9": "9", "10": "10", a: "a", B: "B", Ａ: "wide", "📬": "box" } },
          },
        }),
        heldBy(alice, ALICE_NAME, {
          texts: { "9": "9", "10": "10", a: "a", B: "B", Ａ: "wide", "📬": "box" },
        }),
        { before: [claim] },
      ),
      valid(
        "move",
        "The name goes to another wallet, and keeps nothing of its records.",
        await signed({ action: "move", sequence: 3, content: { to: bob.address } }),
        heldBy(bob, ALICE_NAME),
        { before: [claim, wrote] },
      ),
      valid("delete", "The name is gone.", await signed({ action: "delete", sequence: 2 }), null, {
        before: [claim],
      }),
      valid(
        "claim-after-delete",
        "Sequences go on where they were, also after the name was gone.",
        await signed({ action: "claim", sequence: 3, wallet: bob }),
        heldBy(bob, ALICE_NAME),
        { before: [claim, await signed({ action: "delete", sequence: 2 })] },
      ),
      valid(
        "deadline-is-now",
        "The deadline is the last second in which the request counts.",
        await signed({ action: "claim", deadline: NOW_SEC }),
        heldBy(alice, ALICE_NAME),
      ),
      valid(
        "longest-deadline",
        "15 minutes ahead, and one more for clocks that differ.",
        await signed({ action: "claim", deadline: NOW_SEC + 960 }),
        heldBy(alice, ALICE_NAME),
      ),
      valid(
        "second-resolver",
        "Any resolver that answers for the domain may be signed for.",
        await signed({
          action: "claim",
          signedFor: {
            ...SIGNED_FOR,
            chainId: BigInt(SECOND_RESOLVER.chainId),
            verifyingContract: SECOND_RESOLVER.resolver,
          },
        }),
        heldBy(alice, ALICE_NAME),
      ),
      valid(
        "read-history",
        "readHistory changes nothing and uses no sequence: it has 0.",
        await signed({ action: "readHistory", sequence: 0 }),
        heldBy(alice, ALICE_NAME),
        { before: [claim] },
      ),
    ],
    invalid: [
      ...[
        ["action", "delete"],
        ["name", `alicia.${DOMAIN}`],
        ["sequence", 2],
        ["deadline", NOW_SEC + 601],
      ].map(([field, value]) =>
        invalid(
          `${field}-changed`,
          `The ${field} is another one than was signed.`,
          "WRONG_SIGNER",
          sentWith({ [field as string]: value }),
        ),
      ),
      invalid(
        "domain-that-does-not-hold-the-name",
        "The domain of the request is the one that the name lies under.",
        "FORBIDDEN",
        sentWith({ domain: "example.eth" }),
      ),
      invalid(
        "content-changed",
        "The content is not the one whose hash was signed.",
        "INVALID_REQUEST",
        { ...wrote.body, content: { records: { texts: { avatar: "https://mallory.example" } } } },
        [claim],
      ),
      invalid(
        "content-hash-changed",
        "The hash fits the content, and is another one than was signed.",
        "WRONG_SIGNER",
        {
          ...wrote.body,
          content: { records: {} },
          request: {
            ...wrote.body.request,
            contentHash: keccak256OfText(canonical({ records: {} })),
          },
        },
        [claim],
      ),
      invalid(
        "content-hashed-as-it-was-written",
        "The hash is of the canonical JSON, not of the text in some other order.",
        "INVALID_REQUEST",
        (
          await signed({
            action: "setRecords",
            sequence: 2,
            content: JSON.parse(unsorted) as object,
            contentHash: keccak256OfText(unsorted),
          })
        ).body,
        [claim],
      ),
      invalid(
        "content-hash-in-capitals",
        "Hexadecimal digits of the hash are in lower case.",
        "INVALID_REQUEST",
        sentWith({ contentHash: claim.request.contentHash.toUpperCase().replace("0X", "0x") }),
      ),
      invalid(
        "content-of-another-action",
        "Each action has its own content; a claim has none.",
        "INVALID_REQUEST",
        (await signed({ action: "claim", content: { to: bob.address } })).body,
      ),
      invalid(
        "another-signer-named",
        "The wallet that is named is not the one that signed.",
        "WRONG_SIGNER",
        { ...claim.body, signer: bob.address },
      ),
      invalid(
        "not-the-owner",
        "Bob's own request for Alice's name.",
        "WRONG_SIGNER",
        (await signed({ action: "delete", sequence: 2, wallet: bob })).body,
        [claim],
      ),
      invalid(
        "claim-of-a-name-that-is-taken",
        "The name is another wallet's.",
        "NAME_TAKEN",
        (await signed({ action: "claim", sequence: 2, wallet: bob })).body,
        [claim],
      ),
      invalid(
        "profile-of-another-wallet",
        "Bob publishes the profile that Alice signed.",
        "WRONG_SIGNER",
        (
          await signed({
            action: "publishProfile",
            wallet: bob,
            content: { signedUserProfile: ALICES_PROFILE },
          })
        ).body,
      ),
      invalid(
        "resolver-that-does-not-answer-for-the-domain",
        "Signed for a resolver of somebody else.",
        "UNKNOWN_RESOLVER",
        (
          await signed({
            action: "claim",
            signedFor: { ...SIGNED_FOR, verifyingContract: `0x${"99".repeat(20)}` },
          })
        ).body,
      ),
      invalid(
        "chain-on-which-the-resolver-does-not-answer",
        "Signed for the same address on another chain.",
        "UNKNOWN_RESOLVER",
        (await signed({ action: "claim", signedFor: { ...SIGNED_FOR, chainId: 1n } })).body,
      ),
      invalid(
        "sent-for-another-resolver-than-signed",
        "Signed for one resolver of the domain, and sent for the other.",
        "WRONG_SIGNER",
        { ...claim.body, ...SECOND_RESOLVER },
      ),
      invalid(
        "eip712-domain-of-another-version",
        "The EIP-712 domain has version 1.",
        "WRONG_SIGNER",
        (await signed({ action: "claim", signedFor: { ...SIGNED_FOR, version: "2" } })).body,
      ),
      invalid(
        "eip712-domain-of-another-name",
        "The EIP-712 domain has the name Signpost.",
        "WRONG_SIGNER",
        (await signed({ action: "claim", signedFor: { ...SIGNED_FOR, name: "signpost" } })).body,
      ),
      invalid(
        "digest-with-the-prefix-of-personal-sign",
        "Typed data is signed, not a personal message.",
        "WRONG_SIGNER",
        withSignature(await alice.signMessage(getBytes(requestDigest(claim.request)))),
      ),
      invalid(
        "signature-with-high-s",
        "The same signature once more, made without the key.",
        "INVALID_REQUEST",
        withSignature(highS),
      ),
      invalid(
        "signature-of-nobody",
        "No key made it.",
        "WRONG_SIGNER",
        withSignature(`0x${"00".repeat(64)}1b`),
      ),
      invalid(
        "signature-of-an-odd-number-of-digits",
        "Bytes have two digits.",
        "INVALID_REQUEST",
        withSignature(claim.body.signature.slice(0, -1)),
      ),
      invalid(
        "deadline-passed",
        "The deadline was two seconds ago.",
        "REQUEST_EXPIRED",
        (await signed({ action: "claim", deadline: NOW_SEC - 2 })).body,
      ),
      invalid(
        "deadline-too-far-ahead",
        "A signature that leaks must soon be of no use.",
        "INVALID_REQUEST",
        (await signed({ action: "claim", deadline: NOW_SEC + 961 })).body,
      ),
      invalid(
        "deadline-in-milliseconds",
        "A deadline is in seconds.",
        "INVALID_REQUEST",
        (await signed({ action: "claim", deadline: (NOW_SEC + 600) * 1000 })).body,
      ),
      invalid("sequence-used-before", "Each signature counts once.", "WRONG_SEQUENCE", claim.body, [
        claim,
      ]),
      invalid(
        "sequence-skipped",
        "Sequences have no gaps.",
        "WRONG_SEQUENCE",
        (await signed({ action: "delete", sequence: 3 })).body,
        [claim],
      ),
      invalid(
        "sequence-of-a-new-owner-begins-anew",
        "Sequences are the name's, not the wallet's.",
        "WRONG_SEQUENCE",
        (await signed({ action: "delete", sequence: 1, wallet: bob })).body,
        [claim, await signed({ action: "move", sequence: 2, content: { to: bob.address } })],
      ),
      invalid(
        "name-not-in-normal-form",
        "Names are in ENSIP-15 normal form.",
        "INVALID_NAME",
        (await signed({ action: "claim", name: `Alice.${DOMAIN}` })).body,
      ),
      invalid(
        "name-two-labels-below-the-domain",
        "Wallets take names directly under the domain only.",
        "POLICY_FORBIDS",
        (await signed({ action: "claim", name: `a.b.${DOMAIN}` })).body,
      ),
      invalid(
        "name-that-is-not-there",
        "Nothing but claim and publishProfile makes a name.",
        "NOT_FOUND",
        (await signed({ action: "setRecords", content: { records: {} } })).body,
      ),
      invalid(
        "records-that-follow-from-a-signature",
        "The texts network.dm3.… follow from the profile.",
        "INVALID_REQUEST",
        (
          await signed({
            action: "setRecords",
            sequence: 2,
            content: { records: { texts: { "network.dm3.profile": "" } } },
          })
        ).body,
        [claim],
      ),
      invalid(
        "move-to-nobody",
        "The zero address can sign nothing.",
        "INVALID_REQUEST",
        (
          await signed({
            action: "move",
            sequence: 2,
            content: { to: `0x${"00".repeat(20)}` },
          })
        ).body,
        [claim],
      ),
      invalid(
        "unknown-action",
        "The list of actions is closed.",
        "INVALID_REQUEST",
        (await signed({ action: "rename" })).body,
      ),
      invalid(
        "unknown-field",
        "A request has no other fields.",
        "INVALID_REQUEST",
        sentWith({ note: "" }),
      ),
      invalid(
        "read-history-of-another",
        "A history is its owner's and the service's only.",
        "WRONG_SIGNER",
        (await signed({ action: "readHistory", sequence: 0, wallet: bob })).body,
        [claim],
      ),
    ],
  };
}
