/** A mirror that was promoted, for people. */
import type { Promoted } from "../../../../mirror/cutOff.js";
import { behindText } from "./mirrorText.js";

/** @param to as the promotion was given it */
export function linesOfPromoted(
  { mirror, isByAnother }: Promoted,
  to: string | null,
): readonly string[] {
  const { domain, primary, problems } = mirror;
  if (isByAnother) {
    return [
      `${domain} is changed here from now on: another run of this command came to its end first. Nothing is to be unfrozen.`,
    ];
  }
  return [
    `${domain} is changed here from now on.`,
    ...(to === null
      ? [
          `  The old primary ${primary.url} was not asked: ${behindText(mirror, Date.now())} when it was promoted.`,
          `  Before it comes back, freeze it there: signpost domain freeze ${domain} --to <this service>`,
        ]
      : [`  The old primary ${primary.url} is frozen, and sends writers to ${to}`]),
    ...(problems > 0 ? [`  ${problems} names were left behind as they were here`] : []),
  ];
}
