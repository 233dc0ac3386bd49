/** How much is taken from whom. Domains and networks count, since addresses cost nothing. */
import { isIPv6 } from "node:net";
import type { NativeAddress } from "../messaging/address/nativeAddress.js";
import type { Counter } from "../relay/senderLimits.js";
import { tooMuch } from "./smtpReply.js";

export interface InboundBounds {
  /** A minute: each is a lookup of a name. */
  readonly recipientsOfNetwork: number;
  /** An hour. */
  readonly mailsOfDomain: number;
  readonly mailsOfNetwork: number;
  /** A day: people that were not known here before. */
  readonly newPeopleOfDomain: number;
  readonly newPeopleOfNetwork: number;
}

export const USUAL_INBOUND: InboundBounds = {
  recipientsOfNetwork: 600,
  mailsOfDomain: 6_000,
  mailsOfNetwork: 6_000,
  newPeopleOfDomain: 500,
  newPeopleOfNetwork: 500,
};

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Each throws SmtpRefusal where it is too much. */
export interface InboundLimits {
  readonly recipient: (ip: string) => void;
  /** Of a mail whose author is proven: others cannot use up what a domain may send. */
  readonly mail: (from: NativeAddress, ip: string) => void;
  readonly newPerson: (from: NativeAddress, ip: string) => void;
}

export function inboundLimits(counter: Counter, bounds: InboundBounds): InboundLimits {
  const take = (bucket: string, limit: number, periodSec: number) => {
    if (counter.take(bucket, limit, periodSec, 1) !== null) throw tooMuch();
  };
  return {
    recipient: (ip) => {
      take(`mail recipients ${networkOf(ip)}`, bounds.recipientsOfNetwork, MINUTE);
    },
    mail: ({ domain }, ip) => {
      take(`mail of ${domain}`, bounds.mailsOfDomain, HOUR);
      take(`mail from ${networkOf(ip)}`, bounds.mailsOfNetwork, HOUR);
    },
    newPerson: ({ domain }, ip) => {
      take(`mail new of ${domain}`, bounds.newPeopleOfDomain, DAY);
      take(`mail new from ${networkOf(ip)}`, bounds.newPeopleOfNetwork, DAY);
    },
  };
}

/** What one customer of a provider has: a /24 of IPv4, a /48 of IPv6. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip.split(".").slice(0, 3).join(".");
  // in the one form that URL gives: groups without leading zeros, the longest run of zeros as "::"
  const [before = "", after] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const left = before === "" ? [] : before.split(":");
  const right = after === undefined || after === "" ? [] : after.split(":");
  const zeros = after === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: zeros }, () => "0"), ...right].slice(0, 3).join(":");
}
