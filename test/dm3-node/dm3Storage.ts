/** The storage of dm3's backend, by its steps and with its weaknesses, in memory. For tests alone. */
import { normalizeEnsName } from "@dm3-org/dm3-lib-profile";
import { sha256 } from "@dm3-org/dm3-lib-shared";
import { type RequestHandler, Router } from "express";

interface Conversation {
  readonly account: string;
  contact: string;
  location: string;
  updatedMs: number;
  isHidden: boolean;
}

interface Message {
  readonly id: string;
  readonly account: string;
  readonly conversation: Conversation;
  readonly createdAt: Date;
  contact: string;
  container: string;
  isHalted: boolean;
}

interface Item {
  readonly messageId: string;
  readonly encryptedEnvelopContainer: string;
  readonly createdAt: number;
  readonly isHalted: boolean;
}

export interface Dm3Storage {
  readonly routes: Router;
  readonly messages: Map<string, Message>;
  readonly conversations: Conversation[];
}

export function dm3Storage(authorized: RequestHandler<{ name: string }>): Dm3Storage {
  const messages = new Map<string, Message>();
  const conversations: Conversation[] = [];
  const routes = Router();
  const accountIn = ({ name }: { readonly name: string }) => normalizeEnsName(name);

  const find = (account: string, contact: string) =>
    conversations.find((one) => one.account === account && one.contact === contact);

  function conversationOf(account: string, contact: string): Conversation {
    const known = find(account, contact);
    if (known) return known;
    const made = { account, contact, location: "", updatedMs: Date.now(), isHidden: false };
    conversations.push(made);
    return made;
  }

  /** All or none, as one transaction. */
  function keep(account: string, contact: string, items: readonly Item[]): boolean {
    const conversation = conversationOf(account, contact);
    const named = items.map((item) => ({ ...item, id: sha256(account + item.messageId) }));
    if (named.some(({ id }) => messages.has(id))) return false;
    for (const { id, createdAt, encryptedEnvelopContainer: container, isHalted } of named) {
      const at = new Date(createdAt);
      messages.set(id, {
        ...{ id, account, conversation, createdAt: at, contact, container, isHalted },
      });
    }
    conversation.updatedMs = Date.now();
    return true;
  }

  const newestFirst = (kept: readonly Message[]) =>
    [...kept].sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());

  function pageIn<T>(all: readonly T[], query: Readonly<Record<string, unknown>>, size: number) {
    const pageSize = Number(query["pageSize"]) || size;
    const start = (Number(query["offset"]) || 0) * pageSize;
    return all.slice(start, start + pageSize);
  }

  const at = "/storage/new/:name";
  routes.use(at, authorized as RequestHandler<object>);

  routes.post(`${at}/addConversation`, (request, response) => {
    const { encryptedContactName, encryptedProfileLocation = "" } = request.body as {
      encryptedContactName: string;
      encryptedProfileLocation?: string;
    };
    conversationOf(accountIn(request.params), encryptedContactName).location =
      encryptedProfileLocation;
    response.sendStatus(200);
  });

  routes.get(`${at}/getConversations`, (request, response) => {
    const shown = conversations
      .filter((one) => one.account === accountIn(request.params) && !one.isHidden)
      .sort((one, other) => other.updatedMs - one.updatedMs);
    response.json(
      pageIn(shown, request.query, 10).map((one) => {
        const own = [...messages.values()].filter(({ conversation }) => conversation === one);
        return {
          contact: one.contact,
          previewMessage: newestFirst(own)[0]?.container ?? null,
          updatedAt: new Date(one.updatedMs),
          encryptedProfileLocation: one.location,
        };
      }),
    );
  });

  routes.post(`${at}/toggleHideConversation`, (request, response) => {
    const { encryptedContactName, hide } = request.body as {
      encryptedContactName: string;
      hide: boolean;
    };
    const known = find(accountIn(request.params), encryptedContactName);
    if (known) known.isHidden = hide;
    response.sendStatus(200);
  });

  routes.post(`${at}/addMessage`, (request, response) => {
    const { encryptedContactName, ...item } = request.body as Item & {
      encryptedContactName: string;
    };
    if (keep(accountIn(request.params), encryptedContactName, [item])) response.sendStatus(200);
    else response.status(400).send("unable to add message");
  });

  routes.post(`${at}/addMessageBatch`, (request, response) => {
    const { encryptedContactName, messageBatch } = request.body as {
      encryptedContactName: string;
      messageBatch: readonly Item[];
    };
    keep(accountIn(request.params), encryptedContactName, messageBatch);
    response.sendStatus(200);
  });

  routes.post(`${at}/editMessageBatch`, (request, response) => {
    const { encryptedContactName, editMessageBatchPayload } = request.body as {
      encryptedContactName: string;
      editMessageBatchPayload: readonly Item[];
    };
    const account = accountIn(request.params);
    for (const item of editMessageBatchPayload) {
      const known = messages.get(sha256(account + item.messageId));
      if (known) known.container = item.encryptedEnvelopContainer;
      else keep(account, encryptedContactName, [{ ...item, createdAt: Date.now() }]);
    }
    response.sendStatus(200);
  });

  routes.get(`${at}/getMessages/:contact`, (request, response) => {
    const account = accountIn(request.params);
    const { contact } = request.params;
    const own = [...messages.values()].filter(
      (one) => one.account === account && one.contact === contact,
    );
    const page = find(account, contact) ? pageIn(newestFirst(own), request.query, 100) : [];
    response.json(
      page.map(({ id, createdAt, container, isHalted }) =>
        JSON.stringify({
          ...{ id, createdAt, encryptedEnvelopContainer: container },
          ...{ encryptedContactName: contact, ownerId: account, isHalted },
        }),
      ),
    );
  });

  routes.get(`${at}/getHaltedMessages`, (request, response) => {
    const account = accountIn(request.params);
    const own = [...messages.values()].filter((one) => one.account === account && one.isHalted);
    response.json(
      own.map(({ id, container, createdAt, isHalted }) => ({
        ...{ messageId: id, encryptedEnvelopContainer: container, createdAt, isHalted },
      })),
    );
  });

  routes.post(`${at}/clearHaltedMessage`, (request, response) => {
    const { messageId, aliasName } = request.body as { messageId: string; aliasName: string };
    const known = messages.get(messageId);
    if (known?.account !== accountIn(request.params)) {
      return void response.status(400).send("unable to clear halted message");
    }
    known.isHalted = false;
    known.contact = aliasName;
    known.conversation.contact = aliasName;
    response.sendStatus(200);
  });

  return { routes, messages, conversations };
}
