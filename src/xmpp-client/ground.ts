/** What both halves of a messenger stand on: whose it is, where it keeps things, whom it asks. */
import { toHex } from "../abi/hex.js";
import { resolvableName, resolvableNormalName } from "../ens/resolvableName.js";
import type { SignpostError } from "../errors.js";
import type { Fetcher } from "../fetch/fetcher.js";
import { resolveSettings } from "../lookup/resolveOptions.js";
import { profileOutcome } from "../lookup/resolveProfile.js";
import { assertOpened, lookupOptions } from "../messenger/commonOptions.js";
import { createContacts } from "../messenger/contacts.js";
import { asSignpostError } from "../messenger/defect.js";
import { memoryKeyValue } from "../sending/keyValue.js";
import { createAccount } from "./account.js";
import { jidsOf } from "./jid.js";
import { prefixed } from "./prefixed.js";
import { createQuestions, sent } from "./questions.js";
import type { XmlElement } from "./xmlElement.js";
import type { XmppMessengerOptions } from "./xmppMessengerOptions.js";

/** Shorter than what stays open is left alone at first (arrivals.ts). */
const LOOKUP_FAILED_MS = 3_000;
const DEFAULT_ANSWER_MS = 30_000;
const CHANCE_RANGE = 2 ** 32;
const NOTHING = (): void => undefined;

export type Ground = ReturnType<typeof groundOf>;

/** Asks nobody anything yet. Throws INVALID_REQUEST and INVALID_NAME for wrong options. */
export function groundOf(
  options: XmppMessengerOptions,
  { fetcher }: { readonly fetcher: Fetcher },
) {
  const { connection, keys, profile, wallet, onProblem = NOTHING } = options;
  const { answerMs = DEFAULT_ANSWER_MS } = options;
  assertOpened(keys);
  const jids = jidsOf(options.address, options.gateway);
  const name = options.name === undefined ? null : resolvableNormalName(options.name);
  const settings = resolveSettings({ ...lookupOptions(options), fetcher });
  const nowMs = () => Date.now();
  const chance = () => new DataView(keys.engine.entropy(4).buffer).getUint32(0) / CHANCE_RANGE;
  const freshId = () => `dm3-${toHex(keys.engine.entropy(12)).slice(2)}`;
  const store = prefixed(options.store ?? memoryKeyValue(), `xmpp/${jids.gateway}/`);

  const lookUp = (text: string, relayNodes: "all" | "none") =>
    profileOutcome(resolvableName(text), { ...settings, relayNodes });
  const profileOf = (text: string) => lookUp(text, "all");
  const contacts = createContacts((text) => lookUp(text, "none"), nowMs, LOOKUP_FAILED_MS);

  const told = (error: SignpostError) => {
    onProblem({ error, envelope: null, from: null });
  };
  const onDefect = (thrown: unknown) => {
    told(asSignpostError(thrown, "A message could not be worked on"));
  };
  const send = (stanza: XmlElement) => sent(connection, stanza);
  /** What is not heard is said again: the gateway repeats itself. */
  const sayOnce = (stanza: XmlElement) => send(stanza).catch(NOTHING);

  const questions = createQuestions({ connection, jids, answerMs, freshId });
  const account = createAccount({ questions, jids, keys, profile, wallet, store, nowMs, name });
  return {
    ...{ connection, jids, keys, store, answerMs, questions, account },
    ...{ nowMs, chance, freshId, profileOf, contacts },
    ...{ onProblem, told, onDefect, send, sayOnce },
    access: { fetcher, timeoutMs: settings.timeoutMs },
  };
}
