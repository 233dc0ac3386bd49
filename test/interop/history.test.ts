/** test/vectors/history, followed and compared as `signpost history verify` does. */
import { expect } from "chai";
import { digestFrom } from "../../src/abi/digest.js";
import { fromHex, type Hex } from "../../src/abi/hex.js";
import { namehash } from "../../src/ens/namehash.js";
import { verifyHistory } from "../../src/registry/audit/verifyHistory.js";
import type { HistoryEntry } from "../../src/registry/history/historyEntry.js";
import { type NameState, stateDigest, storedOf } from "../../src/registry/names/nameState.js";
import type { HistoryExpected, HistoryInput, HistoryRefusal } from "./make/histories.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<HistoryInput, HistoryExpected, HistoryRefusal>(
  "history",
);

/** A database that has of the name what the vector says. */
function verdictOn({ name, entries, stored }: HistoryInput) {
  const { end, signatureState, retired } = stored;
  const state = stored.state as NameState | null;
  const sealed = entries.map(({ entry, hash }) => ({
    entry: entry as HistoryEntry,
    hash: digestFrom(fromHex(hash)),
    storedAs: (entry as HistoryEntry).number,
  }));
  const ownerChain = signatureState.ownerChain === null ? null : BigInt(signatureState.ownerChain);
  return verifyHistory(
    {
      nameOf: () => Promise.resolve(state && { ...storedOf(state), version: 1n, sequence: 0 }),
      historyEndOf: () =>
        Promise.resolve(
          end && {
            number: end.number,
            hash: digestFrom(fromHex(end.hash)),
            after: stateDigest(state),
            version: null,
          },
        ),
      signatureStateOf: () =>
        Promise.resolve({
          ...signatureState,
          ownerChain,
          givenUpBy: signatureState.givenUpBy as readonly Hex[],
        }),
      retiredUnder: () => Promise.resolve(retired.map((hex) => digestFrom(fromHex(hex)))),
      historyOf: (_node, after, limit) => Promise.resolve(sealed.slice(after, after + limit)),
    },
    namehash(name),
  );
}

describe("vectors: history", () => {
  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const { contractProofs, ...verdict } = await verdictOn(input);
      expect(verdict).to.deep.equal({
        name: input.name,
        entries: expected.entries,
        broken: null,
        foundLater: expected.foundLater,
      });
      expect(contractProofs.map(({ entry }) => entry)).to.deep.equal(expected.contractProofs);
    });
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, async () => {
      const { broken } = await verdictOn(input);
      expect(broken).to.deep.equal({ number: error.entry, reason: error.reason });
    });
  }
});
