/** A random walk of a service, an admin and three wallets, which send requests and ERC-7884's messages, over a few names, compared with a model after every step. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import fc from "fast-check";
import { fromHex } from "../../../src/abi/hex.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { type ErrorCode, isSignpostError } from "../../../src/errors.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { changeName } from "../../../src/registry/changes/changeName.js";
import type { Action } from "../../../src/registry/names/action.js";
import { moveAction, profileAction } from "../../../src/registry/names/verifiedActions.js";
import { NO_CHAINS } from "../../../src/registry/signed/contractWallets.js";
import { carryOut } from "../../../src/registry/signed/signedOperation.js";
import { signedAction, verifySignedRequest } from "../../../src/registry/signed/signedRequest.js";
import {
  parseSignedOperation,
  signedOperationSchema,
} from "../../../src/wire/signedOperationSchema.js";
import { signedRequestSchema } from "../../../src/wire/signedRequestSchema.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { call, signOperation } from "../signed/signedOperations.js";
import { REGISTRY_RESOLVER, signRequest } from "../signed/signedRequests.js";
import { type Move, NameModel } from "./nameModel.js";

const NAMES = 3;
const PROFILES = 2;
const WALKS = 20;
const STEPS = 60;
/** Fixed, because so few steps do not go everywhere by every seed. */
const SEED = 3;

const moves: fc.Arbitrary<Move> = fc.record({
  actor: fc.constantFrom("service" as const, "admin" as const, 0 as const, 1 as const, 2 as const),
  kind: fc.constantFrom(
    "create" as const,
    ...([
      "claim",
      "publishProfile",
      "publishProfile",
      "deleteProfile",
      "setRecords",
      "move",
      "delete",
    ] as const),
    ...(["write", "write"] as const),
    ...(["suspend", "unsuspend"] as const),
  ),
  name: fc.nat(NAMES - 1),
  wallet: fc.nat(2),
  profile: fc.nat(PROFILES - 1),
  fresh: fc.boolean().chain((old) => (old ? fc.boolean() : fc.constant(true))),
  pause: fc.constantFrom(0, 0, 0, 1, 12, 2000),
});

/** What the next signature of a wallet has to have. */
interface Due {
  readonly due: number;
  readonly expirationSec: number;
}

describe("registry: a random walk", function () {
  this.timeout(720_000);
  let registry: TestRegistry;
  let wallets: HDNodeWallet[];
  let profiles: SignedUserProfile[][];
  let walk = 0;
  /** Of the registry and the wallets alike; the moves say how it goes on. */
  let nowMs: number;

  before(async () => {
    registry = await openRegistry();
    await registry.stores.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    wallets = Array.from({ length: 3 }, () => Wallet.createRandom());
    profiles = await Promise.all(wallets.map((wallet) => profilesOf(wallet, PROFILES)));
  });
  after(() => registry.close());

  const nameOf = (index: number) => `walk-${walk}-${index}.${DOMAIN}`;
  const addressOf = (wallet: number) => addressFrom(fromHex(wallets[wallet]!.address));

  function action({ kind, wallet, profile }: Move, text: string): Action {
    switch (kind) {
      case "claim":
        return { kind, owner: addressOf(wallet) };
      case "publishProfile":
        return profileAction(addressOf(wallet), profiles[wallet]![profile]);
      case "setRecords":
        return { kind, records: { texts: new Map([["text", text]]) } };
      case "move":
        return moveAction(addressOf(wallet));
      case "write":
        throw new Error("A service has no messages.");
      case "suspend":
        return { kind, reason: "a reason" };
      case "create":
      case "deleteProfile":
      case "delete":
      case "unsuspend":
        return { kind };
    }
  }

  async function asWallet(move: Move & { actor: 0 | 1 | 2 }, due: number, text: string) {
    const { kind, name, fresh } = move;
    const action = kind as "claim";
    const content = {
      ...(kind === "publishProfile" && { signedUserProfile: profiles[move.actor]![move.profile] }),
      ...(kind === "setRecords" && { records: { texts: { text } } }),
      ...(kind === "move" && { to: wallets[move.wallet]!.address }),
    };
    const sequence = fresh ? due : Math.max(0, due - 1);
    const deadline = Math.floor(nowMs / 1000) + 60;
    const wish = { action, domain: DOMAIN, name: nameOf(name), content, sequence, deadline };
    const body = await signRequest(wallets[move.actor]!, { ...wish, signedFor: REGISTRY_RESOLVER });
    const verified = await verifySignedRequest(
      registry.stores.domains,
      signedRequestSchema.parse(body),
    );
    await changeName(
      registry.stores,
      {
        domain: DOMAIN,
        name: nameOf(name),
        actions: [signedAction(verified)],
        authority: verified.authority,
      },
      () => nowMs,
    );
  }

  async function asWriter(move: Move & { actor: 0 | 1 | 2 }, expirationSec: number, text: string) {
    const signedFor = REGISTRY_RESOLVER;
    const data = call("setText", nameOf(move.name), "text", text);
    const body = await signOperation(wallets[move.actor]!, { data, signedFor, expirationSec });
    const operation = parseSignedOperation(signedOperationSchema.parse(body), signedFor);
    await carryOut(registry.stores, operation, NO_CHAINS, () => nowMs);
  }

  async function asService(move: Move & { actor: "service" | "admin" }, text: string) {
    const authority =
      move.actor === "admin"
        ? ({ kind: "admin" } as const)
        : ({ kind: "service", keyId: "1" } as const);
    const actions = [action(move, text)];
    await changeName(
      registry.stores,
      { domain: DOMAIN, name: nameOf(move.name), actions, authority },
      () => nowMs,
    );
  }

  async function take(
    move: Move,
    { due, expirationSec }: Due,
    text: string,
  ): Promise<ErrorCode | null> {
    const { actor, kind } = move;
    try {
      if (typeof actor !== "number") await asService({ ...move, actor }, text);
      else if (kind === "write") await asWriter({ ...move, actor }, expirationSec, text);
      else await asWallet({ ...move, actor }, due, text);
      return null;
    } catch (error) {
      if (isSignpostError(error)) return error.code;
      throw error;
    }
  }

  async function expectAsModel(model: NameModel, index: number): Promise<void> {
    const expected = model.names.get(index) ?? null;
    const stored = await registry.stored(nameOf(index));
    expect(
      (await registry.stores.names.signatureStateOf(namehash(nameOf(index)))).sequence,
    ).to.equal(model.sequenceOf(index));
    if (!expected || !stored) {
      expect(stored).to.equal(expected);
      return;
    }
    const { owner, profile, text, held, suspendedBy } = expected;
    expect(stored.addresses).to.deep.equal(
      new Map(owner === null ? [] : [[60n, addressOf(owner)]]),
    );
    const record =
      owner === null || profile === null
        ? []
        : [[DM3_PROFILE_KEY, encodeProfileRecord(profiles[owner]![profile]!)] as const];
    expect(stored.texts).to.deep.equal(
      new Map([...(text === null ? [] : [["text", text] as const]), ...record]),
    );
    expect(stored.held).to.equal(held);
    expect(stored.suspension?.by ?? null).to.equal(suspendedBy);
  }

  it(`${WALKS} walks of ${STEPS} steps end where the model does, and every history leads there`, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(moves, { minLength: STEPS, maxLength: STEPS }), async (steps) => {
        walk++;
        nowMs = Date.now();
        const model = new NameModel();
        for (const [index, step] of steps.entries()) {
          // nobody of this kind can ask for these at all
          const impossible =
            typeof step.actor === "number" ? ["create", "suspend", "unsuspend"] : ["write"];
          if (impossible.includes(step.kind)) continue;
          nowMs += step.pause * 1000;
          const nowSec = Math.floor(nowMs / 1000);
          const due = model.sequenceOf(step.name) + 1;
          const expirationSec = model.expiryOf(step, nowSec);
          const text = String(index);
          const expected = model.apply(step, { text, nowSec });
          const taken = await take(step, { due, expirationSec }, text);
          expect(taken, JSON.stringify(step)).to.equal(expected);
          await expectAsModel(model, step.name);
          seen.add(
            expected && step.kind === "write"
              ? `write ${expected}`
              : (expected ?? `${typeof step.actor} ${step.kind}`),
          );
        }
        for (let index = 0; index < NAMES; index++) {
          const verdict = await verifyHistory(registry.stores.names, namehash(nameOf(index)));
          expect(verdict).to.deep.include({ broken: null, foundLater: [] });
        }
      }),
      { numRuns: WALKS, endOnFailure: true, seed: SEED },
    );
    // the walk went everywhere
    expect(seen).to.include.all.keys(
      ...[
        "FORBIDDEN",
        "NAME_SUSPENDED",
        "NOT_FOUND",
        "HELD_BY_OWNER",
        "NAME_TAKEN",
        "WRONG_SIGNER",
      ],
      ...[
        "SUPERSEDED_PROFILE",
        "WRONG_SEQUENCE",
        "number claim",
        "number publishProfile",
        "number move",
      ],
      ...[
        "number delete",
        "number setRecords",
        "number write",
        "write WRONG_SEQUENCE",
        "write REQUEST_EXPIRED",
        "write NAME_SUSPENDED",
        "string publishProfile",
        "string suspend",
        "string delete",
      ],
    );
  });
});
