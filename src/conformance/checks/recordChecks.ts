/** What ENS says of the relay node, beside the URL that was given. */
import { failed, notApplicable, passed, warning } from "../../doctor/line.js";
import type { RelayNodeOutcome } from "../../lookup/outcome.js";
import type { Check } from "../check.js";

export interface RecordFacts {
  readonly base: string;
  /** Null: nobody gave a name. */
  readonly record: RelayNodeOutcome | null;
}

const WITHOUT_NAME = notApplicable("no ENS name was given (--name)");

const found: Check<RecordFacts> = {
  id: "record",
  examine({ record }) {
    if (record === null) return WITHOUT_NAME;
    if (record.status === "unreachable") {
      return warning(record.sentence, "Ask again when ENS can be read.");
    }
    return record.status === "found"
      ? passed(`${record.name} has a record network.dm3.deliveryService`)
      : failed(
          record.sentence,
          "Publish the record: senders find the relay node, and its keys, by it alone.",
        );
  },
};

const url: Check<RecordFacts> = {
  id: "record-url",
  examine({ record, base }) {
    if (record === null) return WITHOUT_NAME;
    if (record.status !== "found") return notApplicable("there is no record to look at");
    const { profile } = record;
    if (profile.url === base) return passed(`senders are led to ${base}`);
    if (profile.url === `${base}/`) {
      return failed(
        "the record's URL ends with a slash",
        "Publish it without: senders put /rpc behind it, and ask for //rpc.",
      );
    }
    return failed(
      `the record leads senders to ${profile.url}`,
      "Publish this URL, or examine that one.",
    );
  },
};

export const RECORD_CHECKS: readonly Check<RecordFacts>[] = [found, url];
