/** What a chain says, when it is asked again about a proof, and when it cannot be asked. */
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { SignpostError } from "../../../src/errors.js";
import { checkContractProof, refusal } from "../../../src/registry/audit/contractProof.js";
import type { HistoryEntry } from "../../../src/registry/history/historyEntry.js";
import type {
  ContractWallets,
  WalletQuestion,
} from "../../../src/registry/signed/contractWallets.js";
import type { HistoryExpected, HistoryInput } from "../../interop/make/histories.js";
import { readVectors } from "../../interop/vectorFiles.js";

const { valid } = await readVectors<HistoryInput, HistoryExpected>("history");
const entryOf = (file: string, index: number) =>
  valid.find(({ rule }) => rule === `valid/${file}.json`)!.input.entries[index]!
    .entry as HistoryEntry;

describe("registry/contractProof", () => {
  const entry = entryOf("by-a-contract-wallet", 1);
  const proof = {
    entry: 2,
    chainId: "31337",
    wallet: "0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a",
    block: "17000000",
  };
  const chain = (ask: ContractWallets["ask"]): ContractWallets => ({
    knows: (chainId) => chainId === 31337n,
    ask,
  });
  const failing = (error: Error) => chain(() => Promise.reject(error));

  it("asks for the wallet that signed, in the state of the block of then", async () => {
    const questions: WalletQuestion[] = [];
    const accepting = chain((question) => {
      questions.push(question);
      return Promise.resolve({ status: "accepted", atBlock: 17_000_000n });
    });
    expect(await checkContractProof(entry, accepting)).to.deep.equal({
      ...proof,
      status: "accepted",
    });
    const [{ wallet, digest, signature, ...rest } = questions[0]!, ...others] = questions;
    expect(others).to.deep.equal([]);
    expect(rest).to.deep.equal({ chainId: 31337n, atBlock: 17_000_000n });
    expect(toHex(wallet)).to.equal(proof.wallet);
    expect(digest).to.have.length(32);
    expect(entry.authority).to.include({ signature: toHex(signature) });
  });

  it("takes a refusal, no contract, and a wrapper that is none, for a signature that never counted", async () => {
    const refusing = (["refused", "absent"] as const).map((status) =>
      chain(() => Promise.resolve({ status })),
    );
    const malformed = failing(new SignpostError("INVALID_REQUEST", "The wrapper is malformed."));
    for (const wallets of [...refusing, malformed]) {
      const checked = await checkContractProof(entry, wallets);
      expect(checked).to.deep.equal({ ...proof, status: "refused" });
    }
    expect(refusal({ ...proof, status: "refused" })).to.deep.equal({
      number: 2,
      reason: `the contract wallet ${proof.wallet} does not accept its signature in the state of block 17000000 of chain 31337`,
    });
  });

  it("takes no outage, and no defect of ours, for a refusal", async () => {
    const down = failing(new SignpostError("UNREACHABLE", "The node did not answer."));
    const checked = await checkContractProof(entry, down);
    expect(checked).to.deep.equal({ ...proof, status: "unreachable" });
    for (const defect of [new SignpostError("INTERNAL", "A defect."), new Error("a defect")]) {
      const thrown: unknown = await checkContractProof(entry, failing(defect)).catch(
        (error: unknown) => error,
      );
      expect(thrown).to.equal(defect);
    }
  });

  it("asks no chain that it does not know, and for nothing that a key signed or nobody", async () => {
    const never = failing(new Error("It was asked."));
    const elsewhere = { ...never, knows: () => false };
    expect(await checkContractProof(entry, elsewhere)).to.deep.equal({
      ...proof,
      status: "notAsked",
    });
    for (const file of ["by-the-owner", "by-a-writer", "by-dm3", "by-service-and-admin"]) {
      expect(await checkContractProof(entryOf(file, 0), never), file).to.equal(null);
    }
  });
});
