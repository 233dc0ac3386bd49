/**
 * Envelope senders of our own mail: one for each message, so that a report names the message by its recipient. Names of DM3 users have
 * no "+" in their local parts, so none of them is such an address.
 */
const PREFIX = "r+";
const TOKEN = /^[a-z0-9]{16,60}$/;

/** Local part of at most 64 octets. The token cannot be guessed, so that nobody else can write reports about the message. */
export function reportLocalPart(token: string): string {
  if (!TOKEN.test(token)) throw new TypeError("a token has 16 to 60 lower-case letters and digits");
  return `${PREFIX}${token}`;
}

/** Null for other addresses. */
export function tokenOfLocalPart(localPart: string): string | null {
  const lower = localPart.toLowerCase();
  const token = lower.slice(PREFIX.length);
  return lower.startsWith(PREFIX) && TOKEN.test(token) ? token : null;
}
