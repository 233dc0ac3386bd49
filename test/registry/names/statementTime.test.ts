/** Statements that come again, too late or too early. */
import { expect } from "chai";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { COIN_TYPE_ETH } from "../../../src/ens/coinType.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import type { Action } from "../../../src/registry/names/action.js";
import { applyAction } from "../../../src/registry/names/applyAction.js";
import type { Authority } from "../../../src/registry/names/authority.js";
import { NEVER_SIGNED } from "../../../src/registry/names/signatureState.js";
import { emptyName, type StoredName } from "../../../src/registry/names/storedName.js";
import { NO_TWINS } from "../../../src/registry/names/twins.js";
import {
  certificateAction,
  networkAction,
  relayNodeAction,
} from "../../../src/registry/names/verifiedActions.js";
import { contentHash } from "../../../src/signing/nameRequest.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";
import { FIRST_POLICY } from "../firstPolicy.js";
import {
  provenNode,
  SIGNED_AT_SEC,
  signedCertificate,
  signedNetwork,
} from "../signedStatements.js";

const DOMAIN = normalizeName("users.example.eth");
const NAME = normalizeName(`carol.${DOMAIN}`);
const CAROL = bytes(20, 0xa1);
const OWNER = checksumAddress(CAROL);
const KEYS = deriveProfileKeys(new Uint8Array(32).fill(71));
const HOUR_SEC = 3600;

const profile = { ...publicKeyFields(KEYS), deliveryServices: ["relay.example.eth"] };
const OWNED: StoredName = {
  ...emptyName(namehash(NAME), NAME, DOMAIN),
  addresses: new Map([[COIN_TYPE_ETH, CAROL]]),
  texts: new Map([
    ["network.dm3.profile", encodeProfileRecord({ profile, signature: `0x${"11".repeat(65)}` })],
  ]),
};

const service: Authority = { kind: "service", keyId: "1" };
const owner: Authority = {
  ...{ kind: "owner", address: CAROL, signature: "0x", content: "{}" },
  signedFor: { chainId: 1n, resolver: bytes(20, 1) },
  request: {
    ...{ action: "registerRelayNode", domain: DOMAIN, name: NAME },
    ...{ sequence: 1, deadline: SIGNED_AT_SEC + 60, contentHash: contentHash({}) },
  },
};

function change(current: StoredName, action: Action, authority = service): StoredName {
  const situation = {
    ...{ node: current.node, name: NAME, current, ...NEVER_SIGNED },
    ...{
      domain: {
        name: DOMAIN,
        owner: null,
        policy: FIRST_POLICY,
        ownerSignsIn: false,
        frozen: null,
      },
    },
    ...{ hasHistory: true, isRetired: false, claimantNames: 0, reservation: null },
    ...{ twins: NO_TWINS, nowMs: SIGNED_AT_SEC * 1000 },
  };
  return applyAction(situation, action, authority)!;
}

const STATEMENTS: readonly [string, string, (signedAtSec: number) => Action][] = [
  [
    "a relay node's proof",
    "network.dm3.deliveryService.proof",
    (at) => relayNodeAction(NAME, provenNode(NAME, OWNER, at)),
  ],
  [
    "a network record",
    "network.dm3.network",
    (at) => networkAction(NAME, signedNetwork(NAME, OWNER, {}, at)),
  ],
  [
    "a certificate",
    "network.dm3.certificate.openpgp",
    (at) => certificateAction(NAME, signedCertificate(NAME, KEYS, at)),
  ],
];

describe("registry/names/statementTime", () => {
  for (const [what, key, signed] of STATEMENTS) {
    const signedAtSec = ({ texts }: StoredName) =>
      (JSON.parse(texts.get(key) ?? "{}") as { signedAtSec?: number }).signedAtSec;

    it(`takes ${what} again, and a newer one, but no older one from the service`, () => {
      const first = change(OWNED, signed(SIGNED_AT_SEC - 1));
      const newer = change(first, signed(SIGNED_AT_SEC));
      expect(signedAtSec(newer)).to.equal(SIGNED_AT_SEC);
      expect(change(newer, signed(SIGNED_AT_SEC)).texts).to.deep.equal(newer.texts);
      const again = () => change(newer, signed(SIGNED_AT_SEC - 1));
      const refusal = expectError(again, "SUPERSEDED_STATEMENT", /older than the one that carol/);
      expect(refusal.details).to.deep.equal({ name: NAME, signedAfterSec: SIGNED_AT_SEC });
    });

    it(`lets the owner, whose requests have a sequence, bring back an older one: ${what}`, () => {
      const newer = change(OWNED, signed(SIGNED_AT_SEC));
      const back = change(newer, signed(SIGNED_AT_SEC - 1), owner);
      expect(signedAtSec(back)).to.equal(SIGNED_AT_SEC - 1);
    });

    it(`refuses ${what} that is dated more than an hour ahead, whoever sends it`, () => {
      const ahead = change(OWNED, signed(SIGNED_AT_SEC + HOUR_SEC));
      expect(signedAtSec(ahead)).to.equal(SIGNED_AT_SEC + HOUR_SEC);
      for (const authority of [service, owner]) {
        const early = () => change(OWNED, signed(SIGNED_AT_SEC + HOUR_SEC + 1), authority);
        expectError(early, "INVALID_PROFILE", /in the future/);
      }
    });
  }
});
