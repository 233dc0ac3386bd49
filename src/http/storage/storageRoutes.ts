/**
 * The HTTP API of dm3's backend, in which its clients keep their conversations: its table of contents. docs/storage.md lists where
 * it differs from the reference, and what there is beside it.
 */
import { Router } from "express";
import type { SessionParts } from "../../accounts/session.js";
import type { Pause } from "../../registry/changes/clock.js";
import type { StorageBounds } from "../../storage/bounds.js";
import type {
  ConversationStore,
  FeedStore,
  MessageStore,
  StorageAccount,
  StorageAccountStore,
} from "../../storage/store.js";
import { addAccountRoutes } from "../accounts/accountRoutes.js";
import type { Door } from "../accounts/door.js";
import { type RequestResult, routingOn } from "../accounts/routing.js";
import type { Tokens } from "../accounts/tokens.js";
import type { RateLimits } from "../fairness/rateLimits.js";
import type { ReportFailure } from "../refuse.js";
import { addAccountDataRoutes } from "./accountDataRoutes.js";
import { addConversationRoutes } from "./conversationRoutes.js";
import { addDeletionRoutes } from "./deletionRoutes.js";
import { addFeedRoutes } from "./feedRoutes.js";
import { addHaltedRoutes } from "./haltedRoutes.js";
import { addMessageListRoutes } from "./messageListRoutes.js";
import { addMessageRoutes } from "./messageRoutes.js";
import { ownerRoutes } from "./ownerRoutes.js";
import { SHOWING_ACCOUNT } from "./routeTexts.js";

export interface StorageRouteParts extends SessionParts<StorageAccount> {
  readonly accounts: StorageAccountStore;
  /** The same as they were a moment ago, for whatever sees that they are still so. */
  readonly remembered: Pick<StorageAccountStore, "accountOf">;
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
  readonly feed: FeedStore;
  readonly bounds: StorageBounds;
  /** Of every account; null: for ever, where its user says nothing. */
  readonly retentionDays: number | null;
  readonly tokens: Tokens;
  readonly door: Door;
  /** Awaited between pieces of long work. */
  readonly pause: Pause;
  /** What accounts write, by their addresses. */
  readonly writes: RateLimits;
  readonly onWritten: (written: { readonly messages: number }) => void;
  readonly reportFailure: ReportFailure;
  readonly onEnd: (result: RequestResult) => void;
}

/** Below the path of `backendUrl`, as dm3's client has it in its configuration. */
export function storageRoutes(parts: StorageRouteParts): Router {
  const router = Router();
  const routing = routingOn(router, parts);
  addAccountRoutes(routing, { ...parts, showing: SHOWING_ACCOUNT });
  const routes = ownerRoutes(routing, parts);
  addConversationRoutes(routes, parts);
  addMessageRoutes(routes, parts);
  addMessageListRoutes(routes, parts);
  addHaltedRoutes(routes, parts);
  addDeletionRoutes(routes, parts);
  addFeedRoutes(routes, parts);
  addAccountDataRoutes(routes, parts);
  return router;
}
