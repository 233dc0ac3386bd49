import { expect } from "chai";
import { deriveProfileKeys, publicKeyFields } from "../../../src/dm3/keys/keys.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { checksumAddress } from "../../../src/ens/address.js";
import { COIN_TYPE_ETH } from "../../../src/ens/coinType.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import type { Action } from "../../../src/registry/names/action.js";
import { effectOf } from "../../../src/registry/names/applyAction.js";
import { emptyName, type StoredName } from "../../../src/registry/names/storedName.js";
import {
  certificateAction,
  networkAction,
  relayNodeAction,
} from "../../../src/registry/names/verifiedActions.js";
import { bytes } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";
import { FIRST_POLICY } from "../firstPolicy.js";
import { NODE_PROFILE, provenNode, signedCertificate, signedNetwork } from "../signedStatements.js";

const DOMAIN = normalizeName("users.example.eth");
const NAME = normalizeName(`carol.${DOMAIN}`);
const ALICE = bytes(20, 0xa1);
const OWNER = checksumAddress(ALICE);
const KEYS = deriveProfileKeys(new Uint8Array(32).fill(72));
const NODE = "network.dm3.deliveryService";
const PROOF = `${NODE}.proof`;
const NETWORK = "network.dm3.network";
const CERTIFICATE = "network.dm3.certificate.openpgp";

const UNOWNED = emptyName(namehash(NAME), NAME, DOMAIN);
const OWNED: StoredName = { ...UNOWNED, addresses: new Map([[COIN_TYPE_ETH, ALICE]]) };

/** What becomes of a name. */
function after(current: StoredName, ...actions: readonly Action[]): StoredName {
  const situation = {
    ...{
      node: current.node,
      name: NAME,
      domain: {
        name: DOMAIN,
        owner: null,
        policy: FIRST_POLICY,
        ownerSignsIn: false,
        frozen: null,
      },
    },
    ...{ isRetired: false, nowMs: 0 },
  };
  return actions.reduce(
    (name, action) => effectOf({ ...situation, current: name }, action, "service")!,
    current,
  );
}

const keysOf = ({ texts }: StoredName) => [...texts.keys()].sort();

function publish(keys = KEYS, relayNode = "relay.example.eth", address = ALICE): Action {
  const profile = { ...publicKeyFields(keys), deliveryServices: [relayNode] };
  return {
    ...{ kind: "publishProfile", address },
    record: encodeProfileRecord({ profile, signature: `0x${"11".repeat(65)}` }),
    fingerprint: bytes(32, relayNode.length),
  };
}

describe("registry/names/statements", () => {
  const node = (owner: string | null = OWNER) => relayNodeAction(NAME, provenNode(NAME, owner));
  const network = (owner: string | null = OWNER) => networkAction(NAME, signedNetwork(NAME, owner));
  const certificate = certificateAction(NAME, signedCertificate(NAME, KEYS));

  it("registers a relay node with its proof, for its owner or for its service", () => {
    expect(keysOf(after(OWNED, node()))).to.deep.equal([NODE, PROOF]);
    expect(keysOf(after(UNOWNED, node(null)))).to.deep.equal([NODE, PROOF]);
  });

  it("takes a node without a proof, which is none of the former profile either", () => {
    expect(keysOf(after(OWNED, node(), relayNodeAction(NAME, NODE_PROFILE)))).to.deep.equal([NODE]);
  });

  for (const [what, statement] of [
    ["a proof", node],
    ["a network record", network],
  ] as const) {
    it(`refuses ${what} for another owner of the name`, () => {
      for (const [name, owner] of [
        [OWNED, null],
        [UNOWNED, OWNER],
        [OWNED, checksumAddress(bytes(20, 0xb0))],
      ] as const) {
        expectError(
          () => after(name, statement(owner)),
          "WRONG_SIGNER",
          /signed for .* as owned by/,
        );
      }
    });
  }

  it("refuses statements for another name before it looks at the name", () => {
    const other = `dave.${DOMAIN}`;
    for (const make of [
      () => relayNodeAction(NAME, provenNode(other, OWNER)),
      () => networkAction(NAME, signedNetwork(other, OWNER)),
      () => certificateAction(NAME, signedCertificate(other)),
    ]) {
      expectError(make, "WRONG_SIGNER", /carol/);
    }
  });

  it("loses what was signed for the former owner when the name gets one, moves or is deleted", () => {
    const served = after(UNOWNED, node(null), network(null));
    expect(keysOf(after(served, publish()))).to.deep.equal([NODE, "network.dm3.profile"]);
    expect(keysOf(after(served, { kind: "claim", owner: ALICE }))).to.deep.equal([NODE]);
    const own = after(OWNED, publish(), node(), network(), certificate);
    expect(own.texts).to.have.property("size", 5);
    expect(keysOf(after(own, { kind: "move", to: bytes(20, 0xb0) }))).to.deep.equal([]);
  });

  it("keeps everything when its owner publishes again with the same keys, or the service writes records", () => {
    const own = after(OWNED, publish(), node(), network(), certificate);
    expect(keysOf(after(own, publish(KEYS, "relay2.example.eth")))).to.deep.equal(keysOf(own));
    const records: Action = { kind: "setRecords", records: { texts: new Map([["url", "u"]]) } };
    expect(keysOf(after(own, records))).to.deep.equal([...keysOf(own), "url"]);
  });

  it("loses a certificate with the signing key that signed it, and with the profile", () => {
    const own = after(OWNED, publish(), node(), certificate);
    expect(own.texts.has(CERTIFICATE)).to.equal(true);
    const newKeys = deriveProfileKeys(new Uint8Array(32).fill(73));
    const renewed = after(own, publish(newKeys, "relay2.example.eth"));
    expect(keysOf(renewed)).to.deep.equal([NODE, PROOF, "network.dm3.profile"]);
    expect(keysOf(after(own, { kind: "deleteProfile" }))).to.deep.equal([NODE, PROOF]);
  });

  it("refuses a certificate by another key than the published profile's, and without a profile", () => {
    const foreign = certificateAction(NAME, signedCertificate(NAME));
    for (const act of [() => after(OWNED, certificate), () => after(OWNED, publish(), foreign)]) {
      expectError(act, "WRONG_SIGNER", /Publish the profile first/);
    }
  });

  it("takes each away again, once", () => {
    const own = after(OWNED, publish(), node(), network(), certificate);
    const removals: readonly Action[] = [
      { kind: "removeRelayNode" },
      { kind: "removeNetwork" },
      { kind: "removeCertificate", scheme: "openpgp" },
    ];
    expect(keysOf(after(own, ...removals))).to.deep.equal(["network.dm3.profile"]);
    expect(own.texts.has(NETWORK)).to.equal(true);
    for (const removal of removals) {
      expectError(() => after(OWNED, removal), "NOT_FOUND", /carol/);
    }
  });
});
