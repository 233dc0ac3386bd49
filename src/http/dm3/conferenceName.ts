/**
 * POST /profile/nameP, which the reference has for one conference: names made of a visitor's address, under a fixed
 * domain, proven by "Sign-In with Ethereum". Nothing in such a signature says that it is for this, so that any site
 * where somebody has ever signed in could take their name. Here it is always refused.
 */
import type { Request, Response } from "express";

export function conferenceName({ body }: Request, response: Response): void {
  const error = isJson((body as { siweMessage?: unknown } | undefined)?.siweMessage)
    ? "nameP is not served here; choose a name with POST /profile/name"
    : "Could not parse SIWE JSON string";
  response.status(400).json({ error });
}

function isJson(text: unknown): boolean {
  if (typeof text !== "string") return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
