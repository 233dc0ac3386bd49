/**
 * Names of domains behind which a service's own data stand: what one of them answers with.
 *
 *   our own row      decides, suspended or not; the source is not asked
 *   the source's row answers, once it was verified like anything published
 *   unless           several rows are the name, another wallet has it here by another spelling, its wallet gave it up, or its
 *                    profile was replaced or deleted before: then the name is absent, and the service is told why
 *
 * A profile is kept before it is served, and the one before it never comes back. A source has to tell what is so now: of several
 * servers that follow one another, let it be one.
 */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { toHex } from "../../abi/hex.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import type { Node } from "../../ens/namehash.js";
import { SignpostError } from "../../errors.js";
import type { DomainSource } from "../domains/domain.js";
import { sharedDm3Form } from "../names/dm3Form.js";
import type { Standing } from "../names/standing.js";
import type { ServedName } from "../names/storedName.js";
import type { TwinnedName } from "../names/twins.js";
import type { FoundRow } from "./gatheredRows.js";
import { isProblem, recordsOfRow, recordsOfVerifiedRow, type RowRecords } from "./recordsOfRow.js";
import type { RememberedRows } from "./rememberedRows.js";
import { rowDigest } from "./rowDigest.js";
import type { UnusableRow } from "./source.js";
import { type SourceProblem, sourceProblem } from "./sourceProblem.js";
import type { ServedProfiles } from "./sourceStore.js";

/** The first two as `RecordSource` has them. */
export interface SourcedNameParts {
  readonly standingOf: (node: Node) => Promise<Standing>;
  readonly ownersOfTwins: (twinned: TwinnedName) => Promise<readonly Address[]>;
  readonly served: ServedProfiles;
  /** Told why a row is answered like an absent one; must be cheap, and must not throw. */
  readonly noteProblem: (source: DomainSource, name: string, problem: SourceProblem) => void;
}

export interface AskedSource extends DomainSource {
  readonly rows: RememberedRows;
}

/** What a name answers with, and whose word that is. */
export type SourcedAnswer =
  | { readonly by: "ownRow" | "source"; readonly served: ServedName }
  | { readonly by: "suspension" | "noRow" | "notBelow"; readonly served: null }
  | { readonly by: "problem"; readonly served: null; readonly problem: SourceProblem };

/** A row that changes again and again while it is read is not served. */
const MOST_ATTEMPTS = 4;

/**
 * @param name in normal form, at or below the source's domain
 * @throws SOURCE_UNAVAILABLE and DATABASE_UNAVAILABLE when it could not be found out
 */
export async function answerOfSource(
  { standingOf, ownersOfTwins, served, noteProblem }: SourcedNameParts,
  { rows, ...source }: AskedSource,
  name: string,
  node: Node,
): Promise<SourcedAnswer> {
  const label = labelBelow(name, source.domain);
  let isReadAgain = false;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    // before the row, so that nobody keeps a profile unseen in between
    const standing = await standingOf(node);
    const { own } = standing;
    if (own === "suspended") return { by: "suspension", served: null };
    if (own) return { by: "ownRow", served: own };
    if (label === null) return { by: "notBelow", served: null };
    const row = attempt === 1 ? await rows.rowOf(label) : await rows.askAgain(label);
    if (row === null) return { by: "noRow", served: null };

    const said = await whatIsSaid(name, row, standing);
    const found = "problem" in said ? said : await kept(said, standing);
    if (found === "changed") continue;
    if (!("problem" in found)) {
      return { by: "source", served: { records: found.records, version: versionOf(found.digest) } };
    }
    // a row that was read before a newer one was kept is no fault of the service
    if (found.problem.kind === "earlierProfile" && !isReadAgain) {
      isReadAgain = true;
      continue;
    }
    noteProblem(source, name, found.problem);
    return { by: "problem", served: null, problem: found.problem };
  }

  /** A new profile is kept before anybody gets it. */
  async function kept(said: Said, { last }: Standing) {
    const { digest, fingerprint } = said;
    if (await isTwinOfAnother(said.wallet)) return { problem: TWIN_OF_OWN_ROW };
    if (fingerprint === null || (last && sameBytes(last.digest, digest))) return said;
    const outcome = await served.keep(node, { digest, fingerprint }, last);
    if (outcome === "retired") return { problem: earlierProfile() };
    return outcome === "kept" ? said : "changed";
  }

  /** Our own rows win, also where a name of theirs is this one to dm3's clients alone. */
  async function isTwinOfAnother(wallet: Address | null): Promise<boolean> {
    const sharedForm = wallet && sharedDm3Form(name);
    if (!wallet || sharedForm === null) return false;
    const owners = await ownersOfTwins({ name, domain: source.domain, sharedForm });
    return owners.some((owner) => !sameBytes(owner, wallet));
  }

  throw new SignpostError(
    "SOURCE_UNAVAILABLE",
    `The row of ${name} changed each time that it was read; ask again.`,
    { source: source.id, domain: source.domain, reason: "a row changed while it was read" },
  );
}

interface Said extends RowRecords {
  readonly digest: Digest;
}

/** Without what only the database can tell: whether a profile that is new to it was retired. */
async function whatIsSaid(
  name: string,
  row: Exclude<FoundRow, null>,
  standing: Standing,
): Promise<Said | { readonly problem: SourceProblem }> {
  if (typeof row === "string") return { problem: unusable(row) };
  if (standing.hasTwins) return { problem: unusable("ambiguous") };
  const digest = rowDigest(name, row);
  const { last } = standing;
  const said =
    last !== null && sameBytes(last.digest, digest)
      ? recordsOfVerifiedRow(row, last.fingerprint)
      : await recordsOfRow(name, row);
  if (isProblem(said)) return { problem: said };
  const { wallet, fingerprint } = said;
  if (wallet && standing.givenUpBy.includes(toHex(wallet))) {
    return {
      problem: sourceProblem(
        "givenUp",
        `The wallet ${checksumAddress(wallet)} gave the name up by a signature; only a request that it signs brings it back.`,
      ),
    };
  }
  const isRetired =
    fingerprint &&
    standing.last &&
    sameBytes(fingerprint, standing.last.fingerprint) &&
    standing.isLastRetired;
  if (isRetired) return { problem: earlierProfile() };
  return { ...said, digest };
}

/** No version of our own rows has this form. */
function versionOf(digest: Digest): string {
  return `row ${toHex(digest)}`;
}

/** The label of a name right below the domain; null for the domain itself, and for names further below. */
function labelBelow(name: string, domain: string): string | null {
  if (!name.endsWith(`.${domain}`)) return null;
  const label = name.slice(0, -domain.length - 1);
  return label.includes(".") ? null : label;
}

function earlierProfile(): SourceProblem {
  return sourceProblem(
    "earlierProfile",
    "The profile was replaced or deleted before, and never comes back; let the user sign a new one.",
  );
}

const SENTENCES: Readonly<Record<UnusableRow, SourceProblem>> = {
  ambiguous: sourceProblem("twins", "Several rows are this name, so that none counts; keep one."),
  tooLarge: sourceProblem("tooLarge", "The row is longer than 16 KiB; shorten its values."),
  malformed: sourceProblem("malformed", "The row is not in the form that was agreed on."),
};

const TWIN_OF_OWN_ROW = sourceProblem(
  "twins",
  "To dm3's clients this name and one that another wallet owns here are one name, and rows of our own count more; choose another name.",
);

function unusable(row: UnusableRow): SourceProblem {
  return SENTENCES[row];
}
