/** Who may do what: every rule by the action that it refuses. No database is needed for that. */
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { type Address, checksumAddress } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import type { ErrorCode } from "../../../src/errors.js";
import type { Action } from "../../../src/registry/names/action.js";
import { applyAction } from "../../../src/registry/names/applyAction.js";
import type { Authority } from "../../../src/registry/names/authority.js";
import { NEVER_SIGNED } from "../../../src/registry/names/signatureState.js";
import type { Situation } from "../../../src/registry/names/situation.js";
import { emptyName, type StoredName } from "../../../src/registry/names/storedName.js";
import { NO_TWINS } from "../../../src/registry/names/twins.js";
import { contentHash } from "../../../src/signing/nameRequest.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";
import { FIRST_POLICY } from "../firstPolicy.js";

const DOMAIN = normalizeName("users.example.eth");
const NAME = normalizeName(`alice.${DOMAIN}`);
const NOW_MS = 1_700_000_000_000;
const ALICE = bytes(20, 0xa1);
const MALLORY = bytes(20, 0xb0);

const owned: StoredName = {
  ...emptyName(namehash(NAME), NAME, DOMAIN),
  addresses: new Map([
    [60n, ALICE],
    [0n, bytes(4, 1)],
  ]),
  texts: new Map([
    ["avatar", "a"],
    ["network.dm3.profile", "first"],
  ]),
  profileFingerprint: bytes(32, 1),
};
const held = { ...owned, held: true };
const unowned = { ...owned, addresses: new Map(), profileFingerprint: null };
const suspendedBy = (by: "service" | "admin", name = owned): StoredName => ({
  ...name,
  suspension: { by, reason: "spam", atMs: 1 },
});

const policy = (changes: Partial<typeof FIRST_POLICY>) => ({
  domain: {
    name: DOMAIN,
    owner: null,
    policy: { ...FIRST_POLICY, ...changes },
    ownerSignsIn: false,
    frozen: null,
  },
});
const open = policy({ claims: "wallets" });

function situation(changes: Partial<Situation> = {}): Situation {
  const name = changes.name ?? NAME;
  return {
    node: namehash(name),
    name,
    ...policy({}),
    current: null,
    ...NEVER_SIGNED,
    hasHistory: false,
    isRetired: false,
    claimantNames: 0,
    reservation: null,
    twins: NO_TWINS,
    nowMs: NOW_MS,
    ...changes,
  };
}

const service: Authority = { kind: "service", keyId: "1" };
const admin: Authority = { kind: "admin" };
const dm3 = (address = ALICE): Authority => ({ kind: "dm3", address });
/** As a contract wallet signs, whose word was asked for at some block. */
const contractOn = (chainId: bigint): Authority => ({
  ...(owner() as Authority & { kind: "owner" }),
  signedFor: { chainId, resolver: bytes(20, 1) },
  acceptedAtBlock: 7n,
});
function owner(address = ALICE, changes: { sequence?: number; deadline?: number } = {}): Authority {
  const { sequence = 1, deadline = NOW_MS / 1000 + 60 } = changes;
  return {
    kind: "owner",
    address,
    signedFor: { chainId: 1n, resolver: bytes(20, 1) },
    // the rules look at when, not at what: that was compared before
    request: {
      action: "claim",
      domain: DOMAIN,
      name: NAME,
      contentHash: contentHash({}),
      sequence,
      deadline,
    },
    signature: "0x",
    content: "{}",
  };
}

/** A message by ERC-7884. */
const writer = (expiresInSec = 60, address = ALICE): Authority & { kind: "writer" } => ({
  kind: "writer",
  address,
  signedFor: { chainId: 1n, resolver: bytes(20, 1) },
  message: {
    data: bytes(4, 0),
    sender: address,
    expirationTimestamp: BigInt(NOW_MS / 1000 + expiresInSec),
  },
  signature: "0x",
});

const claim = (wallet = ALICE): Action => ({ kind: "claim", owner: wallet });
const publish = (address = ALICE, fill = 2): Action => ({
  kind: "publishProfile",
  address,
  record: `profile ${fill}`,
  fingerprint: bytes(32, fill),
});
const records: Action = { kind: "setRecords", records: { texts: new Map([["url", "u"]]) } };
const relayNode: Action = { kind: "registerRelayNode", record: "relay", proof: null };
const suspend: Action = { kind: "suspend", reason: "spam" };
const move: Action = { kind: "move", to: MALLORY };
const addressName = normalizeName(`${toHex(ALICE)}.${DOMAIN}`);

type Case = [title: string, Situation, Action, Authority];

function refuses(code: ErrorCode, sentence: RegExp, cases: readonly Case[]): void {
  for (const [title, given, action, authority] of cases) {
    it(`${code}: ${title}`, () => {
      expectError(() => applyAction(given, action, authority), code, sentence);
    });
  }
}

describe("registry/applyAction", () => {
  it("names the action that is not allowed", () => {
    const refused = () => applyAction(situation({}), suspend, owner());
    const { details } = expectError(refused, "FORBIDDEN", /The action suspend is not allowed/);
    expect(details).to.deep.equal({ action: "suspend" });
  });

  describe("what an owner holds", () => {
    const everything: Action[] = [
      { kind: "create" },
      publish(),
      { kind: "deleteProfile" },
      records,
      relayNode,
      { kind: "removeRelayNode" },
      { kind: "delete" },
    ];
    refuses(
      "HELD_BY_OWNER",
      /held by its owner, 0x/,
      everything.flatMap((action): Case[] => [
        [`no service: ${action.kind}`, situation({ current: held }), action, service],
        [`no admin: ${action.kind}`, situation({ current: held }), action, admin],
      ]),
    );
    refuses("HELD_BY_OWNER", /held by its owner/, [
      ["no signature of dm3's clients: publish", situation({ current: held }), publish(), dm3()],
      ["nor delete", situation({ current: held }), { kind: "delete" }, dm3()],
    ]);

    it("can be suspended and unsuspended by the service, and stays held", () => {
      const suspended = applyAction(situation({ current: held }), suspend, service);
      expect(suspended).to.deep.equal({
        ...held,
        suspension: { by: "service", reason: "spam", atMs: NOW_MS },
      });
      const again = situation({ current: suspended, nowMs: NOW_MS + 5 });
      expect(applyAction(again, suspend, service)).to.deep.equal(suspended);
      expect(applyAction(again, { kind: "unsuspend" }, service)).to.deep.equal(held);
    });

    it("begins with the owner's first signature, whatever it is for", () => {
      for (const action of [records, publish(), { kind: "deleteProfile" } as const]) {
        const after = applyAction(situation({ current: owned }), action, owner());
        expect(after, action.kind).to.include({ held: true });
      }
      expect(applyAction(situation({ current: owned }), records, service)).to.include({
        held: false,
      });
      expect(applyAction(situation({ current: owned }), publish(), dm3())).to.include({
        held: false,
      });
    });
  });

  describe("suspended names", () => {
    const suspendedHeld = suspendedBy("service", held);
    refuses("NAME_SUSPENDED", /suspended by the (service|admin): spam/, [
      ["their owner cannot change them", situation({ current: suspendedHeld }), records, owner()],
      ["nor move them away", situation({ current: suspendedHeld }), move, owner()],
      [
        "nor delete them to claim them anew",
        situation({ current: suspendedHeld }),
        { kind: "delete" },
        owner(),
      ],
      ["nor by dm3's signatures", situation({ current: suspendedBy("service") }), publish(), dm3()],
      [
        "what an admin suspended, no service serves again",
        situation({ current: suspendedBy("admin") }),
        { kind: "unsuspend" },
        service,
      ],
      ["nor takes it over", situation({ current: suspendedBy("admin") }), suspend, service],
      ["nor deletes", situation({ current: suspendedBy("admin") }), { kind: "delete" }, service],
    ]);
    it("are served again by an admin, whoever suspended them", () => {
      for (const by of ["service", "admin"] as const) {
        const given = situation({ current: suspendedBy(by) });
        expect(applyAction(given, { kind: "unsuspend" }, admin)).to.deep.equal(owned);
      }
    });
    it("become the admin's when the admin suspends them as well", () => {
      const after = applyAction(situation({ current: suspendedBy("service") }), suspend, admin);
      expect(after?.suspension).to.deep.equal({ by: "admin", reason: "spam", atMs: NOW_MS });
    });
  });

  describe("signed requests", () => {
    const at = (current: StoredName | null = held) => situation({ current, sequence: 4 });
    const nowSec = NOW_MS / 1000;
    refuses("WRONG_SEQUENCE", /Sign it again with 5, the next sequence of alice/, [
      ["used before", at(), records, owner(ALICE, { sequence: 4 })],
      ["older", at(), records, owner(ALICE, { sequence: 1 })],
      ["zero", at(), records, owner(ALICE, { sequence: 0 })],
      ["skipping", at(), records, owner(ALICE, { sequence: 6 })],
      ["of a name that was deleted since", at(null), claim(), owner(ALICE, { sequence: 1 })],
    ]);
    refuses(
      "REQUEST_EXPIRED",
      /deadline .* has passed: it is .* by the service's clock\. Sign it again/,
      [
        ["a second ago", at(), records, owner(ALICE, { sequence: 5, deadline: nowSec - 2 })],
        ["long ago", at(), records, owner(ALICE, { sequence: 5, deadline: 1 })],
      ],
    );
    refuses("INVALID_REQUEST", /at most 900 seconds ahead/, [
      ["too far ahead", at(), records, owner(ALICE, { sequence: 5, deadline: nowSec + 961 })],
      ["in milliseconds", at(), records, owner(ALICE, { sequence: 5, deadline: NOW_MS })],
    ]);
    it("count up to their deadline, with a second and with a minute for clocks that differ", () => {
      for (const deadline of [nowSec - 1, nowSec, nowSec + 900, nowSec + 960]) {
        const authority = owner(ALICE, { sequence: 5, deadline });
        expect(applyAction(at(), records, authority)?.texts.get("url")).to.equal("u");
      }
    });
    refuses("WRONG_SIGNER", /^Signed by 0x.*, but the (name|claim|publishProfile) .* 0x/, [
      ["another wallet's name", situation({ current: owned }), records, owner(MALLORY)],
      ["another wallet's name, to move it", situation({ current: owned }), move, owner(MALLORY)],
      ["another wallet's profile", situation({ current: owned }), publish(MALLORY), owner()],
      ["a claim for another wallet", situation(open), claim(MALLORY), owner()],
    ]);
    const ofChain5 = situation({ current: owned, ownerChain: 5n });
    refuses("WRONG_SIGNER", /contract wallet 0x.* on chain 5;/, [
      ["a contract wallet of another chain", ofChain5, records, contractOn(1n)],
    ]);
    it("takes a contract wallet on its chain or on the first one, and a key for any", () => {
      const first = situation({ current: owned });
      applyAction(ofChain5, records, contractOn(5n));
      applyAction(first, records, contractOn(1n));
      applyAction(ofChain5, records, owner());
    });
    refuses("NAME_TAKEN", /owned by its service/, [
      ["a name without a wallet", situation({ current: unowned, ...open }), claim(), owner()],
    ]);
    refuses("NAME_TAKEN", /owned by another wallet\. Choose another/, [
      [
        "a name that has an owner",
        situation({ current: owned, ...open }),
        claim(MALLORY),
        owner(MALLORY),
      ],
    ]);
    refuses("NOT_FOUND", /does not exist/, [
      ["records of nothing", situation(open), records, owner()],
      ["moving nothing", situation(open), move, owner()],
      ["deleting nothing", situation(open), { kind: "delete" }, owner()],
    ]);
    refuses("FORBIDDEN", /not allowed for a wallet/, [
      ["suspending", situation({ current: owned }), suspend, owner()],
      [
        "unsuspending",
        situation({ current: suspendedBy("service") }),
        { kind: "unsuspend" },
        owner(),
      ],
      ["creating without an owner", situation(open), { kind: "create" }, owner()],
      ["moving by dm3's signature", situation({ current: owned }), move, dm3()],
      ["records by dm3's signature", situation({ current: owned }), records, dm3()],
    ]);
    refuses("FORBIDDEN", /not allowed for a service/, [
      ["claiming", situation(), claim(), service],
      ["moving", situation({ current: owned }), move, service],
    ]);
  });

  describe("messages of writers", () => {
    const nowSec = NOW_MS / 1000;
    const at = (changes: Partial<Situation> = {}) => situation({ current: owned, ...changes });
    refuses("WRONG_SEQUENCE", /accepted before, or the owner of alice/, [
      ["accepted before", at({ writesAfterSec: nowSec + 60 }), records, writer()],
      ["older than what was signed since", at({ writesAfterSec: nowSec + 61 }), records, writer()],
    ]);
    refuses("REQUEST_EXPIRED", /has passed: it is .*\. Sign it again/, [
      ["two seconds ago", at(), records, writer(-2)],
    ]);
    refuses("INVALID_REQUEST", /at most 900 seconds ahead/, [
      ["too far ahead", at(), records, writer(961)],
    ]);
    const forbidden: Action[] = [claim(), publish(), { kind: "deleteProfile" }, move, suspend];
    refuses("FORBIDDEN", /not allowed for a wallet/, [
      ...forbidden.map((action): Case => [action.kind, at(), action, writer()]),
      ["delete", at(), { kind: "delete" }, writer()],
    ]);
    refuses("WRONG_SIGNER", /, but the name alice.* is owned by 0x/, [
      ["of another wallet", at(), records, writer(60, MALLORY)],
    ]);
    refuses("WRONG_SIGNER", /contract wallet 0x.* on chain 5;/, [
      [
        "of a contract wallet of another chain",
        at({ ownerChain: 5n }),
        records,
        { ...writer(), acceptedAtBlock: 7n },
      ],
    ]);
    refuses("NAME_SUSPENDED", /suspended by the service/, [
      ["for a suspended name", situation({ current: suspendedBy("service") }), records, writer()],
    ]);
    it("change records, of a name that is its owner's from then on", () => {
      const cases: [changes: Partial<Situation>, expiresInSec: number][] = [
        [{ writesAfterSec: nowSec + 59 }, 60],
        [{}, -1],
        [{}, 960],
      ];
      for (const [changes, expiresInSec] of cases) {
        const after = applyAction(at(changes), records, writer(expiresInSec));
        expect(after?.texts.get("url")).to.equal("u");
        expect(after?.held).to.equal(true);
      }
    });
  });

  describe("names that were given up by a signature", () => {
    const givenUp = (changes: Partial<Situation> = {}) =>
      situation({ sequence: 1, givenUpBy: [toHex(ALICE)], hasHistory: true, ...open, ...changes });
    refuses("SUPERSEDED_PROFILE", /gave up alice.*signed before/, [
      ["published again by the service", givenUp(), publish(), service],
      ["by the admin", givenUp(), publish(), admin],
      [
        "under a name that the service made anew",
        givenUp({ current: unowned }),
        publish(),
        service,
      ],
      ["by dm3's signatures", givenUp(), publish(), dm3()],
    ]);
    it("go to other wallets, and back by a newer signature", () => {
      expect(applyAction(givenUp(), publish(MALLORY), service)?.held).to.equal(false);
      const signature = owner(ALICE, { sequence: 2 });
      expect(applyAction(givenUp(), publish(), signature)?.held).to.equal(true);
    });
    it("go back where the service keeps them for the wallet, whatever the policy", () => {
      const reservation = { domain: DOMAIN, name: NAME, wallet: ALICE, untilMs: null };
      const kept = givenUp({ ...policy({}), reservation });
      expect(applyAction(kept, claim(), owner(ALICE, { sequence: 2 }))?.held).to.equal(true);
      expectError(
        () => applyAction(kept, claim(MALLORY), owner(MALLORY, { sequence: 2 })),
        "NAME_RESERVED",
        /reserved/,
      );
      expectError(
        () => applyAction({ ...kept, nowMs: 2 }, claim(), owner(ALICE, { sequence: 3 })),
        "INVALID_REQUEST",
        /ahead/,
      );
    });
  });

  describe("names made of an address", () => {
    const at = (changes: Partial<Situation> = {}) => situation({ name: addressName, ...changes });
    it("are their wallet's, whoever makes them and by whatever", () => {
      for (const action of [{ kind: "create" } as const, records, relayNode]) {
        const made = applyAction(at(), action, service);
        expect(made?.addresses.get(60n), action.kind).to.deep.equal(ALICE);
        const found = { ...emptyName(namehash(addressName), addressName, DOMAIN) };
        const again = applyAction(at({ current: found }), action, service);
        expect(again?.addresses.get(60n), action.kind).to.deep.equal(ALICE);
      }
    });
    it("can be claimed by it where the service made them", () => {
      const current = emptyName(namehash(addressName), addressName, DOMAIN);
      expect(applyAction(at({ current }), claim(), owner())?.held).to.equal(true);
      expectError(
        () => applyAction(at({ current }), claim(MALLORY), owner(MALLORY)),
        "NAME_TAKEN",
        /another wallet/,
      );
    });
    refuses("NAME_TAKEN", /is the address of another wallet/, [
      [
        "moved to another wallet",
        at({ current: applyAction(at(), records, service) }),
        move,
        owner(),
      ],
    ]);
  });

  describe("a suspended name that follows", () => {
    const following: Authority = { kind: "dm3", address: ALICE, isFollowing: true };
    it("takes its wallet's new profile, and shows it when the suspension ends", () => {
      const given = situation({ current: suspendedBy("admin"), ...open });
      const after = applyAction(given, publish(ALICE, 3), following);
      expect(after?.texts.get("network.dm3.profile")).to.equal("profile 3");
      expect(after?.suspension?.by).to.equal("admin");
    });
    refuses("NAME_SUSPENDED", /suspended by the admin/, [
      ["by itself", situation({ current: suspendedBy("admin") }), publish(ALICE, 3), dm3()],
    ]);
  });

  describe("free names", () => {
    const reserved = (wallet: Address | null, untilMs: number | null = null) => ({
      reservation: { domain: DOMAIN, name: NAME, wallet, untilMs },
    });
    refuses("POLICY_FORBIDS", /its service gives out the names/, [
      ["where only the service publishes", situation(), claim(), owner()],
      ["with a profile", situation(), publish(), owner()],
      ["by dm3's signatures", situation(), claim(), dm3()],
      ["kept for the wallet until now", situation(reserved(ALICE, NOW_MS)), claim(), owner()],
    ]);
    refuses("POLICY_FORBIDS", /only names directly under it/, [
      [
        "below another label",
        situation({ ...open, name: normalizeName(`a.b.${DOMAIN}`) }),
        claim(),
        owner(),
      ],
      ["the domain itself", situation({ ...open, name: DOMAIN }), claim(), owner()],
    ]);
    refuses("POLICY_FORBIDS", /has no address names/, [
      ["made of an address", situation({ ...open, name: addressName }), claim(), owner()],
    ]);
    refuses("POLICY_FORBIDS", /one name here/, [
      [
        "a second one without aliases",
        situation({ ...policy({ claims: "wallets", aliases: false }), claimantNames: 1 }),
        claim(),
        owner(),
      ],
    ]);
    refuses("POLICY_FORBIDS", /through dm3's API a wallet can have one name/i, [
      [
        "a second one by dm3's signatures, whatever the policy",
        situation({ ...open, claimantNames: 1 }),
        claim(),
        dm3(),
      ],
    ]);
    refuses("NAME_TAKEN", /is the address of another wallet/, [
      [
        "of another's address",
        situation({ ...policy({ addressNames: true }), name: addressName }),
        claim(MALLORY),
        owner(MALLORY),
      ],
      [
        "of another's address, by the service",
        situation({ name: addressName }),
        publish(MALLORY),
        service,
      ],
      [
        "deeper, too",
        situation({ name: normalizeName(`${toHex(ALICE)}.deep.${DOMAIN}`) }),
        publish(MALLORY),
        service,
      ],
    ]);
    refuses("NAME_RESERVED", /is reserved/, [
      ["for nobody", situation({ ...open, ...reserved(null) }), claim(), owner()],
      ["for another wallet", situation({ ...open, ...reserved(MALLORY) }), claim(), owner()],
      ["for another wallet, by the service", situation(reserved(MALLORY)), publish(), service],
      ["until later", situation({ ...open, ...reserved(null, NOW_MS + 1) }), claim(), owner()],
      [
        "a reserved label",
        situation(policy({ claims: "wallets", reservedLabels: ["alice"] })),
        claim(),
        owner(),
      ],
    ]);
    refuses("SUPERSEDED_PROFILE", /do not show whether a request is new or old/, [
      [
        "that were there before, by dm3's signatures",
        situation({ ...open, hasHistory: true }),
        claim(),
        dm3(),
      ],
    ]);

    it("are taken where the policy lets wallets", () => {
      const allowed: [Situation, Action, Authority][] = [
        [situation(open), claim(), owner()],
        [situation(open), publish(), owner()],
        [situation({ ...open, claimantNames: 3 }), claim(), owner()],
        [situation(policy({ claims: "wallets", aliases: false })), claim(), owner()],
        [
          situation({ ...open, hasHistory: true, sequence: 4 }),
          claim(),
          owner(ALICE, { sequence: 5 }),
        ],
        [situation({ ...open, ...reserved(ALICE) }), claim(), owner()],
        [situation({ ...open, ...reserved(null, NOW_MS) }), claim(), owner()],
        [situation({ ...policy({ addressNames: true }), name: addressName }), claim(), owner()],
        [situation({ ...policy({ addressNames: true }), name: addressName }), publish(), dm3()],
        [
          situation({
            ...policy({ addressNames: true }),
            ...{ name: addressName, hasHistory: true, claimantNames: 1 },
          }),
          publish(),
          dm3(),
        ],
        [situation(open), claim(), dm3()],
      ];
      for (const [given, action, authority] of allowed) {
        const after = applyAction(given, action, authority);
        expect(after?.addresses.get(60n)).to.deep.equal(ALICE);
        expect(after?.held).to.equal(authority.kind === "owner");
      }
    });
  });

  describe("names that are there already", () => {
    it("are claimed again by dm3's signatures without effect, whatever else the wallet has", () => {
      const given = situation({ current: owned, hasHistory: true, claimantNames: 2 });
      expect(applyAction(given, claim(), dm3())).to.deep.equal(owned);
    });
    it("get a profile from their service, even when they were reserved since", () => {
      const reservation = { domain: DOMAIN, name: NAME, wallet: null, untilMs: null };
      const after = applyAction(situation({ current: owned, reservation }), publish(), service);
      expect(after?.texts.get("network.dm3.profile")).to.equal("profile 2");
    });
    it("keep, of records that are replaced, what follows from signatures", () => {
      const replaced: Action = {
        kind: "setRecords",
        records: { addresses: new Map([[2n, bytes(4, 2)]]), texts: new Map() },
      };
      const after = applyAction(situation({ current: owned }), replaced, service);
      expect(after?.addresses).to.deep.equal(
        new Map([
          [2n, bytes(4, 2)],
          [60n, ALICE],
        ]),
      );
      expect(after?.texts).to.deep.equal(new Map([["network.dm3.profile", "first"]]));
    });
    it("are told a new reason of their suspension, and when it came", () => {
      const given = situation({ current: suspendedBy("service") });
      const after = applyAction(given, { kind: "suspend", reason: "phishing" }, service);
      expect(after?.suspension).to.deep.equal({
        by: "service",
        reason: "phishing",
        atMs: NOW_MS,
      });
    });
    it("lie under the domain that holds them now", () => {
      const inner = { domain: { ...policy({}).domain, name: `inner.${DOMAIN}` } };
      for (const action of [suspend, { kind: "unsuspend" } as const, records, publish()]) {
        const after = applyAction(situation({ current: owned, ...inner }), action, service);
        expect(after?.domain, action.kind).to.equal(`inner.${DOMAIN}`);
      }
    });
  });

  describe("refusals", () => {
    it("tell programs what they tell people", () => {
      const [alice, mallory] = [checksumAddress(ALICE), checksumAddress(MALLORY)];
      const cases: [ErrorCode, Situation, Action, Authority, details: object][] = [
        [
          "HELD_BY_OWNER",
          situation({ current: held }),
          records,
          service,
          { name: NAME, owner: toHex(ALICE) },
        ],
        [
          "HELD_BY_OWNER",
          situation({ current: { ...unowned, held: true } }),
          records,
          service,
          { name: NAME },
        ],
        [
          "NAME_SUSPENDED",
          situation({ current: suspendedBy("admin") }),
          records,
          service,
          { name: NAME, by: "admin", reason: "spam" },
        ],
        [
          "WRONG_SEQUENCE",
          situation({ current: owned, sequence: 4 }),
          records,
          owner(),
          { name: NAME, next: 5 },
        ],
        [
          "WRONG_SEQUENCE",
          situation({ current: owned, writesAfterSec: NOW_MS }),
          records,
          writer(),
          { name: NAME, expiresAfter: NOW_MS },
        ],
        ["REQUEST_EXPIRED", situation(), records, owner(ALICE, { deadline: 1 }), { deadline: 1 }],
        [
          "INVALID_REQUEST",
          situation(),
          records,
          owner(ALICE, { deadline: NOW_MS }),
          { deadline: NOW_MS },
        ],
        [
          "WRONG_SIGNER",
          situation({ current: owned }),
          records,
          owner(MALLORY),
          { expected: alice, recovered: mallory },
        ],
        [
          "WRONG_SIGNER",
          situation(open),
          claim(MALLORY),
          owner(),
          { expected: mallory, recovered: alice },
        ],
        [
          "WRONG_SIGNER",
          situation({ current: owned, ownerChain: 5n }),
          records,
          contractOn(1n),
          { name: NAME, chainId: "5" },
        ],
        [
          "NAME_TAKEN",
          situation({ current: owned }),
          publish(MALLORY),
          service,
          { name: NAME, owner: alice },
        ],
        [
          "NAME_TAKEN",
          situation({ name: addressName }),
          publish(MALLORY),
          service,
          { name: addressName, wallet: toHex(MALLORY) },
        ],
        [
          "SUPERSEDED_PROFILE",
          situation({ givenUpBy: [toHex(ALICE)] }),
          publish(),
          service,
          { name: NAME, wallet: toHex(ALICE) },
        ],
        ["POLICY_FORBIDS", situation(), claim(), owner(), { name: NAME, domain: DOMAIN }],
        [
          "POLICY_FORBIDS",
          situation({ ...open, claimantNames: 1 }),
          claim(),
          dm3(),
          { name: NAME, domain: DOMAIN },
        ],
        ["FORBIDDEN", situation(), suspend, owner(), { action: "suspend" }],
        ["NOT_FOUND", situation(), suspend, service, { name: NAME }],
      ];
      for (const [code, given, action, authority, details] of cases) {
        const refusal = expectError(() => applyAction(given, action, authority), code, /./);
        expect(refusal.details, refusal.message).to.deep.equal(details);
      }
    });
    for (const action of [suspend, { kind: "unsuspend" } as const]) {
      it(`NOT_FOUND: no service can ${action.kind} what does not exist`, () => {
        const given = situation();
        expectError(() => applyAction(given, action, service), "NOT_FOUND", /does not exist/);
      });
    }
    it("tell a sequence that was used from one that is too high", () => {
      const given = situation({ current: owned, sequence: 4 });
      for (const [sequence, why] of [
        [4, /which was used before/],
        [6, /which skips one/],
      ] as const) {
        const refused = () => applyAction(given, records, owner(ALICE, { sequence }));
        expectError(refused, "WRONG_SEQUENCE", why);
      }
    });
  });

  describe("profiles", () => {
    refuses("SUPERSEDED_PROFILE", /replaced or deleted before/, [
      ["by the service", situation({ current: owned, isRetired: true }), publish(), service],
      ["by dm3's signatures", situation({ current: owned, isRetired: true }), publish(), dm3()],
      ["under a name that is made again", situation({ isRetired: true }), publish(), service],
    ]);
    it("that were replaced come back by their owner's request, which has a sequence", () => {
      const after = applyAction(situation({ current: owned, isRetired: true }), publish(), owner());
      expect(after?.profileFingerprint).to.deep.equal(
        (publish() as { fingerprint: unknown }).fingerprint,
      );
    });
    refuses("NAME_TAKEN", /That wallet has to sign/, [
      ["of another wallet", situation({ current: owned }), publish(MALLORY), service],
    ]);
    it("that are there already change nothing", () => {
      const after = applyAction(
        situation({ current: owned, isRetired: true }),
        publish(ALICE, 1),
        service,
      );
      expect(after).to.deep.equal(owned);
    });
  });

  it("moves a name with nothing of its former owner", () => {
    const after = applyAction(situation({ current: owned }), move, owner());
    expect(after).to.deep.equal({
      ...emptyName(namehash(NAME), NAME, DOMAIN),
      addresses: new Map([[60n, MALLORY]]),
      held: true,
    });
  });

  it("makes a name, once, and deletes it, also when it is gone", () => {
    const empty = emptyName(namehash(NAME), NAME, DOMAIN);
    expect(applyAction(situation(), { kind: "create" }, service)).to.deep.equal(empty);
    const there = situation({ current: owned });
    expect(applyAction(there, { kind: "create" }, service)).to.deep.equal(owned);
    expect(applyAction(there, { kind: "delete" }, service)).to.equal(null);
    expect(applyAction(situation(), { kind: "delete" }, service)).to.equal(null);
  });
});
