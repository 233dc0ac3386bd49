/** What senders are told before they send. */
import { failed, type Finding, notApplicable, passed, warning } from "../../doctor/line.js";
import type { Check } from "../check.js";
import { isOk, membersOf, told } from "../exchange.js";
import { type PropertiesFacts, sizeLimitIn } from "../facts/propertiesFacts.js";

type Rule = (properties: Readonly<Record<string, unknown>>, facts: PropertiesFacts) => Finding;

/** A check of properties that could be read. */
function propertyCheck(id: string, rule: Rule): Check<PropertiesFacts> {
  return {
    id,
    examine: (facts) =>
      facts.properties === null
        ? notApplicable("there are no properties to look at")
        : rule(facts.properties, facts),
  };
}

const answered: Check<PropertiesFacts> = {
  id: "properties",
  examine: ({ answer, properties }) =>
    properties === null
      ? failed(
          `no properties can be read from the answer: ${told(answer)}`,
          'Answer {"jsonrpc":"2.0","id","result"} with the properties as JSON text in result: without them dm3\'s client sends nothing.',
        )
      : passed("can be read"),
};

const asText = propertyCheck("properties-text", (_properties, { resultIs }) =>
  resultIs === "text"
    ? passed("result is JSON text, as dm3's clients read it")
    : warning(
        "result is an object, as DM3's specification has it",
        "Give it as JSON text: dm3's clients parse it.",
      ),
);

const withBearer: Check<PropertiesFacts> = {
  id: "properties-for-anyone",
  examine: ({ withBearer: answer }) =>
    isOk(answer)
      ? passed("also with a token that does not count")
      : failed(
          `with a token that does not count: ${told(answer)}`,
          "Answer everybody: a failed call makes the sender's client refuse every message to the contact.",
        ),
};

const SHORTEST_ENVELOPE = 6_063;

const sizeLimit = propertyCheck("size-limit", (properties) => {
  const limit = sizeLimitIn(properties);
  if (limit === null) {
    return failed(
      `sizeLimit is ${shown(properties["sizeLimit"])}`,
      "Give the longest envelope that is taken, in bytes, as a number.",
    );
  }
  return limit < SHORTEST_ENVELOPE
    ? failed(
        `sizeLimit is ${limit} bytes, and the shortest envelope has ${SHORTEST_ENVELOPE}`,
        "Raise it: dm3's default is 100000.",
      )
    : passed(`${limit} bytes`);
});

const LONGEST_DAYS = 3_650;

const messageTtl = propertyCheck("message-ttl", ({ messageTTL: days }) => {
  if (days === 0) return passed("messages are kept without an end");
  if (typeof days !== "number" || !Number.isSafeInteger(days) || days < 0) {
    return failed(`messageTTL is ${shown(days)}`, "Give whole days, or 0 for no end.");
  }
  if (days > LONGEST_DAYS) {
    return warning(
      `messageTTL is ${days}, which in days is more than ten years`,
      "Count in days, as DM3 has it, not in seconds or milliseconds.",
    );
  }
  return days < 30
    ? warning(`messages are kept for ${days} days`, "Keep them for 30 days at least, as DM3 asks.")
    : passed(`${days} days`);
});

const notificationChannel = propertyCheck(
  "notification-channel",
  ({ notificationChannel: channels }) =>
    Array.isArray(channels)
      ? passed(`${channels.length} ways to notify`)
      : warning(
          `notificationChannel is ${shown(channels)}`,
          "Give a list, empty where nobody is notified: dm3's client goes through it.",
        ),
);

/** Fields of settings that dm3's server shows to everybody: passwords of mail servers, private keys of web push. */
const SECRET = /pass|secret|private|smtp|credential|apikey|token|vapid/i;
const MOST_FIELDS = 1_000;

const secrets = propertyCheck("properties-secrets", (properties) => {
  const found = fieldsOf(properties).find((field) => SECRET.test(field));
  return found === undefined
    ? passed("nothing that looks like a secret")
    : failed(
        `the properties, which everybody may read, have a field ${found}`,
        "Take it out at once, and change the secret: show nothing of the settings but names of channels.",
      );
});

function fieldsOf(value: unknown, depth = 0): readonly string[] {
  if (typeof value !== "object" || value === null || depth > 8) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  const inner = Object.values(membersOf(value)).flatMap((member) => fieldsOf(member, depth + 1));
  return [...names, ...inner].slice(0, MOST_FIELDS);
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
}

export const PROPERTIES_CHECKS: readonly Check<PropertiesFacts>[] = [
  ...[answered, asText, withBearer],
  ...[sizeLimit, messageTtl, notificationChannel, secrets],
];
