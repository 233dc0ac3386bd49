/** Histories of names that hold, and each way in which one breaks. */
import { sha256, toUtf8Bytes, type Wallet } from "ethers";
import { canonical, sha256OfJson } from "./canonical.js";
import { ALICES_PROFILE, NOW_SEC, signed } from "./nameRequests.js";
import { heldBy, type NameState, ownedBy, showing, signedProfile, stateOf } from "./nameStates.js";
import { SET_URL } from "./operationMessages.js";
import { alice, ALICE_NAME, bob, CHAIN_ID, DOMAIN } from "./people.js";
import { type OperationMessage, SIGNED_FOR, signMessage } from "./typedData.js";
import type { Invalid, Valid, Vectors } from "./vector.js";

export interface HistoryInput {
  readonly name: string;
  readonly entries: readonly Sealed[];
  /** What a database has of the name beside its history. */
  readonly stored: Stored;
}

interface Stored {
  readonly state: NameState | null;
  readonly end: { readonly number: number; readonly hash: string } | null;
  readonly signatureState: SignatureState;
  /** Fingerprints of the profiles that must not come back. */
  readonly retired: readonly string[];
}

interface SignatureState {
  readonly sequence: number;
  readonly writesAfterSec: number;
  /** In decimal. */
  readonly ownerChain: string | null;
  readonly givenUpBy: readonly string[];
  readonly isGift: boolean;
}

export interface HistoryExpected {
  readonly entries: number;
  /** Numbers of the entries that tell of a row that was changed without Signpost. */
  readonly foundLater: readonly number[];
  /** Numbers of the entries whose proof is a chain's word. */
  readonly contractProofs: readonly number[];
}

export interface HistoryRefusal {
  readonly entry: number;
  readonly reason: string;
}

interface Sealed {
  readonly entry: Entry;
  readonly hash: string;
}

interface Entry {
  readonly form: number;
  readonly name: string;
  readonly number: number;
  readonly previous: string;
  readonly atMs: number;
  readonly authority: Readonly<Record<string, unknown>>;
  readonly operation: string;
  readonly change: object;
  readonly before: string;
  readonly after: string;
}

const NEVER_SIGNED: SignatureState = {
  sequence: 0,
  writesAfterSec: 0,
  ownerChain: null,
  givenUpBy: [],
  isGift: false,
};
const NO_HASH = `0x${"00".repeat(32)}`;
const MAPS = ["addresses", "texts", "abis", "data", "interfaces"] as const;

/** One change: who made it, what kind, and the state behind it. */
interface Step {
  readonly authority: Entry["authority"];
  readonly operation: string;
  readonly after: NameState | null;
}

/** The entries of some steps, and what is left behind them. */
function historyOf(steps: readonly Step[]): HistoryInput {
  let state = null as NameState | null;
  let signatureState = NEVER_SIGNED;
  const entries: Sealed[] = [];
  const retired: string[] = [];
  for (const { authority, operation, after } of steps) {
    const index = entries.length;
    const atMs = (NOW_SEC + index) * 1000;
    const before = operation === "found" ? null : state;
    entries.push(
      seal({
        form: 1,
        name: ALICE_NAME,
        number: index + 1,
        previous: entries.at(-1)?.hash ?? NO_HASH,
        atMs,
        authority,
        operation,
        change: changeBetween(before, after),
        before: sha256OfJson(before),
        after: sha256OfJson(after),
      }),
    );
    const shown = state?.profileFingerprint ?? null;
    if (shown !== null && shown !== after?.profileFingerprint) retired.push(shown);
    signatureState = signatureStateBehind(signatureState, authority, operation, atMs);
    state = after;
  }
  return {
    name: ALICE_NAME,
    entries,
    stored: { state, end: endOf(entries), signatureState, retired },
  };
}

function endOf(entries: readonly Sealed[]): Stored["end"] {
  const last = entries.at(-1);
  return last ? { number: last.entry.number, hash: last.hash } : null;
}

function seal(entry: Entry): Sealed {
  return { entry, hash: sha256(toUtf8Bytes(canonical(entry))) };
}

function changeBetween(before: NameState | null, after: NameState | null): object {
  if (before === null || after === null) return { to: after };
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(after)) {
    const former = before[key as keyof NameState];
    if (canonical(value) === canonical(former)) continue;
    patch[key] = (MAPS as readonly string[]).includes(key)
      ? mapPatch(former as Record<string, string>, value as Record<string, string>)
      : (value as unknown);
  }
  return { patch };
}

function mapPatch(before: Record<string, string>, after: Record<string, string>) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    keys.filter((key) => before[key] !== after[key]).map((key) => [key, after[key] ?? null]),
  );
}

function signatureStateBehind(
  before: SignatureState,
  { kind, address, chainId, acceptedAtBlock, message }: Entry["authority"],
  operation: string,
  atMs: number,
): SignatureState {
  if (operation === "found" || (kind !== "owner" && kind !== "writer")) return before;
  const wallet = String(address).toLowerCase();
  const expires =
    kind === "writer"
      ? Number((message as OperationMessage).expirationTimestamp)
      : Math.floor(atMs / 1000) + 900;
  const isGivenUp = operation === "move" || operation === "delete";
  const byContract = acceptedAtBlock !== undefined;
  return {
    sequence: before.sequence + 1,
    writesAfterSec: Math.max(before.writesAfterSec, expires),
    ownerChain:
      operation === "delete"
        ? null
        : operation === "move" || byContract
          ? String(chainId)
          : before.ownerChain,
    givenUpBy:
      isGivenUp && !before.givenUpBy.includes(wallet)
        ? [...before.givenUpBy, wallet]
        : before.givenUpBy,
    isGift: operation === "move",
  };
}

const SERVICE = { kind: "service", keyId: "1" };
const DATABASE = { kind: "database" };

async function owner(
  action: string,
  sequence: number,
  content: object = {},
  { wallet = alice, name = ALICE_NAME } = {},
): Promise<Record<string, unknown>> {
  const { request, body } = await signed({ action, sequence, content, wallet, name });
  const { chainId, resolver, signature, signer } = body;
  return {
    kind: "owner",
    ...{ address: signer, chainId, resolver, signature, request },
    content: canonical(content),
  };
}

async function writer(data: string, expiresSec: number, wallet: Wallet = alice) {
  const { address } = wallet;
  const message = { data, sender: address, expirationTimestamp: expiresSec.toString() };
  return {
    kind: "writer",
    ...{ address, chainId: CHAIN_ID.toString(), resolver: SIGNED_FOR.verifyingContract },
    signature: await signMessage(wallet, message),
    message,
  };
}

/** What a contract wallet accepted: nobody can recompute it. */
function byContract(authority: Record<string, unknown>, chainId = CHAIN_ID) {
  return {
    ...authority,
    chainId: chainId.toString(),
    signature: `0x${"c0".repeat(96)}`,
    acceptedAtBlock: "17000000",
  };
}

export async function histories(): Promise<Vectors<HistoryInput, HistoryExpected, HistoryRefusal>> {
  const published = heldBy(alice, ALICE_NAME, showing(alice, ALICES_PROFILE));
  const second = await signedProfile(alice, {
    ...ALICES_PROFILE.profile,
    deliveryServices: ["relay.users.example.eth"],
  });
  const texts = { avatar: "https://example.com/alice.png", "com.example": "züri 🌉 \"'\\ \n" };
  const written = { ...published, texts: { ...published.texts, ...texts } };
  const rewritten = { ...published, texts: { ...published.texts, url: "https://example.com" } };
  const avatar = "https://new.example";
  const patched = { ...published, texts: { ...published.texts, avatar } };

  /** By its owner: publish, write, write again, delete the profile. */
  const ownersSteps: Step[] = [
    {
      authority: await owner("publishProfile", 1, { signedUserProfile: ALICES_PROFILE }),
      operation: "publishProfile",
      after: published,
    },
    {
      authority: await owner("setRecords", 2, { records: { texts } }),
      operation: "setRecords",
      after: written,
    },
    {
      authority: await owner("setRecords", 3, { records: { texts: { avatar } } }),
      operation: "setRecords",
      after: patched,
    },
    {
      authority: await owner("deleteProfile", 4),
      operation: "deleteProfile",
      after: {
        ...patched,
        texts: { avatar },
        profileFingerprint: null,
      },
    },
  ];
  const owners = historyOf(ownersSteps);
  const bySuspension = stateOf(ALICE_NAME, {
    texts: { url: "u" },
    suspension: { by: "admin", reason: "abuse", atMs: (NOW_SEC + 1) * 1000 },
  });
  const serviceSteps: Step[] = [
    {
      authority: SERVICE,
      operation: "setRecords",
      after: stateOf(ALICE_NAME, { texts: { url: "u" } }),
    },
    { authority: { kind: "admin" }, operation: "suspend", after: bySuspension },
    {
      authority: { kind: "admin" },
      operation: "unsuspend",
      after: { ...bySuspension, suspension: null },
    },
    { authority: SERVICE, operation: "delete", after: null },
    { authority: SERVICE, operation: "create", after: stateOf(ALICE_NAME) },
  ];
  const found = stateOf(ALICE_NAME, { texts: { url: "u" } });
  const foundSteps: Step[] = [
    { authority: DATABASE, operation: "found", after: found },
    { authority: SERVICE, operation: "setRecords", after: { ...found, texts: {} } },
    { authority: DATABASE, operation: "found", after: { ...found, texts: { url: "behind" } } },
    { authority: SERVICE, operation: "delete", after: null },
  ];
  const claimed: Step = {
    authority: await owner("claim", 1),
    operation: "claim",
    after: heldBy(alice, ALICE_NAME),
  };
  const withUrl = heldBy(alice, ALICE_NAME, { texts: { url: "https://example.com" } });
  const written2: Step = {
    authority: await writer(SET_URL, NOW_SEC + 901),
    operation: "setRecords",
    after: withUrl,
  };
  const moved: Step[] = [
    claimed,
    {
      authority: await owner("move", 2, { to: bob.address }),
      operation: "move",
      after: heldBy(bob, ALICE_NAME),
    },
    {
      authority: await owner("delete", 3, {}, { wallet: bob }),
      operation: "delete",
      after: null,
    },
    {
      authority: await owner("claim", 4),
      operation: "claim",
      after: heldBy(alice, ALICE_NAME),
    },
  ];
  const contracts: Step[] = [
    { ...claimed, authority: byContract(claimed.authority) },
    {
      authority: byContract(await owner("setRecords", 2, { records: { texts: { url: "u" } } })),
      operation: "setRecords",
      after: heldBy(alice, ALICE_NAME, { texts: { url: "u" } }),
    },
  ];

  const valid = (
    rule: string,
    description: string,
    input: HistoryInput,
    { foundLater = [] as number[], contractProofs = [] as number[] } = {},
  ): Valid<HistoryInput, HistoryExpected> => ({
    rule,
    description,
    input,
    expected: { entries: input.entries.length, foundLater, contractProofs },
  });
  const invalid = (
    rule: string,
    description: string,
    entry: number,
    reason: string,
    input: HistoryInput,
  ): Invalid<HistoryInput, HistoryRefusal> => ({
    rule,
    description,
    input,
    error: { entry, reason },
  });
  /** One entry changed and hashed anew; those behind it are gone, and the database agrees with its hash. */
  const changed = (number: number, changes: Partial<Entry>, of = owners): HistoryInput => {
    const entries = of.entries
      .slice(0, number)
      .map((sealed) =>
        sealed.entry.number === number ? seal({ ...sealed.entry, ...changes }) : sealed,
      );
    return { ...of, entries, stored: { ...of.stored, end: endOf(entries) } };
  };
  const authorityOf = (number: number, of = owners) => of.entries[number - 1]!.entry.authority;
  const withAuthority = (number: number, changes: object, of = owners) =>
    changed(number, { authority: { ...authorityOf(number, of), ...changes } }, of);
  const withRequest = (number: number, changes: object) => {
    const { request } = authorityOf(number);
    return withAuthority(number, { request: { ...(request as object), ...changes } });
  };
  const withEntries = (entries: readonly Sealed[]): HistoryInput => ({ ...owners, entries });
  const withStored = (changes: Partial<Stored>, of = owners): HistoryInput => ({
    ...of,
    stored: { ...of.stored, ...changes },
  });
  const ledTo = (before: NameState | null, after: NameState | null): Partial<Entry> => ({
    change: changeBetween(before, after),
    after: sha256OfJson(after),
  });
  const { signatureState, retired, state } = owners.stored;
  const written2History = historyOf([claimed, written2]);
  const twice = historyOf([
    claimed,
    written2,
    { ...written2, authority: await writer(SET_URL, NOW_SEC + 901) },
  ]);

  return {
    valid: [
      valid(
        "by-the-owner",
        "A name that its owner published, wrote twice and took the profile from.",
        owners,
      ),
      valid(
        "by-service-and-admin",
        "A name that a service made, an admin suspended, and that was deleted and made again.",
        historyOf(serviceSteps),
      ),
      valid(
        "profile-replaced",
        "A profile that was replaced is among those that must not come back.",
        historyOf([
          { authority: SERVICE, operation: "publishProfile", after: { ...published, held: false } },
          {
            authority: SERVICE,
            operation: "publishProfile",
            after: { ...published, held: false, ...showing(alice, second) },
          },
        ]),
      ),
      valid(
        "by-dm3",
        "Published through dm3's own API: neither sequence nor time.",
        historyOf([
          {
            authority: { kind: "dm3", address: alice.address },
            operation: "publishProfile",
            after: { ...published, held: false },
          },
        ]),
      ),
      valid(
        "by-a-writer",
        "A message by ERC-7884 behind a claim: it expires later than the claim's messages would have.",
        written2History,
      ),
      valid(
        "moved-deleted-claimed",
        "Sequences go on over owners; who gave the name up is kept.",
        historyOf(moved),
      ),
      valid(
        "by-a-contract-wallet",
        "The signature of a contract wallet is a chain's word: it is told, and not recomputed.",
        historyOf(contracts),
        { contractProofs: [1, 2] },
      ),
      valid(
        "found",
        "A row that was there before histories, and one that was changed behind them: the whole state that was found.",
        historyOf(foundSteps),
        { foundLater: [3] },
      ),
      valid(
        "nothing-changed",
        "An owner's request that changed nothing is an entry with an empty patch.",
        historyOf([
          claimed,
          {
            authority: await owner("setRecords", 2, { records: {} }),
            operation: "setRecords",
            after: heldBy(alice, ALICE_NAME),
          },
        ]),
      ),
      valid(
        "patch-of-every-kind",
        "Maps tell only the keys that differ, null for one that is gone; everything else is told whole.",
        historyOf([
          {
            authority: SERVICE,
            operation: "setRecords",
            after: stateOf(ALICE_NAME, {
              addresses: { "0": "0x00", "2": "0x02" },
              texts: { "10": "ten", "9": "nine", "": "empty key" },
              contenthash: "0xe30101",
              nameRecord: ALICE_NAME,
              pubkey: { x: `0x${"01".repeat(32)}`, y: `0x${"02".repeat(32)}` },
              abis: { "1": "0x7b7d" },
              data: { "agent-context": "0x01" },
              interfaces: { "0x01ffc9a7": `0x${"1f".repeat(20)}` },
            }),
          },
          {
            authority: SERVICE,
            operation: "setRecords",
            after: stateOf(ALICE_NAME, {
              addresses: { "0": "0x0014", "2": "0x02" },
              texts: { "10": "ten", "9": "" },
              contenthash: null,
              nameRecord: null,
              pubkey: { x: `0x${"01".repeat(32)}`, y: `0x${"03".repeat(32)}` },
              abis: { "8": "0x68" },
              data: {},
              interfaces: { "0x01ffc9a7": `0x${"2f".repeat(20)}` },
            }),
          },
        ]),
      ),
      valid("none-yet", "A name that is older than histories has none, until its first change.", {
        name: ALICE_NAME,
        entries: [],
        stored: { ...historyOf([]).stored, state: found },
      }),
    ],
    invalid: [
      invalid(
        "first-entry-missing",
        "The history begins with entry 2.",
        1,
        "entry 1 is missing",
        withEntries(owners.entries.slice(1)),
      ),
      invalid(
        "entry-missing",
        "An entry in the middle is gone.",
        2,
        "entry 2 is missing",
        withEntries(owners.entries.filter((_, index) => index !== 1)),
      ),
      invalid(
        "end-cut-off",
        "The last entry is gone.",
        3,
        "its end was cut off or replaced",
        withEntries(owners.entries.slice(0, -1)),
      ),
      invalid(
        "end-replaced",
        "The last entry is another one, with a hash that fits.",
        4,
        "its end was cut off or replaced",
        { ...changed(4, { atMs: 1 }), stored: owners.stored },
      ),
      invalid(
        "all-entries-gone",
        "There was a history, and nothing is left of it.",
        0,
        "its end was cut off or replaced",
        withEntries([]),
      ),
      invalid(
        "history-of-a-held-name-gone",
        "A name that its owner signed for has a history.",
        0,
        "its owner signed for it, but that history is gone",
        { ...withStored({ end: null }), entries: [] },
      ),
      invalid(
        "content-of-an-entry-changed",
        "The time is another one than was hashed.",
        2,
        "its hash is not the hash of its content, so one of the two was changed",
        withEntries(
          owners.entries.map(({ entry, hash }) =>
            entry.number === 2 ? { entry: { ...entry, atMs: 1 }, hash } : { entry, hash },
          ),
        ),
      ),
      invalid(
        "hash-changed",
        "The hash is another one than that of the entry.",
        2,
        "its hash is not the hash of its content, so one of the two was changed",
        withEntries(
          owners.entries.map(({ entry, hash }) =>
            entry.number === 2 ? { entry, hash: NO_HASH } : { entry, hash },
          ),
        ),
      ),
      invalid(
        "does-not-follow",
        "An entry was changed and hashed anew: the one behind it names the former hash.",
        2,
        "its previous hash is not the hash of the entry before it",
        withEntries(
          owners.entries.map((sealed) =>
            sealed.entry.number === 1 ? seal({ ...sealed.entry, atMs: 1 }) : sealed,
          ),
        ),
      ),
      invalid(
        "first-entry-follows-on-something",
        "Before the first entry are 32 zero bytes.",
        1,
        "its previous hash is not the hash of the entry before it",
        changed(1, { previous: `0x${"01".repeat(32)}` }),
      ),
      invalid(
        "made-on-another-state",
        "The digest before is not that of the state before.",
        3,
        "its state before is not the state after the entry before it",
        changed(3, { before: owners.entries[0]!.entry.after }),
      ),
      invalid(
        "change-leads-elsewhere",
        "The change is another one than the digest behind it.",
        3,
        "its change does not lead to its state after",
        changed(3, { change: { patch: { texts: { avatar: "https://mallory.example" } } } }),
      ),
      invalid(
        "patch-of-nothing",
        "A patch changes a name that is there.",
        1,
        "its change does not lead to its state after",
        changed(1, { change: { patch: { held: true } } }),
      ),
      invalid(
        "signed-by-another-wallet",
        "The wallet that is named is not the one that signed.",
        2,
        "its signature is not by the wallet that it names",
        withAuthority(2, { address: bob.address }),
      ),
      invalid(
        "signed-for-another-chain",
        "The chain is another one than was signed for.",
        2,
        "its signature is not by the wallet that it names",
        withAuthority(2, { chainId: "1" }),
      ),
      invalid(
        "signed-for-another-resolver",
        "The resolver is another one than was signed for.",
        2,
        "its signature is not by the wallet that it names",
        withAuthority(2, { resolver: `0x${"5e".repeat(20)}` }),
      ),
      invalid(
        "request-changed",
        "The deadline is another one than was signed.",
        2,
        "its signature is not by the wallet that it names",
        withRequest(2, { deadline: NOW_SEC + 601 }),
      ),
      invalid(
        "signature-of-nobody",
        "No key made the signature.",
        2,
        "its signature is not by the wallet that it names",
        withAuthority(2, { signature: `0x${"00".repeat(65)}` }),
      ),
      invalid(
        "request-for-another-name",
        "The owner signed for another name of theirs.",
        1,
        "its signature is for another name",
        historyOf([
          {
            ...claimed,
            authority: await owner("claim", 1, {}, { name: `alicia.${DOMAIN}`, wallet: alice }),
          },
        ]),
      ),
      invalid(
        "sequence-skipped",
        "Sequences have no gaps.",
        2,
        "its sequence is not the next one",
        historyOf([
          claimed,
          {
            ...claimed,
            authority: await owner("setRecords", 3, { records: {} }),
            operation: "setRecords",
          },
        ]),
      ),
      invalid(
        "sequence-used-twice",
        "The same request, taken twice.",
        2,
        "its sequence is not the next one",
        historyOf([claimed, claimed]),
      ),
      invalid(
        "another-operation-than-signed",
        "A setRecords that was signed is told as a deletion.",
        2,
        "its signature is for another action",
        changed(2, { operation: "delete", ...ledTo(published, null) }),
      ),
      invalid(
        "another-content-than-hashed",
        "The content is not the one whose hash was signed.",
        2,
        "its content is not the one whose hash was signed",
        withAuthority(2, { content: canonical({ records: { texts: { avatar: "x" } } }) }),
      ),
      invalid(
        "another-effect-than-signed",
        "The records are others than were signed.",
        2,
        "its signature is over something else than its change",
        changed(2, ledTo(published, rewritten)),
      ),
      invalid(
        "owner-changed-without-a-signature",
        "The entry gives the name to another wallet, which the owner did not sign.",
        2,
        "its signature is over something else than its change",
        changed(2, ledTo(published, { ...written, addresses: ownedBy(bob) })),
      ),
      invalid(
        "message-for-another-name",
        "The message's node is that of another name.",
        2,
        "its signature is for another name",
        historyOf([
          claimed,
          {
            ...written2,
            authority: await writer(
              SET_URL.replace(/^(0x.{8}).{64}/, `$1${"ab".repeat(32)}`),
              NOW_SEC + 901,
            ),
          },
        ]),
      ),
      invalid(
        "message-that-writes-no-record",
        "The message's data are no call that writes a record.",
        2,
        "its signature is for another name",
        historyOf([claimed, { ...written2, authority: await writer("0x12345678", NOW_SEC + 901) }]),
      ),
      invalid(
        "message-not-newer-than-a-request",
        "A request at second t counts as a message that expires at t + 900.",
        2,
        "its message is not newer than what its owner signed before",
        historyOf([claimed, { ...written2, authority: await writer(SET_URL, NOW_SEC + 900) }]),
      ),
      invalid(
        "message-taken-twice",
        "A message has to expire later than the one before it.",
        3,
        "its message is not newer than what its owner signed before",
        twice,
      ),
      invalid(
        "message-changed",
        "The sender is another one than was signed.",
        2,
        "its signature is not by the wallet that it names",
        withAuthority(
          2,
          {
            message: {
              ...(authorityOf(2, written2History)["message"] as object),
              sender: bob.address,
            },
          },
          written2History,
        ),
      ),
      invalid(
        "message-with-another-effect",
        "The text is another one than was signed.",
        2,
        "its signature is over something else than its change",
        changed(
          2,
          ledTo(heldBy(alice, ALICE_NAME), heldBy(alice, ALICE_NAME, { texts: { url: "x" } })),
          written2History,
        ),
      ),
      invalid(
        "message-about-a-name-that-was-not-there",
        "A message makes no name.",
        1,
        "its message is about a name that did not exist",
        historyOf([written2]),
      ),
      invalid(
        "contract-wallet-of-another-chain",
        "A contract wallet is asked on the chain where it was asked first.",
        2,
        "its contract wallet was asked on another chain than the owner's",
        historyOf([
          contracts[0]!,
          { ...contracts[1]!, authority: byContract(contracts[1]!.authority, 1n) },
        ]),
      ),
      invalid(
        "row-changed",
        "The stored name is not the one that the history leads to.",
        4,
        "the row of the name is not what its history leads to",
        withStored({ state: { ...state!, texts: { avatar: "https://mallory.example" } } }),
      ),
      invalid(
        "row-gone",
        "The history leads to a name, and none is stored.",
        4,
        "the row of the name is not what its history leads to",
        withStored({ state: null }),
      ),
      ...Object.entries({
        "sequence-kept-is-another": { sequence: 3 },
        "writes-kept-are-older": { writesAfterSec: 0 },
        "chain-kept-is-another": { ownerChain: "1" },
        "giver-kept-is-another": { givenUpBy: [bob.address.toLowerCase()] },
        "gift-kept-is-another": { isGift: true },
      }).map(([rule, change]) =>
        invalid(
          rule,
          "What is kept of the owners' signatures follows from the history.",
          4,
          "the stored signature state is not what its history leads to",
          withStored({ signatureState: { ...signatureState, ...change } }),
        ),
      ),
      invalid(
        "retired-profile-forgotten",
        "A profile that was deleted is not among those that must not come back.",
        4,
        "a profile that was replaced or deleted could be published again",
        withStored({ retired: retired.slice(1) }),
      ),
    ],
  };
}
