/** What OffchainResolver should do with each call of its administration, said once more in TypeScript. */
import { ethers } from "./deployment.js";

export interface Settings {
  owner: string;
  pendingOwner: string;
  readonly signers: Set<string>;
  urls: string[];
  maxValiditySec: bigint;
  metadataUrls: string[];
  operationUrl: string;
}

/** One call, and what it does: the error that it reverts with, or the change that it makes. */
export interface AdministrationCall {
  readonly name: string;
  readonly values: readonly unknown[];
  readonly refusal: string | null;
  readonly change: () => void;
}

/** Draws a number below `below`. */
export type Random = (below: number) => number;

const ZERO = ethers.ZeroAddress;
const SIGNERS = ["11", "22", "33", "44"].map((byte) =>
  ethers.computeAddress(`0x${byte.repeat(32)}`),
);
const SECONDS = [0n, 59n, 60n, 61n, 900n, 86_399n, 86_400n, 86_401n, 2n ** 64n - 1n];
const URLS: readonly { readonly given: string; readonly refusal: string | null }[] = [
  { given: "https://a.example/", refusal: null },
  { given: "http://localhost:1/", refusal: null },
  { given: "https://b.example/{resolver}/{data}", refusal: null },
  { given: "http://b.example/", refusal: "InsecureUrl" },
  { given: "", refusal: "InvalidUrlLength" },
  { given: "https://{resolver}{resolver}", refusal: "RepeatedPlaceholder" },
];

/** A call by `caller` to the resolver at `resolver`, drawn from all that an administrator could make. */
export function drawCall(
  random: Random,
  { resolver, caller, accounts }: { resolver: string; caller: string; accounts: readonly string[] },
  settings: Settings,
): AdministrationCall {
  const pick = <T>(among: readonly T[]): T => among[random(among.length)]!;
  const stored = (url: string) => url.replace("{resolver}", resolver.toLowerCase());
  const byOwner = (refusal: string | null) =>
    caller === settings.owner ? refusal : "OwnableUnauthorizedAccount";
  const drawUrls = () => {
    // mostly good ones: a list is refused for its first bad URL
    const drawn = Array.from({ length: random(10) }, () =>
      random(8) > 0 ? URLS[random(3)]! : pick(URLS),
    );
    const refusal = drawn.find((url) => url.refusal !== null)?.refusal ?? null;
    const given = drawn.map((url) => url.given);
    return { given, stored: given.map(stored), refusal };
  };
  const signer = pick([ZERO, ...SIGNERS]);
  const isSigner = settings.signers.has(signer);

  const draws: (() => AdministrationCall)[] = [
    () => ({
      name: "addSigner",
      values: [signer],
      refusal: byOwner(signer === ZERO ? "ZeroSigner" : isSigner ? "DuplicateSigner" : null),
      change: () => settings.signers.add(signer),
    }),
    () => ({
      name: "removeSigner",
      values: [signer],
      refusal: byOwner(
        !isSigner ? "UnknownSigner" : settings.signers.size === 1 ? "LastSigner" : null,
      ),
      change: () => settings.signers.delete(signer),
    }),
    () => {
      const urls = drawUrls();
      const count = urls.given.length;
      return {
        name: "setUrls",
        values: [urls.given],
        refusal: byOwner(count === 0 || count > 8 ? "InvalidUrlCount" : urls.refusal),
        change: () => (settings.urls = urls.stored),
      };
    },
    () => {
      const urls = drawUrls();
      return {
        name: "setMetadataUrls",
        values: [urls.given],
        refusal: byOwner(urls.given.length > 8 ? "InvalidUrlCount" : urls.refusal),
        change: () => (settings.metadataUrls = urls.stored),
      };
    },
    () => {
      const { given, refusal } = pick(URLS);
      return {
        name: "setOperationUrl",
        values: [given],
        refusal: byOwner(given === "" ? null : refusal),
        change: () => (settings.operationUrl = stored(given)),
      };
    },
    () => {
      const seconds = pick(SECONDS);
      return {
        name: "setMaxValidity",
        values: [seconds],
        refusal: byOwner(seconds < 60n || seconds > 86_400n ? "InvalidMaxValidity" : null),
        change: () => (settings.maxValiditySec = seconds),
      };
    },
    () => {
      const next = pick([ZERO, ...accounts]);
      return {
        name: "transferOwnership",
        values: [next],
        refusal: byOwner(null),
        change: () => (settings.pendingOwner = next),
      };
    },
    () => ({
      name: "acceptOwnership",
      values: [],
      refusal: caller === settings.pendingOwner ? null : "OwnableUnauthorizedAccount",
      change: () => {
        settings.owner = caller;
        settings.pendingOwner = ZERO;
      },
    }),
    () => ({
      name: "renounceOwnership",
      values: [],
      refusal: "OwnershipNotRenounceable",
      change: () => undefined,
    }),
  ];
  return pick(draws)();
}
