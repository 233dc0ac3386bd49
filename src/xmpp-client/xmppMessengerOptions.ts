/** What an app gives to `createXmppMessenger`. */
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import type { SignpostError } from "../errors.js";
import type { CommonOptions } from "../messenger/commonOptions.js";
import type { KeyValue } from "../sending/keyValue.js";
import type { XmppConnection } from "./connection.js";
import type { OpenNative } from "./openNative.js";

export interface XmppMessengerOptions extends CommonOptions {
  /** The app's own, logged in or not: `xmppClientConnection(client, xml)`. */
  readonly connection: XmppConnection;
  /** The messaging gateway's host: `dm3.chat.example`. */
  readonly gateway: string;
  /** The user's account, without a resource: `bob@chat.example`. */
  readonly address: string;
  /** As the wallet signed it; its `deliveryServices` name the gateway's relay node. */
  readonly profile: SignedUserProfile;
  /** The wallet's address. */
  readonly wallet: string;
  /** The user's ENS name. Default: the one that the gateway gives. */
  readonly name?: string | undefined;
  /**
   * Where unsent messages, what was acknowledged, and how far the archive was read outlast a restart. One for each account. Default:
   * memory.
   */
  readonly store?: KeyValue | undefined;
  /** Whether the messenger sends `<presence/>`, without which servers hand nothing over. Default: true. */
  readonly presence?: boolean | undefined;
  /** How many days back the archive is read for the first time. Default: 30. */
  readonly archiveDays?: number | undefined;
  /** How long an answer of the server or the gateway is waited for, in milliseconds. Default: 30,000. */
  readonly answerMs?: number | undefined;
  /**
   * For an app with XMPP's own end-to-end encryption: what stands inside of such a message (docs/xmpp-client.md). Asked for messages of
   * the gateway's host, and of the user's other devices to the user, alone. Default: nothing is opened.
   */
  readonly openNative?: OpenNative | undefined;
  /**
   * How many characters a message's attachments (data URIs) may have together in its envelope. What is over goes to the user's own relay
   * nodes, sealed. Default: 48,000, which fits into the 100,000 bytes that gateways usually take.
   */
  readonly inlineAttachmentChars?: number | undefined;
  /** Told of a gateway that refuses the link, and of envelopes that cannot be read; everything else goes on. */
  readonly onProblem?: ((problem: XmppProblem) => void) | undefined;
}

export interface XmppProblem {
  readonly error: SignpostError;
  /** The envelope that could not be read, or null where something else is the problem. */
  readonly envelope: string | null;
  /** The address at the gateway that it came from, or null. */
  readonly from: string | null;
}
