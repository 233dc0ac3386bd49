/**
 * DM3 inside of XMPP's own end-to-end encryption (OMEMO, XEP-0384; OpenPGP, XEP-0373). The app has those keys, so the app opens it. Who
 * said it is what the server stamped on the outer message: nothing inside can say otherwise.
 */
import { asSignpostError } from "../messenger/defect.js";
import { forwardedIn, type Heard, heardIn } from "./heard.js";
import { addressAtGateway, isOfOwnAccount, type Jids } from "./jid.js";
import type { OpenNative } from "./openNative.js";
import type { XmlElement } from "./xmlElement.js";
import type { XmppProblem } from "./xmppMessengerOptions.js";

export interface NativeParts {
  readonly jids: Jids;
  /** Null: nothing is opened. */
  readonly openNative: OpenNative | null;
  readonly onProblem: (problem: XmppProblem) => void;
}

/** "unknown": that could not be found out now, and the app was told. */
type Inside = Exclude<Heard, { readonly kind: "error" }> | "nothing" | "unknown";

export interface NativeEncryption {
  /** Whether the app has to be asked. Never for what strangers sent. */
  isWanted(message: XmlElement): boolean;
  /** Never rejects. */
  inside(message: XmlElement): Promise<Inside>;
}

export function createNativeEncryption(parts: NativeParts): NativeEncryption {
  const { jids, openNative, onProblem } = parts;
  const isOwn = ({ attrs: { from, to } }: XmlElement) =>
    from !== undefined && isOfOwnAccount(from, jids) && isOfOwnAccount(to, jids);

  return {
    isWanted(message) {
      if (openNative === null || message.name !== "message") return false;
      const { type, from } = message.attrs;
      return type !== "error" && (addressAtGateway(from, jids) !== null || isOwn(message));
    },
    async inside(message) {
      let payload: XmlElement | null;
      try {
        payload = (await openNative?.(message)) ?? null;
      } catch (thrown) {
        const error = asSignpostError(thrown, "A message could not be opened by XMPP's encryption");
        onProblem({ error, envelope: null, from: message.attrs["from"] ?? null });
        return "unknown";
      }
      if (payload === null) return "nothing";
      const opened = { ...message, children: payload.children };
      // another device of the user hands on what it got
      const carrier = isOwn(message) ? forwardedIn(opened) : opened;
      const said = carrier === null ? null : heardIn(carrier, jids);
      return said === null || said.kind === "error" ? "nothing" : said;
    },
  };
}
