/** What an API key may do; a closed list. */
export const SCOPES = [
  /** Read names and their histories. */
  "names:read",
  /** Make, change and delete names, their records and relay nodes. */
  "names:write",
  /** Publish and delete profiles. */
  "profiles:write",
  /** Reservations, suspensions, and the API keys themselves. */
  "domain:admin",
] as const;

export type Scope = (typeof SCOPES)[number];
