/** What the ids of an account's messages are made of: how it is called by the first request that needs it. */
import type { Request } from "express";
import { nameForIds } from "../../storage/messageId.js";
import type { StorageAccountStore } from "../../storage/store.js";
import { nameOf } from "../accounts/routing.js";
import type { StorageSession } from "./ownerRoutes.js";

/** Throws NO_ACCOUNT. */
export async function nameOfIds(
  accounts: Pick<StorageAccountStore, "nameOfIds">,
  { account }: StorageSession,
  request: Request,
): Promise<string> {
  return account.idName ?? accounts.nameOfIds(account.number, nameForIds(nameOf(request)));
}
