/** Many names in one request: all or nothing, or each by itself, as asked. */
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { Change, Outcome } from "../../registry/changes/change.js";
import { changeEach, changeTogether, refuseItem } from "../../registry/changes/changeName.js";
import type { Pause } from "../../registry/changes/clock.js";
import type { ApiKey } from "../../registry/domains/apiKey.js";
import { batchResultsSchema } from "../../wire/batch.js";
import {
  batchSchema,
  deletionSchema,
  documentedBatchSchema,
  writeSchema,
} from "../../wire/batchInput.js";
import { nameInputSchema } from "../../wire/nameInput.js";
import type { OutcomeAnswer } from "../../wire/outcome.js";
import { parseInput } from "../../wire/parseInput.js";
import { actionsOf } from "./nameInput.js";
import { describeOutcome } from "./outcome.js";
import { PROFILE_REFUSALS } from "./refusals.js";
import { keyed } from "./route.js";

export const batchRoutes = [
  keyed({
    method: "post",
    path: "/batches",
    scope: "names:write",
    summary: "Write or delete up to 10,000 names: all or nothing (atomic), or each by itself",
    body: {
      schema: batchSchema,
      documented: documentedBatchSchema,
      mostBytes: 16 * 1024 * 1024,
    },
    answers: { 200: batchResultsSchema },
    refusals: [
      "INVALID_NAME",
      "NAME_SUSPENDED",
      "DOMAIN_FROZEN",
      "HELD_BY_OWNER",
      ...PROFILE_REFUSALS,
    ],
    run: async ({ registry, nowMs, shares, key, body, response, countChanges }) => {
      const { atomic, items } = body;
      await countChanges(items.length - 1); // the request itself was counted as one
      const { pause } = shares;
      const changes = await readItems(items, key, atomic, pause);
      const possible = changes.flatMap((one) => (one.change ? [one.change] : []));
      const written = atomic
        ? await changeTogether(registry, possible, nowMs, pause)
        : await changeEach(registry, possible, nowMs, pause);
      const results = written[Symbol.iterator]();
      response.json({
        items: changes.map(({ name, change, refusal }) => {
          const result = change ? results.next().value : refusal;
          if (result === undefined) throw noResult();
          return result instanceof SignpostError
            ? { name, error: describeError(result) }
            : describeItem(name ?? "", result);
        }),
      });
    },
  }),
];

/** Without the version, which a batch of many would tell for nothing. */
function describeItem(of: string, result: Outcome): OutcomeAnswer {
  const { name, outcome, warning } = describeOutcome(of, result);
  return { name, outcome, ...(warning !== undefined && { warning }) };
}

interface Item {
  /** Null where the item does not even have one. */
  readonly name: string | null;
  readonly change?: Change;
  readonly refusal?: SignpostError;
}

/** Throws the first refusal when the batch is atomic; otherwise each stands at its item. */
async function readItems(
  items: readonly unknown[],
  key: ApiKey,
  atomic: boolean,
  pause: Pause,
): Promise<readonly Item[]> {
  const seen = new Set<string>();
  const read: Item[] = [];
  for (const [index, given] of items.entries()) {
    // to verify one profile takes up to a millisecond
    await pause();
    const name = nameOfItem(given);
    try {
      read.push({ name, change: await changeOf(given, index, key, seen) });
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      if (atomic) refuseItem(error, index);
      read.push({ name, refusal: error });
    }
  }
  return read;
}

async function changeOf(
  given: unknown,
  index: number,
  key: ApiKey,
  seen: Set<string>,
): Promise<Change> {
  const isDeletion = typeof given === "object" && given !== null && "delete" in given;
  const item = isDeletion
    ? parseInput(deletionSchema, `Item ${index}`, given)
    : parseInput(writeSchema, `Item ${index}`, given);
  const { name, ...input } = item;
  if (seen.has(name)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The name ${name} stands twice in the batch, and the order would not be kept; write each name once.`,
      { name },
    );
  }
  seen.add(name);
  return {
    domain: key.domain,
    name,
    actions:
      "delete" in input
        ? [{ kind: "delete" }]
        : await actionsOf(name, parseInput(nameInputSchema, `Item ${index}`, input), key),
    authority: { kind: "service", keyId: key.id },
  };
}

function nameOfItem(given: unknown): string | null {
  const name: unknown =
    typeof given === "object" && given !== null && "name" in given && given.name;
  return typeof name === "string" ? name.slice(0, LONGEST_NAME) : null;
}

function describeError({ code, message, details }: SignpostError) {
  return { code, message, details };
}

function noResult(): SignpostError {
  return new SignpostError("INTERNAL", "A batch item has no result; please report it.");
}
